import EventStore
import PaymentCore
import Testing

@testable import Terima

/// What may be asked of backups, purges and erasures; everything else is refused before anything happens.
@Suite struct MaintenanceDocumentTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func backups() throws {
        #expect(try BackupDocument(bytes(#"{"file":"/a/b.db"}"#)).target == .file("/a/b.db"))
        #expect(try BackupDocument(bytes(#"{"directory":"/a","keep":3}"#)).target == .directory("/a", keep: 3))
        #expect(try BackupDocument(bytes(#"{"directory":"/a","file":null}"#)).target == .directory("/a", keep: 14))
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"file":"b.db"}"#, #"{"file":""}"#, #"{"file":"/a","directory":"/b"}"#, #"{"file":"/a","keep":3}"#, #"{"directory":"/a","keep":0}"#,
        #"{"directory":"/a","keep":"3"}"#, #"{"file":"/a\u0000b"}"#, #"{"file":"/a","force":true}"#, #"{"file":"/a","file":"/b"}"#,
    ]) func noBackup(text: String) { #expect(throws: Problem.self) { try BackupDocument(bytes(text)) } }

    @Test func purges() throws {
        #expect(try PurgeDocument(bytes("{}")).olderThanMilliseconds == nil)
        let document = try PurgeDocument(bytes(#"{"olderThan":"30d","dryRun":true}"#))
        #expect(document.olderThanMilliseconds == 30 * 86_400_000 && document.dryRun)
    }

    @Test(arguments: [
        "", "[]", #"{"olderThan":30}"#, #"{"olderThan":"soon"}"#, #"{"olderThan":"-1d"}"#, #"{"olderThan":"99999d"}"#, #"{"dryRun":"yes"}"#, #"{"all":true}"#,
    ])
    func noPurge(text: String) { #expect(throws: Problem.self) { try PurgeDocument(bytes(text)) } }

    @Test func erasures() throws {
        #expect(try EraseDocument(bytes(#"{"charge":"charge_1"}"#)).selection == .subject("charge_1"))
        let document = try EraseDocument(bytes(#"{"consumer":"ayu@example.com","who":"budi","reason":"","dryRun":true}"#))
        #expect(document.selection == .consumer("ayu@example.com"))
        #expect(document.who == "budi" && document.reason == "" && document.dryRun)
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"charge":""}"#, #"{"charge":"c","consumer":"a@b"}"#, #"{"consumer":"ayu"}"#, #"{"consumer":"@example.com"}"#,
        #"{"consumer":"ayu@"}"#,
        #"{"consumer":"a@b@c"}"#, #"{"consumer":"ayu @example.com"}"#, #"{"charge":1}"#, #"{"everything":true}"#,
    ]) func noErasure(text: String) throws {
        let problem = #expect(throws: Problem.self) { try EraseDocument(bytes(text)) }
        // An address is personal data, even a mistyped one.
        #expect(problem?.detail.contains("ayu") == false)
    }
}
