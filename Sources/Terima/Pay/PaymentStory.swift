import PaymentCore

/// What is known of one payment so far, from PPRO's answers and from the rows of the operator API; everything new in them is a step.
struct PaymentStory: Sendable {
    let charge: String
    /// As terima and as PPRO tell it; nil while one of them knows nothing.
    private(set) var comparison = Comparison()
    /// Notifications that were given up, and those still to be delivered, by endpoint.
    private(set) var dead: Set<String> = []
    private(set) var pending: Set<String> = []
    /// How long the last change took on its way; nil for ways that were not gone.
    private(set) var timing = Timing()

    struct Timing: Sendable, Equatable {
        /// From PPRO's making the event to its receipt. Two clocks: it may be below zero.
        var receivedMilliseconds: Int64?
        /// From the receipt to the change of the charge.
        var appliedMilliseconds: Int64?
        /// From the change to the last endpoint's 2xx.
        var toldMilliseconds: Int64?
    }

    private struct Receipt {
        var time: Instant
        var at: Instant
        /// To be applied; anything else is final.
        var isWaiting: Bool
    }

    private var receipts: [Int64: Receipt] = [:]
    private var lastVersion: Int64 = 0
    /// When the change was made that a notification tells.
    private var changes: [String: Instant] = [:]
    private var lastChange: String?
    /// Attempts told so far, by notification and endpoint.
    private var attempts: [String: Int64] = [:]
    private var remoteStatus: ChargeStatus?

    init(charge: String) { self.charge = charge }

    /// Whether everything that was received is applied and told, or given up.
    var isSettled: Bool { pending.isEmpty && !receipts.values.contains(where: \.isWaiting) }

    /// PPRO's answer.
    mutating func take(_ remote: RemoteCharge?, at now: Instant) -> [Step] {
        comparison.theirs = remote.map { ChargeView($0) }
        guard let remote else { return [Step(kind: .unanswered, at: now, who: "PPRO", text: "knows no such charge", facts: [.text("error", "not_found")])] }
        guard remote.status != remoteStatus else { return [] }
        remoteStatus = remote.status
        let failure = comparison.theirs?.failureCode
        return [
            Step(
                kind: .ppro, at: now, who: "PPRO", text: remote.status.word + (failure.map { ", \($0)" } ?? ""),
                facts: [
                    .text("status", remote.status.word), .text("result", remote.status.result.rawValue), .text("failureCode", failure),
                    .text("updatedAt", remote.updatedAt.iso8601),
                ])
        ]
    }

    /// The charge's events, in any order.
    mutating func take(events: [Row]) -> [Step] {
        var steps: [Step] = []
        for row in events {
            guard let seq = row.integer("seq"), let at = row.instant("receivedAt") else { continue }
            let isNew = receipts[seq] == nil
            let time = row.instant("time") ?? at
            receipts[seq] = Receipt(time: time, at: at, isWaiting: row.text("state") == "received")
            guard isNew else { continue }
            let took = at.milliseconds(since: time)
            let isAnswer = row.text("source") == Event.reconcileSource
            let unreadable = row.json["error"]?.string.map { "; it cannot be read: \($0)" } ?? ""
            let text = isAnswer ? "PPRO's answer taken as an event" : "received \(row.text("type")), \(Step.span(took)) after PPRO made it"
            steps.append(
                Step(
                    kind: .received, at: at, who: "terima", text: text + unreadable,
                    facts: [
                        .text("type", row.text("type")), .text("event", row.text("id")), .text("error", row.json["error"]?.string), .number("tookMs", took),
                    ]))
        }
        return steps
    }

    /// The charge with its history; nil while terima knows none.
    mutating func take(charge row: Row?) -> [Step] {
        guard let row else { return [] }
        comparison.ours = ChargeView(row)
        var steps: [Step] = []
        for change in row.rows("history") {
            guard let version = change.integer("version"), version > lastVersion, let at = change.instant("at") else { continue }
            lastVersion = version
            let cause = change.json["cause"].map(Row.init)
            let receipt = cause?.integer("seq").flatMap { receipts[$0] }
            let took = receipt.map { at.milliseconds(since: $0.at) }
            changes[change.text("id")] = at
            lastChange = change.text("id")
            timing = Timing(receivedMilliseconds: receipt.map { $0.at.milliseconds(since: $0.time) }, appliedMilliseconds: took)
            steps.append(
                Step(
                    kind: .applied, at: at, who: "terima",
                    text: "applied: \(change.text("status")), version \(version)" + (took.map { ", \(Step.span($0)) after the receipt" } ?? ""),
                    facts: [
                        .text("status", change.json["status"]?.string), .number("version", version), .text("event", cause?.text("id")),
                        .text("notification", change.text("id")), .number("tookMs", took),
                    ]))
        }
        return steps
    }

    /// The charge's deliveries.
    /// - Returns: Those of which there is something new to tell: their attempts are wanted.
    mutating func take(deliveries: [Row]) -> [Row] {
        pending = Set(deliveries.filter { $0.text("state") == "pending" }.map(Self.key))
        dead = Set(deliveries.filter { $0.text("state") == "dead" }.map(Self.key))
        return deliveries.filter { ($0.integer("attempts") ?? 0) > attempts[Self.key($0), default: 0] }
    }

    /// One delivery with its attempts.
    mutating func take(delivery row: Row) -> [Step] {
        let key = Self.key(row)
        let (state, endpoint) = (row.text("state"), row.text("endpoint"))
        let list = row.rows("attempts")
        var steps: [Step] = []
        for attempt in list {
            guard let number = attempt.integer("number"), number > attempts[key, default: 0], let begun = attempt.instant("at") else { continue }
            attempts[key] = number
            let at = begun.advanced(byMilliseconds: attempt.integer("durationMs") ?? 0)
            let answer = attempt.json["status"]?.numberText ?? attempt.text("error")
            let isLast = number == list.last?.integer("number")
            let isTold = isLast && state == "delivered"
            let took = changes[row.text("id")].map { at.milliseconds(since: $0) }
            if isTold, row.text("id") == lastChange { timing.toldMilliseconds = max(timing.toldMilliseconds ?? 0, took ?? 0) }
            let facts: [Step.Fact] = [
                .text("endpoint", endpoint), .text("type", row.text("type")), .text("notification", row.text("id")), .text("answer", answer),
                .number("tookMs", took),
            ]
            let told = "told \(row.text("type")): \(answer)" + (took.map { ", \(Step.span($0)) after the change" } ?? "")
            let kind: Step.Kind = isTold ? .told : .refused
            steps.append(Step(kind: kind, at: at, who: endpoint, text: isTold ? told : "did not take \(row.text("type")): \(answer)", facts: facts))
            if isLast && state == "dead" {
                steps.append(Step(kind: .dead, at: at, who: endpoint, text: "\(row.text("type")) is given up; terima replay sends it again", facts: facts))
            }
        }
        return steps
    }

    private static func key(_ delivery: Row) -> String { "\(delivery.text("id")) \(delivery.text("endpoint"))" }
}
