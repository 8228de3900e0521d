import PaymentCore
import Testing

@Suite struct ChargeStatusTests {
    @Test func resultsAndEndsAreAsReviewed() {
        let table = ChargeStatus.allKnown.map { "\($0.rank) \($0): \($0.result.rawValue)\($0.isFinal ? ", final" : "")" }
        #expect(
            table.joined(separator: "\n") == """
                0 AUTHORIZATION_PROCESSING: pending
                1 AUTHENTICATION_PENDING: pending
                2 AUTHORIZATION_ASYNC: pending
                3 CAPTURE_PENDING: authorized
                4 CAPTURE_PROCESSING: pending
                5 CAPTURED: paid
                6 REFUND_PROCESSING: paid
                7 REFUNDED: refunded, final
                8 VOID_PROCESSING: authorized
                9 VOIDED: canceled, final
                10 DISCARD_PROCESSING: pending
                11 DISCARDED: canceled, final
                12 FAILED: failed, final
                """)
    }

    @Test(arguments: [
        ("SUCCESS", ChargeStatus.captured), ("REFUND_SETTLED", .refunded), ("REJECTED", .failed), ("DECLINED", .failed), ("CAPTURED", .captured),
        ("VOID_PROCESSING", .voidProcessing),
    ])
    func oldWordsBecomeTodays(_ word: String, _ status: ChargeStatus) {
        #expect(ChargeStatus(word) == status)
        #expect(ChargeStatus(word).word == status.word)
        #expect(ChargeStatus(word).isKnown)
    }

    @Test(arguments: ["", "captured", "CAPTURED ", "CAPTURED\u{0}", "CAPTURED\u{301}", "ON_HOLD", "SUCCES\u{17F}"])
    func anyOtherWordIsKeptAndHoldsNothing(_ word: String) {
        let status = ChargeStatus(word)
        #expect(status.word.utf8.elementsEqual(word.utf8))
        #expect(!status.isKnown && !status.isFinal)
        #expect(status.result == .pending)
        #expect(status.rank == 13)
        #expect(status.canReach(status))
        #expect(!status.canReach(.captured) && !ChargeStatus.captured.canReach(status))
    }

    @Test func wordsAreToldApartByTheirBytes() {
        let (composed, decomposed) = (ChargeStatus("CAF\u{C9}"), ChargeStatus("CAFE\u{301}"))
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, ChargeStatus("CAF\u{C9}")]).count == 2)
        #expect(AgreementStatus("CAF\u{C9}") != AgreementStatus("CAFE\u{301}"))
        #expect(Set([AgreementStatus("CAF\u{C9}"), AgreementStatus("CAFE\u{301}"), .active, AgreementStatus("ACTIVE")]).count == 3)
        #expect(!AgreementStatus("REVO\u{212A}ED_BY_CONSUMER").isKnown)
    }
}
