import PaymentCore

/// terima's word about a charge beside PPRO's. What PPRO leaves unsaid is no difference; a charge that only one of them knows is.
struct Comparison: Sendable {
    /// Of one fact, as text for people; nil where nothing was said.
    struct Line: Sendable, Equatable {
        /// The name of the operator API's member.
        var name: String
        var ours: String?
        var theirs: String?
        var differs: Bool
    }

    var ours: ChargeView?
    var theirs: ChargeView?

    var lines: [Line] {
        [
            text("status") { $0.status.word }, text("currency", \.currency), amount("authorized", \.authorized), amount("captured", \.captured),
            amount("refunded", \.refunded), amount("voided", \.voided), text("paymentMethod", \.paymentMethod),
            text("merchantPaymentChargeReference", \.reference), text("failureCode", \.failureCode),
        ]
    }

    /// The names of the facts that differ.
    var differences: [String] { lines.filter(\.differs).map(\.name) }
    var agrees: Bool { ours != nil && theirs != nil && differences.isEmpty }

    private func text(_ name: String, _ value: (ChargeView) -> String?) -> Line {
        let (ours, theirs) = (ours.flatMap(value), theirs.flatMap(value))
        // Bytes: PPRO's words are told apart by them.
        let differs = theirs.map { $0.utf8.elementsEqual(ours?.utf8 ?? "".utf8) == false } ?? (self.theirs == nil && ours != nil)
        return Line(name: name, ours: ours, theirs: theirs, differs: differs)
    }

    private func amount(_ name: String, _ value: (ChargeView) -> Int64) -> Line {
        let (first, second) = (ours.map(value), theirs.map(value))
        return Line(name: name, ours: Self.shown(first, ours), theirs: Self.shown(second, theirs), differs: first ?? 0 != second ?? 0)
    }

    /// Zero says nothing.
    private static func shown(_ value: Int64?, _ view: ChargeView?) -> String? {
        guard let value, value != 0 else { return nil }
        return view?.currency.map { Currency.format(Money(value: value, currency: $0)) } ?? String(value)
    }
}

extension Comparison {
    /// For people: fact, terima's, PPRO's, and a mark where they differ.
    var table: Table {
        var table = Table([.init(title: ""), .init(title: "terima"), .init(title: "PPRO"), .init(title: "")])
        for line in lines where line.ours != nil || line.theirs != nil {
            table.add([Self.title(line.name), line.ours ?? "-", line.theirs ?? "-", line.differs ? "<- differs" : ""])
        }
        return table
    }

    /// For programs, one object.
    func json(charge: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("charge", charge)
            writer.member("agrees", agrees)
            writer.key("differences")
            writer.array { writer in differences.forEach { writer.string($0) } }
            for (name, view) in [("terima", ours), ("ppro", theirs)] {
                writer.key(name)
                if let view { writer.object { view.writeMembers(to: &$0) } } else { writer.null() }
            }
        }
        return writer.bytes
    }

    private static func title(_ name: String) -> String {
        switch name {
        case "paymentMethod": "method"
        case "merchantPaymentChargeReference": "reference"
        case "failureCode": "failure"
        default: name
        }
    }
}
