import PaymentCore
import TestSupport
import Testing

@testable import Provider

/// On real files.
@Suite struct StateFileTests {
    private func row(_ id: String, _ json: String?) -> KeptRow { KeptRow(kind: .charge, id: id, json: json.map { Array($0.utf8) }) }

    @Test func whatIsWrittenIsReadAgain() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let path = directory.file("state.db")
        do {
            let file = try StateFile(path: path)
            #expect(try file.rows().isEmpty)
            file.write([row("a", "{}"), row("b", #"{"ü":"\u0000"}"#)])
            file.write([row("a", nil), row("b", #"{"n":1}"#), KeptRow(kind: .key, id: "b", json: Array("{}".utf8))])
            #expect(await file.settled() == nil)
        }
        let rows = try StateFile(path: path).rows()
        #expect(rows.sorted { $0.kind.rawValue < $1.kind.rawValue } == [row("b", #"{"n":1}"#), KeptRow(kind: .key, id: "b", json: Array("{}".utf8))])
    }

    @Test func twoCannotHaveOneFile() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let first = try StateFile(path: directory.file("state.db"))
        #expect(throws: StateFileError("\(directory.file("state.db")) is in use by another process")) { _ = try StateFile(path: directory.file("state.db")) }
        #expect(try first.rows().isEmpty)
        first.write([row("a", "{}")])
        await first.close()
        #expect(try StateFile(path: directory.file("state.db")).rows() == [row("a", "{}")])
        // What comes too late is not written, and does no harm.
        first.write([row("b", "{}")])
        #expect(await first.settled() == StateFileError("\(directory.file("state.db")) is closed"))
    }

    /// Somebody's file is not touched because its name was typed by mistake.
    @Test func anotherFileIsRefused() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        try directory.append("This is no database, and it is longer than the header of one: 0123456789012345678901234567890123456789", to: "text")
        for name in ["text", "no/such/directory"] {
            #expect(throws: StateFileError.self) { _ = try StateFile(path: directory.file(name)) }
        }
    }

    @Test func aDamagedRowIsNamed() throws {
        var rig = Rig()
        let id = try rig.create(Orders.jeniusPay()).id
        var row = try #require(rig.state.takeKept().first { $0.kind == .charge })
        row.json = Array(String(decoding: row.json ?? [], as: UTF8.self).replacing(#""token""#, with: #""tokem""#).utf8)
        var again = Rig()
        #expect(throws: StateFileError("the state file holds a charge that cannot be read: token is missing or wrong")) {
            try again.state.resume([row])
        }
        #expect(row.id == id)
    }
}
