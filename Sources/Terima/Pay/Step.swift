import PaymentCore

/// One thing that happened to a payment, as `terima pay` tells it.
struct Step: Sendable, Equatable {
    enum Kind: String, Sendable {
        /// PPRO made the charge.
        case created
        /// PPRO said something new when it was asked.
        case ppro
        /// PPRO could not be asked.
        case unanswered
        /// terima received a webhook (or an answer of PPRO's API, as an event).
        case received
        /// terima changed the charge.
        case applied
        /// An endpoint took a notification.
        case told
        /// An endpoint did not take it.
        case refused
        /// A notification was given up.
        case dead
        /// terima does not answer.
        case away
        /// terima answers again.
        case back
        /// The last step: PPRO has decided, terima says the same, and every endpoint knows.
        case agreed
        /// The last step: PPRO has decided, and terima says something else.
        case differs
        /// The last step: terima agrees, but an endpoint does not know.
        case untold
        /// The last step: the time is over and PPRO has not decided.
        case unfinished
    }

    var kind: Kind
    var at: Instant
    /// `PPRO`, `terima` or an endpoint's name.
    var who: String
    /// For people.
    var text: String
    /// For programs: what the text tells, by name.
    var facts: [Fact] = []

    struct Fact: Sendable, Equatable {
        var name: String
        var text: String?
        var number: Int64?

        static func text(_ name: String, _ value: String?) -> Fact { Fact(name: name, text: value) }
        static func number(_ name: String, _ value: Int64?) -> Fact { Fact(name: name, number: value) }
    }

    /// `2026-06-03T11:23:47.123Z    +412 ms  terima  …`
    func line(since start: Instant) -> String {
        let after = "+" + Self.span(at.milliseconds(since: start))
        let padding = String(repeating: " ", count: max(0, 10 - after.count))
        return "\(at.iso8601) \(padding)\(after)  \(who)\(String(repeating: " ", count: max(0, 6 - who.count)))  \(Table.printable(text))"
    }

    /// One object.
    func json(charge: String, since start: Instant) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("step", kind.rawValue)
            writer.member("at", at.iso8601)
            writer.member("afterMs", at.milliseconds(since: start))
            writer.member("charge", charge)
            for fact in facts {
                if let number = fact.number { writer.member(fact.name, number) } else { writer.member(fact.name, fact.text) }
            }
        }
        return writer.bytes
    }

    /// A length of time with three digits that count: `412 ms`, `4.1 s`, `75 s`, `12 min`. Below zero where two clocks differ.
    static func span(_ milliseconds: Int64) -> String {
        switch milliseconds {
        case ..<1_000: "\(milliseconds) ms"
        case ..<10_000: "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s"
        case ..<120_000: "\(milliseconds / 1_000) s"
        default: Ago.span(milliseconds.magnitude)
        }
    }
}
