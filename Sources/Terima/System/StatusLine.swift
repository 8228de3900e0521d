import EventStore
import PaymentCore
import Worker

/// The line that `systemctl status` shows.
enum StatusLine {
    /// - Parameters:
    ///   - address: where webhooks come in.
    ///   - events: all that are stored.
    static func text(address: String, events: Int64, health: StoreHealth, worker: WorkerStatus, receivesOnly: Bool) -> String {
        var clauses = ["Receiving on \(address)", Count.text(events, "event")]
        if case .unwell(let reason, _) = health { clauses.append("takes no events: \(reason)") }
        if receivesOnly { return (clauses + ["applies nothing and tells nobody (--receive-only)"]).joined(separator: "; ") }
        if let trouble = worker.trouble { clauses.append("cannot apply: \(trouble)") }
        let underWay = worker.endpoints.reduce(0) { $0 + $1.inFlight }
        if underWay > 0 { clauses.append("\(Count.text(Int64(underWay), "notification")) under way") }
        let silent = worker.endpoints.filter { if case .closed = $0.breaker { false } else { true } }
        if !silent.isEmpty { clauses.append("no answer from \(silent.map(\.name).joined(separator: ", "))") }
        return clauses.joined(separator: "; ")
    }
}
