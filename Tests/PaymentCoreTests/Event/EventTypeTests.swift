import PaymentCore
import Testing

@Suite struct EventTypeTests {
    @Test func thirtyArePublishedAndTwoAreOld() {
        #expect(EventType.allCases.count == 32)
        #expect(EventType.allCases.filter { $0.kind == .charge }.count == 18)
        #expect(EventType.allCases.filter { $0.kind == .agreement }.count == 8)
        #expect(EventType.allCases.filter { $0.kind == .other }.count == 6)
    }

    @Test(arguments: EventType.allCases)
    func everyTypeIsReadFromItsWord(_ type: EventType) {
        #expect(EventType(type.rawValue) == type)
        #expect(EventType.kind(of: type.rawValue) == type.kind)
        #expect(EventType.rank(of: type.rawValue) == type.rank)
    }

    @Test(arguments: ["", "payment_charge_created", "PAYMENT_CHARGE_CREATED ", "PAYMENT_CHARGE_TELEPORTED", "CHARGEBAC\u{212A}_SUCCEEDED", "PAYMENT_CHARGE_"])
    func anyOtherWordIsPassedOn(_ word: String) {
        #expect(EventType(word) == nil)
        #expect(EventType.kind(of: word) == .other)
        #expect(EventType.rank(of: word) == EventType.lastRank)
    }

    /// Review a difference here against the order of a charge's life and PPRO's list of what each type reports on.
    @Test func typesRankAndReportAsReviewed() {
        let table = EventType.allCases.filter { $0.kind == .charge }.map { type in
            let operation = type.operation.map { "\($0.kind.rawValue) \($0.state.rawValue)" } ?? "-"
            return "\(type.rank) \(type.rawValue): \(operation)"
        }
        #expect(
            table.joined(separator: "\n") == """
                0 PAYMENT_CHARGE_CREATED: -
                1 PAYMENT_CHARGE_AUTHENTICATION_PENDING: authorization pending
                2 PAYMENT_CHARGE_PROVIDER_CONFIRMATION_PENDING: authorization pending
                3 PAYMENT_CHARGE_AUTHORIZATION_SUCCEEDED: authorization succeeded
                4 PAYMENT_CHARGE_AUTHORIZATION_FAILED: authorization failed
                5 PAYMENT_CHARGE_DISCARD_FAILED: -
                6 PAYMENT_CHARGE_DISCARDED: authorization discarded
                7 PAYMENT_CHARGE_VOID_FAILED: void failed
                8 PAYMENT_CHARGE_VOID_SUCCEEDED: void succeeded
                9 PAYMENT_CHARGE_CAPTURE_FAILED: capture failed
                10 PAYMENT_CHARGE_CAPTURE_SUCCEEDED: capture succeeded
                11 PAYMENT_CHARGE_REFUND_PENDING: refund pending
                12 PAYMENT_CHARGE_REFUND_FAILED: refund failed
                13 PAYMENT_CHARGE_REFUND_SUCCEEDED: refund succeeded
                14 FUNDS_STATE_CHANGED: -
                14 CHARGEBACK_SUCCEEDED: chargeback succeeded
                14 PAYMENT_CHARGE_FAILED: -
                14 PAYMENT_CHARGE_SUCCESS: -
                """)
        #expect(EventType.allCases.filter { $0.kind != .charge }.allSatisfy { $0.operation == nil && $0.rank == EventType.lastRank })
    }
}
