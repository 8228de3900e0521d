import PaymentCore
import TestSupport

extension SplitMix64 {
    /// A life that no provider would send: few milliseconds, few ids, any type with any status, bad amounts, words nobody published, ids used twice.
    mutating func life() -> [ChargeEvent] {
        let count = 1 + Int(next() % 14)
        let calm = once(in: 3)
        return (0..<count).map { ChargeEvent(seq: Int64($0) + 1, id: identifier(), facts: facts(calm: calm)) }
    }

    /// The same events, some of them twice: with their `seq`, or stored again under another one.
    mutating func repeating(_ events: [ChargeEvent]) -> [ChargeEvent] {
        var all = events
        for event in events where once(in: 2) {
            var again = event
            if once(in: 2) { again.seq = Int64(all.count) + 1000 }
            all.append(again)
        }
        return all
    }

    private mutating func identifier() -> String {
        pick(["evt-\(next() % 12)", "evt-\(next() % 1_000_000)", "caf\u{E9}", "cafe\u{301}", "\u{0}", "evt-1\u{0}"])
    }

    private mutating func facts(calm: Bool) -> EventFacts {
        let type = pick(EventType.allCases.filter { $0.kind == .charge })
        let word = !calm && once(in: 12) ? pick(["PAYMENT_CHARGE_TELEPORTED", "CHARGEBAC\u{212A}_SUCCEEDED", ""]) : type.rawValue
        var facts = EventFacts(type: word, subject: "charge_1", time: Instant(milliseconds: Int64(next() % 6)), kind: .charge)
        if once(in: 200) { facts.time = Instant(milliseconds: pick([.min, .max])) }
        facts.status = status(calm: calm)
        facts.operation = type.operation.map { OperationFact(kind: $0.kind, id: pick(["a", "b", "caf\u{E9}", "cafe\u{301}", nil]), state: $0.state) }
        facts.amount = amount(calm: calm)
        facts.fundsState = pick([nil, nil, "CAPTURE_FUNDS_WAITING", "CAPTURE_FUNDS_RECEIVED"])
        facts.failureCode = pick([nil, nil, nil, "INSUFFICIENT_FUNDS", "PROVIDER_ERROR"])
        facts.paymentMethod = pick([nil, "JENIUS_PAY", "IDEAL"])
        facts.merchantId = pick([nil, "merch-1"])
        facts.merchantReference = pick([nil, "pay-1", "pay-2"])
        facts.orderReferenceNumber = pick([nil, "order-1", "order-2"])
        return facts
    }

    private mutating func status(calm: Bool) -> String? {
        if once(in: 6) { return nil }
        if !calm, once(in: 6) {
            return pick(["ON_HOLD", "UNDER_REVIEW", "", "captured", "CAPTURED\u{301}", "\u{0}", "SUCCESS", "DECLINED", "REJECTED", "REFUND_SETTLED"])
        }
        return pick(ChargeStatus.allKnown).word
    }

    private mutating func amount(calm: Bool) -> Money? {
        if once(in: 5) { return nil }
        if !calm, once(in: 5) { return Money(value: pick([.min, -1, .max, .max - 1]), currency: pick(["IDR", "USD", "\u{212A}RW", "KRW"])) }
        return Money(value: Int64(next() % 100), currency: "IDR")
    }
}
