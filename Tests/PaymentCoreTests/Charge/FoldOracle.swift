import PaymentCore

/// The fold's rules once more, written the slow and obvious way and sharing nothing with the fold but its inputs.
struct FoldOracle {
    /// PPRO's published moves and those derived from them, as they stand in the documentation.
    static let moves = """
        AUTHORIZATION_PROCESSING: AUTHENTICATION_PENDING AUTHORIZATION_ASYNC CAPTURE_PENDING CAPTURE_PROCESSING FAILED
        AUTHENTICATION_PENDING: AUTHORIZATION_ASYNC CAPTURE_PENDING CAPTURE_PROCESSING DISCARDED FAILED DISCARD_PROCESSING
        AUTHORIZATION_ASYNC: CAPTURE_PENDING CAPTURE_PROCESSING FAILED DISCARDED DISCARD_PROCESSING
        CAPTURE_PENDING: CAPTURE_PROCESSING CAPTURED VOID_PROCESSING VOIDED FAILED
        CAPTURE_PROCESSING: CAPTURED CAPTURE_PENDING FAILED
        CAPTURED: REFUND_PROCESSING REFUNDED
        REFUND_PROCESSING: REFUNDED CAPTURED
        REFUNDED:
        VOID_PROCESSING: VOIDED CAPTURE_PENDING
        VOIDED:
        DISCARD_PROCESSING: DISCARDED AUTHENTICATION_PENDING
        DISCARDED:
        FAILED:
        """

    static let words = moves.split(separator: "\n").map { String($0.prefix { $0 != ":" }) }

    /// `reach[a][b]`: whether b can be reached from a, by Warshall's algorithm.
    static let reach: [[Bool]] = {
        var reach = words.map { a in words.map { $0 == a } }
        for (row, line) in moves.split(separator: "\n").enumerated() {
            for next in line.split(separator: " ").dropFirst() { reach[row][words.firstIndex(of: String(next)) ?? row] = true }
        }
        for via in words.indices {
            for from in words.indices where reach[from][via] {
                for to in words.indices where reach[via][to] { reach[from][to] = true }
            }
        }
        return reach
    }()

    static let finals = ["REFUNDED", "VOIDED", "DISCARDED", "FAILED"]
    private static let old = ["SUCCESS": "CAPTURED", "REFUND_SETTLED": "REFUNDED", "REJECTED": "FAILED", "DECLINED": "FAILED"]

    /// The index of a word by its bytes; nil for words nobody published.
    static func index(_ word: String) -> Int? { words.firstIndex { $0.utf8.elementsEqual(word.utf8) } }

    static func today(_ word: String) -> String { old.first { $0.key.utf8.elementsEqual(word.utf8) }?.value ?? word }

    /// Where the law puts an event: time, rank of the type, rank of the status; ties are decided by the bytes of the id.
    static func place(_ event: ChargeEvent) -> (Int64, Int, Int) {
        let types = [
            "CREATED", "AUTHENTICATION_PENDING", "PROVIDER_CONFIRMATION_PENDING", "AUTHORIZATION_SUCCEEDED", "AUTHORIZATION_FAILED", "DISCARD_FAILED",
            "DISCARDED",
            "VOID_FAILED", "VOID_SUCCEEDED", "CAPTURE_FAILED", "CAPTURE_SUCCEEDED", "REFUND_PENDING", "REFUND_FAILED", "REFUND_SUCCEEDED",
        ]
        let status = event.facts.status.map { index(today($0)) ?? words.count } ?? .max
        return (event.facts.time.milliseconds, types.firstIndex { "PAYMENT_CHARGE_\($0)".utf8.elementsEqual(event.facts.type.utf8) } ?? types.count, status)
    }

    /// The sum over succeeded operations of a kind, of events given in fold order.
    static func total(_ kind: OperationFact.Kind, _ events: [ChargeEvent]) -> Int64 {
        let currency = events.lazy.compactMap(\.facts.amount?.currency).first
        var operations: [[UInt8]: [ChargeEvent]] = [:]
        for event in events where event.facts.operation?.kind == kind {
            let id = kind == .chargeback ? event.id : event.facts.operation?.id
            operations[id.map { [1] + $0.utf8 } ?? [0], default: []].append(event)
        }
        let sum = operations.values.reduce(into: Int128(0)) { sum, events in
            let ended = events.firstIndex { $0.facts.operation?.state != .pending } ?? events.endIndex
            let counted = events[..<ended] + events[ended...].filter { $0.facts.operation?.state != .pending }
            guard counted.last?.facts.operation?.state == .succeeded, let amount = counted.compactMap(\.facts.amount).last else { return }
            if amount.value > 0, amount.currency.utf8.elementsEqual((currency ?? "").utf8) { sum += Int128(amount.value) }
        }
        return Int64(clamping: sum)
    }

    /// The status after events given in fold order, and the events whose status is an anomaly.
    static func status(_ events: [ChargeEvent]) -> (word: String, anomalous: Set<Int64>) {
        var status: String?
        var known: Int?
        var anomalous: Set<Int64> = []
        for event in events {
            guard let word = event.facts.status.map(today) else { continue }
            let isSame = status?.utf8.elementsEqual(word.utf8) ?? false
            let next = index(word)
            if let status, !isSame, finals.contains(where: { $0.utf8.elementsEqual(status.utf8) }) {
                anomalous.insert(event.seq)
            } else if let next, isSame || known == nil || reach[known ?? 0][next] {
                (known, status) = (next, word)
            } else {
                anomalous.insert(event.seq)
                if next == nil { status = word }
            }
        }
        return (status ?? "AUTHORIZATION_PROCESSING", anomalous)
    }

    /// The events whose amount is negative or in another currency than the first, given in fold order.
    static func unsound(_ events: [ChargeEvent]) -> Set<Int64> {
        let currency = events.lazy.compactMap(\.facts.amount?.currency).first ?? ""
        return Set(events.filter { $0.facts.amount.map { $0.value < 0 || !$0.currency.utf8.elementsEqual(currency.utf8) } ?? false }.map(\.seq))
    }
}
