import EventStore
package import PaymentCore

/// What operators ask for.
extension Reconciler {
    /// Asks at once and waits for the answer. Empty: PPRO knows no such charge.
    package func answers(about name: String) async throws(AuthorityError) -> [Inquiry.Answer] {
        do throws(AuthorityError) {
            let answers = try await inquiry.answers(about: .name(name))
            count(.success(answers))
            return answers
        } catch {
            count(.failure(error))
            throw error
        }
    }

    /// Asks about every open charge, in its turn. Returns how many.
    package func doubtOpenCharges() async throws -> Int {
        let moment = now()
        var place = OpenPlace.start
        while true {
            let from = place
            let next = try await store.writeAsync("doubt") { try $0.doubtOpenCharges(.operator, after: from, limit: Self.batchSize, now: moment) }
            guard let next else { return place.passed }
            place = next
        }
    }

    /// Asks about every charge that changed at or after `since`, open or not, in its turn. Returns how many.
    package func doubtCharges(changedSince since: Instant) async throws -> Int {
        let moment = now()
        let newest = try await store.writeAsync("doubt") { try $0.newestCharge() }
        var count = 0
        for first in stride(from: Int64(0), to: newest, by: Self.batchSize) {
            count += try await store.writeAsync("doubt") {
                try $0.doubtCharges(changedSince: since, afterSeq: first, through: min(first + Int64(Self.batchSize), newest), now: moment)
            }
        }
        return count
    }
}
