import Fuzzing
import PaymentCore

@main struct FuzzFold {
    static func main() { Fuzzer.run { check($0) } }

    /// Input: eight bytes for each event of one charge or agreement, at most a dozen events.
    private static func check(_ input: [UInt8]) {
        let events = stride(from: 0, to: min(input.count, 96) / 8 * 8, by: 8).map { event(input[$0..<$0 + 8].map { $0 }, seq: Int64($0 / 8 + 1)) }
        FoldCheck.charges(events.filter { $0.facts.kind == .charge })
        FoldCheck.agreements(events.filter { $0.facts.kind == .agreement })
    }

    private static let agreements = [
        "INITIALIZING", "AUTHENTICATION_PENDING", "ACTIVE", "FAILED", "REVOKED_BY_CONSUMER", "REVOKED_BY_MERCHANT", "REVOKED_BY_PROVIDER", "UNHEARD_OF",
    ]
    private static let charges = FoldOracle.words + ["SUCCESS", "REFUND_SETTLED", "REJECTED", "DECLINED", "UNHEARD_OF", ""]
    private static let amounts: [Int64] = [.min, -1, 0, 1, 100, 1_000_000, .max - 1, .max]

    private static func event(_ bytes: [UInt8], seq: Int64) -> ChargeEvent {
        let types = EventType.allCases
        let type = types[Int(bytes[0]) % types.count]
        // Few moments, so that many events have the same one.
        var facts = EventFacts(type: type.rawValue, subject: "charge_1", time: Instant(milliseconds: Int64(bytes[1] % 16) * 1000), kind: type.kind)
        let words = type.kind == .agreement ? agreements : charges
        facts.status = bytes[2] == 255 ? nil : words[Int(bytes[2]) % words.count]
        let id = bytes[3] % 4 == 0 ? nil : "operation_\(bytes[3] % 4)"
        facts.operation = type.operation.map { OperationFact(kind: $0.kind, id: id, state: $0.state) }
        if bytes[4] != 255 {
            let value = bytes[5] < 128 ? Int64(bytes[5]) * 100 : amounts[Int(bytes[5]) % amounts.count]
            facts.amount = Money(value: value, currency: bytes[4] % 8 == 7 ? "EUR" : "IDR")
        }
        facts.failureCode = bytes[6] % 4 == 3 ? "FAILURE_\(bytes[6])" : nil
        return ChargeEvent(seq: seq, id: "evt-\(bytes[7])-\(seq)", facts: facts)
    }
}
