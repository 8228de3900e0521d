import Fuzzing
import PaymentCore

/// What holds for the fold of any set of events.
enum FoldCheck {
    static func charges(_ events: [ChargeEvent]) {
        guard let folded = Charge.fold(id: "charge_1", events: events) else { return expect(events.isEmpty, "events make a charge") }
        sound(folded, folded.state.anomalies, events) { json($0) }
        for arrived in others(events) { same(folded, Charge.fold(id: "charge_1", events: arrived)) { json($0) } }

        let charge = folded.state
        let ordered = inOrder(folded, events)
        let sums = [charge.authorized, charge.captured, charge.refunded, charge.voided, charge.chargedBack]
        let expected = [OperationFact.Kind.authorization, .capture, .refund, .void, .chargeback].map { FoldOracle.total($0, ordered) }
        expect(sums == expected, "the sums \(sums) are the oracle's \(expected)")
        expect(charge.status.word.utf8.elementsEqual(FoldOracle.status(ordered).word.utf8), "the status is the oracle's")
        expect(charge.createdAt == ordered.first?.facts.time, "a charge begins with its first event")
        for (first, second) in zip(ordered, ordered.dropFirst()) {
            let (a, b) = (FoldOracle.place(first), FoldOracle.place(second))
            expect(a == b ? !second.id.utf8.lexicographicallyPrecedes(first.id.utf8) : a < b, "the order is the law's")
        }
        let cause = Notification.Cause(source: "s", id: ordered.last?.id ?? "", type: ordered.last?.facts.type ?? "", time: charge.updatedAt)
        let told = Notification.chargeChanged(id: "ntf_1", charge: charge, version: 1, previous: ordered.first?.facts.status.map { ChargeStatus($0) }, cause: cause)
        let member = (try? JSONDocument.parse(told.body))?.root["data"]?["charge"]
        expect(member?["captured"]?.integerValue == charge.captured, "what the shop is told is JSON with the charge in it")
    }

    static func agreements(_ events: [ChargeEvent]) {
        guard let folded = Agreement.fold(id: "agr_1", events: events) else { return expect(events.isEmpty, "events make an agreement") }
        sound(folded, folded.state.anomalies, events) { json($0) }
        for arrived in others(events) { same(folded, Agreement.fold(id: "agr_1", events: arrived)) { json($0) } }
    }

    /// The same events in other orders and more than once, numbered as they arrive.
    private static func others(_ events: [ChargeEvent]) -> [[ChargeEvent]] {
        let half = events.count / 2
        return [events.reversed(), Array(events[half...] + events[..<half]), events + events.reversed()].map { arrived in
            arrived.enumerated().map { ChargeEvent(seq: Int64($0 + 1), id: $1.id, facts: $1.facts) }
        }
    }

    private static func sound<State>(_ folded: Folded<State>, _ anomalies: Int, _ events: [ChargeEvent], _ json: (State) -> [UInt8]) {
        let seqs = events.map(\.seq)
        expect(folded.order.sorted() == seqs.sorted(), "every event has its place in the order")
        expect(folded.anomalous.isSubset(of: seqs) && anomalies == folded.anomalous.count, "anomalies are events")
        expect((try? JSONDocument.parse(json(folded.state))) != nil, "a state is JSON")
    }

    /// Compared as what is stored and told: bytes.
    private static func same<State>(_ one: Folded<State>, _ other: Folded<State>?, _ json: (State) -> [UInt8]) {
        expect(other.map { json($0.state) == json(one.state) } == true, "the order of arrival and repeats never matter")
        expect(other?.anomalous.count == one.anomalous.count, "a repeat is no anomaly")
    }

    private static func inOrder(_ folded: Folded<Charge>, _ events: [ChargeEvent]) -> [ChargeEvent] {
        folded.order.compactMap { seq in events.first { $0.seq == seq } }
    }

    private static func json(_ charge: Charge) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { charge.writeMembers(to: &$0, version: 1) }
        return writer.bytes
    }

    private static func json(_ agreement: Agreement) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { agreement.writeMembers(to: &$0, version: 1) }
        return writer.bytes
    }
}
