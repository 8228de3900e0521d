import PaymentCore
import Testing

@testable import EventStore

extension Fixture {
    /// Stores one event a charge and one notification (version by version) for every endpoint; returns the charges' seqs.
    @discardableResult
    func tell(_ charge: String, versions: ClosedRange<Int>, to endpoints: [String] = ["shop"], at now: Int64 = 0) async throws -> Int64 {
        for version in versions { _ = await store.append(Sample.event("\(charge)-\(version)", charge: charge, at: now)) }
        return try store.write("test") { transaction throws in
            let known = try transaction.charge(id: charge)?.seq
            let seq = try known ?? transaction.insertCharge(Sample.charge(charge))
            for version in versions {
                let event = try #require(
                    try transaction.eventSeq("\(charge)-\(version)"))
                try transaction.enqueue(
                    Sample.notification("\(charge)-\(version)", subject: charge, version: version), about: .charge(seq), cause: event,
                    endpoints: endpoints, now: Sample.at(now))
            }
            return seq
        }
    }

    func due(_ endpoint: String = "shop", at now: Int64, limit: Int = 100, excluding: Set<Int64> = []) throws -> [DueDelivery] {
        try store.write("test") { try $0.dueDeliveries(endpoint: endpoint, now: Sample.at(now), limit: limit, excluding: excluding) }
    }

    func dueNames(_ endpoint: String = "shop", at now: Int64, limit: Int = 100, excluding: Set<Int64> = []) throws -> [String] {
        try due(endpoint, at: now, limit: limit, excluding: excluding).map { String($0.notificationId.dropFirst(4)) }
    }

    /// Records the next attempt of the delivery.
    func record(_ due: DueDelivery, at now: Int64, status: Int? = 200, error: String? = nil, next: AttemptRecord.Next) throws {
        try store.write("test") {
            try $0.recordAttempt(
                AttemptRecord(
                    delivery: due.seq, number: due.attempts + 1, at: Sample.at(now), status: status, error: error, durationMilliseconds: 7, next: next))
        }
    }

    /// In slices of `rows`; `between` runs before each but the first.
    func replay(
        _ selection: ReplaySelection, at now: Int64 = 0, dryRun: Bool = false, rows: Int = .max, between: () async throws -> Void = {}
    ) async throws -> ReplayCount {
        let request = ReplayRequest(selection, at: Sample.at(now), who: "tester", reason: "because")
        var plan = try reader().replayPlan(selection)
        var count = ReplayCount(events: 0, deliveries: 0)
        guard !dryRun, !selection.isEmpty else { return plan.count }
        var record: Int64?
        while let slice = plan.next(rows: rows) {
            if record != nil { try await between() }
            let done = try store.write("test") { [record] in try $0.replay(slice, of: request, record: record) }
            record = done.record
            count += done.count
        }
        return count
    }
}

extension Transaction {
    func eventSeq(_ id: String) throws -> Int64? {
        let identity = EventIdentity(source: Sample.source, id: id)
        return try holder(of: identity, among: candidates(identity.fingerprint))
    }
}
