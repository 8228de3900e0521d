import Logging
import SystemPackage
import Testing
import TestSupport

@testable import Terima

@Suite struct JournalTests {
    @Test func itIsRecognisedByDeviceAndInode() throws {
        let directory = try TemporaryDirectory()
        let file = try FileDescriptor.open(FilePath(directory.write("", to: "stream")), .writeOnly)
        try file.closeAfter {
            let facts = try file.stat()
            let stream = "\(facts.deviceID.rawValue):\(facts.inode.rawValue)"
            #expect(Journal.isBehind(file, environment: ["JOURNAL_STREAM": stream]))
            // Inherited, but standard error goes elsewhere by now.
            #expect(!Journal.isBehind(file, environment: ["JOURNAL_STREAM": stream + "1"]))
            #expect(!Journal.isBehind(file, environment: ["JOURNAL_STREAM": ""]))
            #expect(!Journal.isBehind(file, environment: [:]))
            #expect(!Journal.isBehind(FileDescriptor(rawValue: -1), environment: ["JOURNAL_STREAM": stream]))
        }
    }

    /// As syslog(3) numbers them.
    @Test func everyLevelHasItsPriority() {
        #expect(Logger.Level.allCases.map(Journal.prefix) == ["<7>", "<7>", "<6>", "<5>", "<4>", "<3>", "<2>"])
    }
}
