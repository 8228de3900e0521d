import PaymentCore
import TestSupport
import Testing

/// What an answer of PPRO's API does in the fold.
@Suite struct ReconcileFoldTests {
    private func answer(
        _ seq: Int64, _ time: Int64, _ status: String, _ operations: [(OperationFact.Kind, String, OperationFact.State, Int64)] = [], currency: String = "IDR",
        created: Int64 = 0, observed: Int64 = 0
    ) -> ChargeEvent {
        var facts = EventFacts(type: Event.reconcileType, subject: "charge_1", time: Instant(milliseconds: time), kind: .charge)
        facts.status = status
        facts.snapshot = ChargeSnapshot(
            createdAt: Instant(milliseconds: created), observedAt: Instant(milliseconds: observed), currency: currency,
            operations: operations.map { .init(fact: OperationFact(kind: $0.0, id: $0.1, state: $0.2), amount: $0.3) })
        return ChargeEvent(seq: seq, id: "charge_1:\(time):\(observed)", facts: facts)
    }

    private func fold(_ events: [ChargeEvent]) throws -> Folded<Charge> { try #require(Charge.fold(id: "charge_1", events: events)) }

    @Test func anAnswerAloneIsACharge() throws {
        let charge = try fold([answer(1, 500, "CAPTURED", [(.authorization, "authz_1", .succeeded, 100), (.capture, "capture_1", .succeeded, 100)])]).state
        #expect(charge.status == .captured)
        #expect(charge.authorized == 100)
        #expect(charge.captured == 100)
        #expect(charge.currency == "IDR")
        #expect(charge.createdAt == Instant(milliseconds: 0))
        #expect(charge.updatedAt == Instant(milliseconds: 500))
        #expect(charge.anomalies == 0)
    }

    @Test func itSetsWhatCannotBeReached() throws {
        let events = [event(1, 0, .chargeFailed, "FAILED"), answer(2, 10, "AUTHENTICATION_PENDING")]
        let folded = try fold(events)
        #expect(folded.state.status == .authenticationPending)
        #expect(folded.anomalous.isEmpty)
        // And life goes on from there.
        let on = try fold(events + [event(3, 20, .chargeCaptureSucceeded, "CAPTURED", "capture_1", 100)])
        #expect(on.state.status == .captured)
        #expect(on.state.captured == 100)
    }

    @Test func itReplacesEveryOperationButChargebacks() throws {
        let folded = try fold([
            event(1, 0, .chargeCaptureSucceeded, "CAPTURED", "capture_wrong", 900),
            event(2, 5, .chargebackSucceeded, nil, nil, 40),
            answer(3, 10, "CAPTURED", [(.authorization, "authz_1", .succeeded, 100), (.capture, "capture_1", .succeeded, 70), (.refund, "r", .pending, 70)]),
        ])
        #expect(folded.state.captured == 70)
        #expect(folded.state.authorized == 100)
        #expect(folded.state.refunded == 0)
        #expect(folded.state.chargedBack == 40)
        // A webhook about an operation that it told of does not count twice.
        let on = try fold([
            answer(3, 10, "CAPTURED", [(.capture, "capture_1", .succeeded, 70)]), event(4, 20, .chargeCaptureSucceeded, "CAPTURED", "capture_1", 70),
        ])
        #expect(on.state.captured == 70)
    }

    @Test func itHoldsAllThatHappenedInItsMillisecond() throws {
        let folded = try fold([
            answer(1, 10, "CAPTURED", [(.capture, "capture_1", .succeeded, 70)]),
            event(2, 10, .chargeCaptureFailed, "CAPTURE_PENDING", "capture_1", 70),
            event(3, 10, .fundsStateChanged, "FAILED"),
        ])
        #expect(folded.order == [2, 3, 1])
        #expect(folded.state.status == .captured)
        #expect(folded.state.captured == 70)
    }

    /// PPRO can say two things of one moment; which is the newer one, only the order of our asking tells.
    @Test(arguments: [1, 2]) func ofTwoAnswersAboutOneMomentTheLaterCounts(firstSeq: Int64) throws {
        let first = answer(firstSeq, 10, "REFUND_PROCESSING", [(.capture, "c", .succeeded, 70), (.refund, "r", .pending, 70)], observed: 100)
        let second = answer(3 - firstSeq, 10, "CAPTURED", [(.capture, "c", .succeeded, 70), (.refund, "r", .failed, 70)], observed: 101)
        #expect(try fold([first, second]).state.status == .captured)
        #expect(try fold([second, first]).state.status == .captured)
    }

    @Test func itExplainsTheAnomaliesBeforeItAndNoneAfter() throws {
        let contradictory = [
            event(1, 0, .chargeCaptureSucceeded, "CAPTURED", "c", 1), event(2, 5, .chargeAuthenticationPending, "AUTHENTICATION_PENDING", "a", 1),
        ]
        #expect(try fold(contradictory).state.anomalies == 1)
        let explained = try fold(contradictory + [answer(3, 10, "CAPTURED")])
        #expect(explained.state.anomalies == 0)
        #expect(explained.anomalous == [2])
        let again = try fold(contradictory + [answer(3, 10, "CAPTURED"), event(4, 20, .chargeAuthenticationPending, "AUTHENTICATION_PENDING", "a", 1)])
        #expect(again.state.anomalies == 1)
        #expect(again.anomalous == [2, 4])
    }

    @Test func wordsAndAmountsThatCannotBeTrustedAreAnomalies() throws {
        let unknown = try fold([answer(1, 0, "ON_HOLD", [(.capture, "c", .succeeded, 5)])])
        #expect(unknown.state.status.word == "ON_HOLD")
        #expect(unknown.state.captured == 5)
        #expect(unknown.anomalous == [1])
        let negative = try fold([answer(1, 0, "CAPTURED", [(.capture, "c", .succeeded, -5)])])
        #expect(negative.state.captured == 0)
        #expect(negative.state.anomalies == 1)
    }

    @Test func orderOfArrivalStillNeverMatters() throws {
        for seed in UInt64(1)...500 {
            var random = SplitMix64(seed: seed)
            var life = random.life()
            for number in 0..<(1 + Int64(random.next() % 3)) {
                let status = ChargeStatus.allKnown[Int(random.next() % UInt64(ChargeStatus.allKnown.count))]
                life.append(answer(900 + number, Int64(random.next() % 6), status.word, [(.capture, "a", .succeeded, Int64(random.next() % 50))]))
            }
            let told = try fold(life)
            for _ in 0..<3 { #expect(try fold(life.shuffled(using: &random)) == told, "seed \(seed)") }
            let again = try fold(random.repeating(life).shuffled(using: &random))
            #expect(again.state == told.state, "seed \(seed)")
        }
    }

    /// Of real lives any part is lost at random, and PPRO is asked: every charge ends where PPRO says, whether the answer comes at the end or in between.
    @Test func whateverIsLostTheAnswerEndsWherePPROSays() throws {
        for (number, life) in Life.all.enumerated() where life.name != "contradictory" {
            for mask in 0..<(1 << life.events.count) {
                let arrived = life.events.enumerated().filter { mask & (1 << $0.offset) != 0 }.map(\.element)
                let truth = try fold(life.events).state
                let end = life.events.map(\.facts.time.milliseconds).max() ?? 0
                let found = try fold(arrived + [answer(99, end, truth.status.word, Self.operations(of: life.events), created: truth.createdAt.milliseconds)])
                    .state
                #expect(Self.money(found) == Self.money(truth), "\(number) \(life.name), kept \(String(mask, radix: 2))")
                #expect(found.anomalies == 0)
            }
            // Asked in between: what came before may be lost, what comes after arrives.
            for cut in 1..<life.events.count where life.events[cut - 1].facts.time < life.events[cut].facts.time {
                let before = Array(life.events[..<cut])
                let middle = try fold(before).state
                let at = before.map(\.facts.time.milliseconds).max() ?? 0
                let word = answer(99, at, middle.status.word, Self.operations(of: before), created: middle.createdAt.milliseconds)
                let truth = try fold(life.events).state
                #expect(Self.money(try fold([word] + life.events[cut...]).state) == Self.money(truth), "\(number) \(life.name), asked after \(cut)")
            }
        }
    }

    private static func money(_ charge: Charge) -> [String] {
        [charge.status.word, "\(charge.authorized)", "\(charge.captured)", "\(charge.refunded)", "\(charge.voided)", charge.createdAt.iso8601]
    }

    /// Every operation as the last event about it left it: what PPRO would answer.
    private static func operations(of events: [ChargeEvent]) -> [(OperationFact.Kind, String, OperationFact.State, Int64)] {
        var last: [String: (OperationFact.Kind, String, OperationFact.State, Int64)] = [:]
        var order: [String] = []
        for event in events {
            guard let fact = event.facts.operation, fact.kind != .chargeback, let id = fact.id else { continue }
            if last[id] == nil { order.append(id) }
            if let before = last[id], fact.state == .pending, before.2 != .pending { continue }
            last[id] = (fact.kind, id, fact.state, event.facts.amount?.value ?? 0)
        }
        return order.compactMap { last[$0] }
    }
}
