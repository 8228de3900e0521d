import PaymentCore
import Testing

@testable import Receiver

@Suite struct RefusalLogTests {
    private func text(_ line: [(refusal: Refusal, count: Int)]?) -> String? {
        line.map { $0.map { "\($0.refusal.code)=\($0.count)" }.joined(separator: " ") }
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
