import PaymentCore
import TestSupport
import Testing

@Suite struct AgreementFoldTests {
    private func fold(_ events: [ChargeEvent]) throws -> Folded<Agreement> { try #require(Agreement.fold(id: "agr_1", events: events)) }

    private static let life = [
        event(1, 0, .agreementCreated, "INITIALIZING"), event(2, 0, .agreementAuthenticationPending, "AUTHENTICATION_PENDING"),
        event(3, 10, .agreementActive, "ACTIVE"), event(4, 20, .agreementUpdated, "ACTIVE"), event(5, 30, .agreementRevokedByConsumer, "REVOKED_BY_CONSUMER"),
        event(6, 40, .agreementUpdated, "ACTIVE"),
    ]

    @Test func noEventsAreNoAgreement() {
        #expect(Agreement.fold(id: "agr_1", events: []) == nil)
    }

    @Test func everyOrderOfArrivalGivesTheSameAgreement() throws {
        let told = try fold(Self.life)
        #expect(told.state.status == .revokedByConsumer)
        #expect(told.anomalous == [6])
        #expect(told.order == [1, 2, 3, 4, 5, 6])
        #expect(told.state.createdAt == Instant(milliseconds: 0))
        #expect(told.state.updatedAt == Instant(milliseconds: 40))
        for arrived in permutations(Self.life) { #expect(try fold(arrived) == told) }
        #expect(try fold(Self.life + Self.life) == told)
    }

    @Test func withoutAnyStatusItIsInitializing() throws {
        #expect(try fold([event(1, 0, .agreementUpdated, nil)]).state.status == .initializing)
    }

    @Test func theNewestWordWinsUntilAFinalOne() throws {
        #expect(try fold([event(1, 0, .agreementActive, "ACTIVE"), event(2, 1, .agreementCreated, "INITIALIZING")]).state.status == .initializing)
        let failed = try fold([event(1, 0, .agreementFailed, "FAILED"), event(2, 1, .agreementRevokedByMerchant, "REVOKED_BY_MERCHANT")])
        #expect(failed.state.status == .failed)
        #expect(failed.anomalous == [2])
    }

    @Test func anUnknownWordIsStoredFlaggedAndLeftAgain() throws {
        let held = [event(1, 0, .agreementActive, "ACTIVE"), event(2, 1, .agreementUpdated, "PAUSED")]
        #expect(try fold(held).state.status.word == "PAUSED")
        #expect(try fold(held).anomalous == [2])
        #expect(try fold(held + [event(3, 2, .agreementUpdated, "ACTIVE")]).state.status == .active)
    }

    @Test func fieldsAreTheLastNamed() throws {
        var first = event(1, 0, .agreementCreated, nil)
        first.facts.paymentMethod = "GOPAY"
        first.facts.merchantId = "merch-1"
        first.facts.merchantReference = "sub-1"
        var second = event(2, 1, .agreementFailed, "FAILED", failure: "PROVIDER_DECLINE")
        second.facts.merchantReference = "sub-2"
        let agreement = try fold([event(3, 2, .agreementUpdated, nil), second, first]).state
        #expect(agreement.paymentMethod == "GOPAY")
        #expect(agreement.merchantId == "merch-1")
        #expect(agreement.merchantPaymentAgreementReference == "sub-2")
        #expect(agreement.failureCode == "PROVIDER_DECLINE")
    }

    @Test func randomLivesFoldAlikeInAnyOrderAndNeverLeaveAFinalStatus() throws {
        let words = AgreementStatus.allKnown.map(\.word) + ["PAUSED", "", "REVO\u{212A}ED_BY_CONSUMER"]
        let types = EventType.allCases.filter { $0.kind == .agreement }
        for seed: UInt64 in 1...500 {
            var random = SplitMix64(seed: seed)
            let life = (1...(1 + Int64(random.next() % 8))).map { seq in
                event(seq, Int64(random.next() % 4), random.pick(types), random.once(in: 5) ? nil : random.pick(words))
            }
            let told = try fold(life)
            try #require(try fold(life.shuffled(using: &random)) == told, "seed \(seed)")
            try #require(try fold(random.repeating(life)).state == told.state, "seed \(seed)")
            let ordered = told.order.compactMap { seq in life.first { $0.seq == seq } }
            let ends = ["REVOKED_BY_CONSUMER", "REVOKED_BY_MERCHANT", "REVOKED_BY_PROVIDER", "FAILED"]
            let firstEnd = ordered.compactMap(\.facts.status).first { word in ends.contains { $0.utf8.elementsEqual(word.utf8) } }
            if let firstEnd { try #require(told.state.status.word == firstEnd, "seed \(seed)") }
        }
    }
}
