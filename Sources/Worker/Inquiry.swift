import EventStore
package import PaymentCore
import Synchronization

/// One question to PPRO and the storing of its answer; runs in a task of its own, without any queue of ours.
package struct Inquiry: Sendable {
    package enum Subject: Sendable, Hashable, CustomStringConvertible {
        /// A charge of ours whose turn has come.
        case due(String)
        /// A charge's id or a `merchantPaymentChargeReference`, of which we may not have heard.
        case name(String)

        var isName: Bool { if case .name = self { true } else { false } }

        package var description: String {
            switch self {
            case .due(let id), .name(let id): id
            }
        }
    }

    package struct Answer: Sendable, Equatable {
        package var charge: RemoteCharge
        /// True when PPRO said something that is not stored yet: it is now, and is about to be applied.
        package var isNews: Bool
    }

    struct Result: Sendable {
        var subject: Subject
        /// Empty: PPRO knows no such charge.
        var outcome: Swift.Result<[Answer], AuthorityError>
    }

    let authority: any ChargeAuthority
    let store: EventStore
    let now: @Sendable () -> Instant
    let results = Results()

    /// Asks, stores, and leaves the result in `results`.
    func run(_ subject: Subject) async {
        do throws(AuthorityError) {
            results.post(Result(subject: subject, outcome: .success(try await answers(about: subject))))
        } catch {
            results.post(Result(subject: subject, outcome: .failure(error)))
        }
    }

    /// - Throws: `storage_unavailable` beside what the authority throws: an answer that is not stored counts as none.
    func answers(about subject: Subject) async throws(AuthorityError) -> [Answer] {
        var answers: [Answer] = []
        for charge in try await charges(subject) {
            switch await append(Event.reconciled(charge, receivedAt: now())) {
            case .accepted: answers.append(Answer(charge: charge, isNews: true))
            case .duplicate, .conflict: answers.append(Answer(charge: charge, isNews: false))
            case .overloaded, .unavailable: throw AuthorityError(code: "storage_unavailable", message: "PPRO's answer could not be stored")
            }
        }
        return answers
    }

    private func charges(_ subject: Subject) async throws(AuthorityError) -> [RemoteCharge] {
        switch subject {
        case .due(let id):
            return try await authority.charge(id: id).map { [$0] } ?? []
        case .name(let name):
            // A reference is the shop's own word and may look like an id.
            if name.hasPrefix("charge_"), let charge = try await authority.charge(id: name) { return [charge] }
            return try await authority.charges(reference: name)
        }
    }

    private func append(_ event: Event) async -> AppendOutcome {
        await withCheckedContinuation { continuation in store.append(event) { continuation.resume(returning: $0) } }
    }

    /// Where results wait for the next step. Bounded by the questions under way: each posts once.
    final class Results: Sendable {
        private let waiting = Mutex<[Result]>([])
        private let observer = Mutex<(@Sendable () -> Void)?>(nil)

        /// `observer` hears of each result, on any thread.
        func onPost(_ observer: @escaping @Sendable () -> Void) { self.observer.withLock { $0 = observer } }

        func post(_ result: Result) {
            waiting.withLock { $0.append(result) }
            observer.withLock { $0 }?()
        }

        func takeAll() -> [Result] {
            waiting.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
        }
    }
}
