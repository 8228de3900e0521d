import PaymentCore
import Testing

@Suite struct StatusTablesTests {
    private static let review: Comment = """
        The code no longer does what was reviewed. Read the differing cells against PPRO's published moves; if the code is right, put the table made from \
        it (on the left) into StatusTables.swift, else mend ChargeStatus.Known.moves, EventType.operation or StatusTrack.
        """

    private static let codes = ["AP", "AU", "AS", "CN", "CP", "CD", "RP", "RD", "VP", "VD", "DP", "DD", "FD"]
    private static let known = Array(zip(codes, ChargeStatus.allKnown))
    /// Every status that a charge can be in; nil before any event gave one.
    private static let states: [(code: String, word: String?)] = known.map { ($0, $1.word) } + [("??", "ON_HOLD"), ("--", nil)]

    @Test func reachIsAsReviewed() {
        let head = Self.padded("") + Self.codes.joined(separator: "  ")
        let rows = ChargeStatus.allKnown.map { from in
            let cells = ChargeStatus.allKnown.map { to in
                if from == to { return "=" }
                guard from.canReach(to) else { return "." }
                return Self.isOneMove(from, to) ? "1" : "+"
            }
            return Self.padded(from.word) + cells.joined(separator: "   ")
        }
        let table = Self.trimmed([head] + rows)
        #expect(table == StatusTables.reach, Self.review)
    }

    @Test func everyTypeInEveryStatusIsAsReviewed() {
        let types = EventType.allCases.filter { $0.kind == .charge }
        let head = Self.padded("", 45) + Self.padded("brings") + Self.padded("adds", 16) + Self.states.map(\.code).joined(separator: " ")
        let rows = types.map { type in
            let brought = PublishedEvents.status(type).isEmpty ? nil : PublishedEvents.status(type)
            let cells = Self.states.map { Self.effect(of: event(2, 1, type, brought, "op_1", 100), in: $0.word) }
            return Self.padded(type.rawValue, 45) + Self.padded(brought ?? "-") + Self.padded(Self.added(type), 16) + cells.joined(separator: " ")
        }
        let table = Self.trimmed([head] + rows)
        #expect(table == StatusTables.life, Self.review)
    }

    @Test func agreementsAreAsReviewed() {
        let states = AgreementStatus.allKnown.map(\.word) + ["ON_HOLD"]
        let codes = ["IN", "AU", "AC", "RC", "RM", "RP", "FD", "??"]
        let rows = states.map { from in
            let cells = zip(codes, states).map { code, to in
                let events = [event(1, 0, .agreementCreated, from), event(2, 1, .agreementUpdated, to)]
                guard let folded = Agreement.fold(id: "agr_1", events: events) else { return "  " }
                let status = folded.state.status.word
                return folded.anomalous.contains(2) ? (status == from ? " !" : code + "!") : (status == from ? " =" : code)
            }
            return Self.padded(from) + cells.map { Self.padded($0, 4) }.joined()
        }
        let table = Self.trimmed([Self.padded("") + codes.joined(separator: "  ")] + rows)
        #expect(table == StatusTables.agreements, Self.review)
    }

    /// The tables above show each type with one status. No type bends the rule: what a status does depends on the status alone.
    @Test(arguments: EventType.allCases.filter { $0.kind == .charge })
    func theTypeNeverBendsTheRule(_ type: EventType) {
        for (code, word) in Self.states {
            for next in Self.states {
                let effect = Self.effect(of: event(2, 1, type, next.word, "op_1", 100), in: word)
                let plain = Self.effect(of: event(2, 1, .fundsStateChanged, next.word), in: word)
                #expect(effect == plain, "\(type.rawValue) with \(next.code) in \(code)")
            }
        }
    }

    /// The documented moves, kept apart in the oracle, are the ones the code has.
    @Test func reachIsTheOracles() {
        #expect(ChargeStatus.allKnown.map(\.word) == FoldOracle.words)
        for (row, from) in ChargeStatus.allKnown.enumerated() {
            for (column, to) in ChargeStatus.allKnown.enumerated() {
                #expect(from.canReach(to) == FoldOracle.reach[row][column], "\(from) to \(to)")
            }
        }
    }

    private static func effect(of next: ChargeEvent, in word: String?) -> String {
        guard let folded = Charge.fold(id: "charge_1", events: [event(1, 0, .chargeCreated, word), next]) else { return "  " }
        if folded.anomalous.contains(2), next.facts.status.map({ ChargeStatus($0).isKnown }) ?? true { return " !" }
        let status = folded.state.status
        if status == ChargeStatus(word ?? ChargeStatus.authorizationProcessing.word), word != nil || next.facts.status == nil { return " =" }
        return known.first { $0.1 == status }?.0 ?? "??"
    }

    private static func added(_ type: EventType) -> String {
        guard let charge = Charge.fold(id: "charge_1", events: [event(1, 0, type, nil, "op_1", 100)])?.state else { return "" }
        let sums = [
            ("authorized", charge.authorized), ("captured", charge.captured), ("refunded", charge.refunded), ("voided", charge.voided),
            ("chargedBack", charge.chargedBack),
        ]
        return sums.filter { $0.1 == 100 }.map(\.0).joined(separator: ",")
    }

    private static func isOneMove(_ from: ChargeStatus, _ to: ChargeStatus) -> Bool {
        FoldOracle.moves.split(separator: "\n").contains { $0.hasPrefix("\(from):") && $0.split(separator: " ").dropFirst().contains(Substring(to.word)) }
    }

    private static func padded(_ text: String, _ width: Int = 26) -> String { text + String(repeating: " ", count: max(width - text.count, 0)) }

    private static func trimmed(_ lines: [String]) -> String {
        lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
    }
}
