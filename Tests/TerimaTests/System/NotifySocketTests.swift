import SystemPackage
import Testing
import TestSupport

@testable import Terima

@Suite(.timeLimit(.minutes(5))) struct NotifySocketTests {
    private func exchange(_ name: String) throws {
        let listener = try NotifyListener(name)
        let notify = NotifySocket(name: name) { Issue.record("\(name): \($0)") }
        notify.send(["READY=1", "STATUS=Receiving on 127.0.0.1:8080"])
        notify.send(["STOPPING=1"])
        #expect(listener.next() == ["READY=1", "STATUS=Receiving on 127.0.0.1:8080"])
        #expect(listener.next() == ["STOPPING=1"])
    }

    @Test func reportsGoToAPathInTheirOrder() throws {
        let directory = try TemporaryDirectory()
        try exchange(directory.file("notify"))
    }

    @Test func reportsGoToAnAbstractName() throws {
        let directory = try TemporaryDirectory()
        try exchange("@" + directory.path)
    }

    @Test(arguments: ["relative", "vsock:2:1234", "/" + String(repeating: "x", count: 108), "/nobody/listens/here"])
    func whereNobodyListensThatIsSaid(name: String) async {
        let (errors, report) = AsyncStream.makeStream(of: Errno.self)
        NotifySocket(name: name) { report.yield($0) }.send(["READY=1"])
        let error = await errors.first { _ in true }
        #expect(error == (name.hasPrefix("/nobody") ? .noSuchFileOrDirectory : name.hasPrefix("/") ? .fileNameTooLong : .invalidArgument))
    }
}
