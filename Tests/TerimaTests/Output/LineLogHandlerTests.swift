import Logging
import PaymentCore
import Testing

@testable import Terima

@Suite struct LineLogHandlerTests {
    private func handler(_ format: ServiceConfiguration.LogFormat, isJournal: Bool = false) -> LineLogHandler {
        LineLogHandler(label: "terima", level: .info, format: format, isJournal: isJournal, now: { Instant(milliseconds: Life.start) })
    }

    private func line(_ format: ServiceConfiguration.LogFormat, _ message: String, _ fields: [(String, String)] = []) -> String {
        String(decoding: handler(format).line(.warning, message, fields), as: UTF8.self)
    }

    @Test func textIsOneLineForPeople() {
        #expect(line(.text, "terima is ready") == "2026-06-03T11:23:00.000Z warning terima is ready")
        #expect(line(.text, "applied", [("a", "1"), ("b", "x y")]) == "2026-06-03T11:23:00.000Z warning applied a=1 b=x y")
    }

    @Test func jsonIsOneObject() throws {
        let text = line(.json, "a \"quoted\"\nmessage\u{1B}", [("event", "e\r\n1"), ("time", "later")])
        #expect(!text.contains("\n") && !text.contains("\u{1B}"))
        let root = try? JSONDocument.parse(Array(text.utf8)).root
        #expect(root?["message"]?.string == "a \"quoted\"\nmessage\u{1B}")
        #expect(root?["level"]?.string == "warning")
        #expect(root?["event"]?.string == "e\r\n1")
        #expect(root?.members.map(\.key) == ["time", "level", "message", "event", "time_"])
    }

    @Test func theJournalGetsThePriorityAndKeepsTheTimeItself() {
        func line(_ level: Logger.Level, _ format: ServiceConfiguration.LogFormat) -> String {
            String(decoding: handler(format, isJournal: true).line(level, "a\n<0>b", [("c", "1")]), as: UTF8.self)
        }
        #expect(line(.error, .text) == "<3>error a?<0>b c=1")
        #expect(line(.info, .json) == #"<6>{"time":"2026-06-03T11:23:00.000Z","level":"info","message":"a\n<0>b","c":"1"}"#)
    }

    /// A line that was forged into a message would be believed.
    @Test func nobodyForgesALine() {
        let text = line(.text, "bad\n2026-06-03T11:23:00.000Z info terima is well", [("id", "a\r\u{1B}[1mb\u{2028}c")])
        #expect(text == "2026-06-03T11:23:00.000Z warning bad?2026-06-03T11:23:00.000Z info terima is well id=a??[1mb?c")
    }

    @Test func aLoggerKeepsItsLevelAndItsFields() {
        var logger = Logger(label: "terima") { _ in handler(.text) }
        #expect(logger.logLevel == .info)
        logger.logLevel = .error
        #expect(logger.logLevel == .error)
        logger[metadataKey: "endpoint"] = "shop"
        #expect(logger[metadataKey: "endpoint"] == "shop")
    }
}
