import PaymentCore
import Testing

@testable import Terima

@Suite struct ReconcileDocumentTests {
    private static let now = Instant(milliseconds: 1_780_485_780_000)

    private func read(_ text: String) throws -> ReconcileDocument { try ReconcileDocument(Array(text.utf8), now: Self.now) }

    @Test func itSaysWhatToAskAbout() throws {
        #expect(try read(#"{"charge":"charge_1"}"#) == .charge("charge_1"))
        #expect(try read(#"{"open":true}"#) == .open)
        #expect(try read(#"{"since":"6h"}"#) == .changed(since: Self.now.advanced(byMilliseconds: -6 * 3_600_000)))
        #expect(try read(#"{"since":"2026-06-03T11:23:00Z"}"#) == .changed(since: Self.now))
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"charge":""}"#, #"{"charge":1}"#, #"{"open":false}"#, #"{"open":"true"}"#, #"{"since":""}"#, #"{"since":"soon"}"#,
        #"{"charge":"a","open":true}"#, #"{"all":true}"#, #"{"charge":"a","charge":"b"}"#, #"{"charge":null}"#,
    ])
    func anythingElseIsRefused(text: String) {
        #expect(throws: Problem.self) { try read(text) }
    }

    @Test func aNameIsNotEndless() {
        #expect(throws: Problem.self) { try read(#"{"charge":"\#(String(repeating: "a", count: 513))"}"#) }
    }
}
