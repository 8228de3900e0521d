import PaymentCore
import Testing

@testable import Receiver

@Suite struct RefusalLogTests {
    private func text(_ line: RefusalLog.Line?) -> String? {
        line.map { $0.counts.map { "\($0.refusal.code)=\($0.count)" }.joined(separator: " ") }
    }

    @Test func saysTheFirstAtOnceAndTheRestOnceASecond() {
        var log = RefusalLog()
        func record(_ refusal: Refusal, _ milliseconds: Int64) -> String? { text(log.record(refusal, now: Instant(milliseconds: milliseconds))) }
        #expect(record(.signatureInvalid, 5_000) == "signature_invalid=1")
        #expect(record(.signatureInvalid, 5_000) == nil)
        #expect(record(.notFound, 5_400) == nil)
        #expect(record(.signatureInvalid, 5_999) == nil)
        #expect(record(.signatureInvalid, 6_000) == "signature_invalid=3 not_found=1")
        #expect(record(.notFound, 6_999) == nil)
        #expect(record(.notFound, 9_000) == "not_found=2")
        #expect(text(log.flush()) == nil)
    }

    @Test func saysWhereTheyCameFrom() {
        var log = RefusalLog()
        func record(_ source: String?, _ milliseconds: Int64) -> RefusalLog.Line? {
            log.record(.signatureInvalid, from: source, now: Instant(milliseconds: milliseconds))
        }
        #expect(record("192.0.2.1", 0)?.sources == ["192.0.2.1"])
        for source in ["192.0.2.2", nil, "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"] { #expect(record(source, 10) == nil) }
        let full = record("192.0.2.2", 1_000)
        #expect(full?.sources == ["192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"])
        #expect(full?.hasMoreSources == false)
        for number in 0..<9 { #expect(record("2001:db8::\(number)", 1_001) == nil) }
        let flood = log.flush()
        #expect(flood?.sources.count == 4)
        #expect(flood?.hasMoreSources == true)
        #expect(record(nil, 3_000)?.sources == [])
    }

    @Test func aClockSetBackDoesNotSilenceIt() {
        var log = RefusalLog()
        _ = log.record(.overloaded, now: Instant(milliseconds: 1_000_000))
        #expect(text(log.record(.overloaded, now: Instant(milliseconds: 10))) == "overloaded=1")
        #expect(text(log.record(.overloaded, now: Instant(milliseconds: 20))) == nil)
    }

    @Test func whatIsLeftIsSaidAtTheEndOnce() {
        var log = RefusalLog()
        _ = log.record(.notFound, now: Instant(milliseconds: 0))
        _ = log.record(.bodyTooLarge, now: Instant(milliseconds: 1))
        #expect(text(log.flush()) == "body_too_large=1")
        #expect(text(log.flush()) == nil)
    }
}
