/// One input of a fold: a stored event of one charge or agreement.
package struct ChargeEvent: Sendable {
    /// The event's number in the store: names it in the result, and never decides anything else.
    package var seq: Int64
    /// The event's `id` in its envelope.
    package var id: String
    package var facts: EventFacts

    package init(seq: Int64, id: String, facts: EventFacts) {
        self.seq = seq
        self.id = id
        self.facts = facts
    }
}
