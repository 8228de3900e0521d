import PaymentCore

/// Follows one payment on all its ways, from PPRO to the shop, until it is decided and known everywhere.
struct PaymentWatch: Sendable {
    struct Limits: Sendable, Equatable {
        /// How long PPRO may take to decide.
        var timeoutMilliseconds: Int64
        /// How long terima and the shop may take to know it then, and how long terima may be away.
        var graceMilliseconds: Int64
    }

    let charge: String
    let access: OperatorAccess
    let authority: any ChargeAuthority
    let limits: Limits
    let now: @Sendable () -> Instant
    let report: @Sendable (Step) throws -> Void

    /// How often terima is looked at, which costs nobody anything.
    private static let lookMilliseconds: Int64 = 250
    /// How often PPRO is asked: whoever waits for terima's word alone would not see that it is missing.
    private static let askMilliseconds: Int64 = 5_000
    /// The same after some minutes without a decision: people who have not paid by then take their time.
    private static let laterAskMilliseconds: Int64 = 30_000
    private static let laterAfterMilliseconds: Int64 = 180_000
    /// The same while one of the two has decided.
    private static let closeAskMilliseconds: Int64 = 2_000
    /// How long a charge must stay authorized until nobody is thought to capture it by itself.
    private static let authorizedMilliseconds: Int64 = 5_000

    /// - Parameter created: PPRO's answer to the creation.
    /// - Returns: The last step.
    func run(_ created: RemoteCharge, since start: Instant) async throws -> Step {
        var story = PaymentStory(charge: charge)
        _ = story.take(created, at: start)
        var decided: (status: ChargeStatus, at: Instant)?
        var asked = (at: now(), error: String?.none, result: created.status.result)
        let end = start.advanced(byMilliseconds: limits.timeoutMilliseconds)
        var awaySince: Instant?
        while true {
            guard try await isThere(&story, &awaySince) else {
                try await Task.sleep(for: .milliseconds(Self.lookMilliseconds))
                continue
            }
            let moment = now()
            if moment.milliseconds(since: asked.at) >= interval(story, since: start, at: moment, asked.result) {
                asked.result = story.comparison.ours?.status.result ?? asked.result
                asked.error = try await ask(&story, after: asked.error)
                asked.at = now()
            }
            let status = story.comparison.theirs?.status
            if let status, Self.isFinal(status) {
                if decided?.status != status { decided = (status, now()) }
            } else {
                decided = nil
            }
            if let step = ending(story, decided?.at, end) { return step }
            try await Task.sleep(for: .milliseconds(Self.lookMilliseconds))
        }
    }

    /// Whether PPRO will do no more by itself.
    private static func isFinal(_ status: ChargeStatus) -> Bool {
        switch status {
        case .captured, .capturePending, .refunded, .voided, .discarded, .failed: true
        default: false
        }
    }

    /// Milliseconds between two questions to PPRO.
    /// - Parameter askedResult: What terima said when PPRO was asked last.
    private func interval(_ story: PaymentStory, since start: Instant, at moment: Instant, _ askedResult: ChargeResult) -> Int64 {
        let (ours, theirs) = (story.comparison.ours?.status, story.comparison.theirs?.status)
        if let ours, ours.result != askedResult { return 0 }
        if ours?.result ?? .pending != .pending || theirs?.result ?? .pending != .pending { return Self.closeAskMilliseconds }
        return moment.milliseconds(since: start) < Self.laterAfterMilliseconds ? Self.askMilliseconds : Self.laterAskMilliseconds
    }

    /// Asks PPRO. What passes is told once and asked again later.
    /// - Returns: The code of the error, if there was one.
    private func ask(_ story: inout PaymentStory, after error: String?) async throws -> String? {
        let (steps, code): ([Step], String?)
        switch await answer() {
        case .success(let remote):
            (steps, code) = (story.take(remote, at: now()), remote == nil ? "not_found" : nil)
        case .failure(let failure):
            // A wrong key stays wrong.
            if failure.code == "unauthorized" { throw failure }
            let text = "does not answer: \(failure.message)"
            (steps, code) = ([Step(kind: .unanswered, at: now(), who: "PPRO", text: text, facts: [.text("error", failure.code)])], failure.code)
        }
        if code == nil || code != error { try steps.forEach(report) }
        return code
    }

    private func answer() async -> Result<RemoteCharge?, AuthorityError> {
        do { return .success(try await authority.charge(id: charge)) } catch { return .failure(error) }
    }

    /// Looks at terima, which may be away for a while: it is restarted with every release and every change of its settings.
    /// - Throws: `CommandFailure` when it stays away.
    private func isThere(_ story: inout PaymentStory, _ awaySince: inout Instant?) async throws -> Bool {
        // A copy: of a look that comes to nothing halfway nothing counts as told.
        var looked = story
        do { try await look(&looked) } catch let error where Self.isAbsence(error) {
            let moment = now()
            guard let since = awaySince else {
                awaySince = moment
                try report(Step(kind: .away, at: moment, who: "terima", text: "does not answer; the payment goes on, and this goes on when terima is back"))
                return false
            }
            let gone = moment.milliseconds(since: since)
            guard gone >= limits.graceMilliseconds else { return false }
            throw CommandFailure(
                .unavailable, "terima has been away for \(Step.span(gone)); the payment goes on: terima charges show --remote \(charge), when terima is back")
        }
        story = looked
        if let since = awaySince {
            awaySince = nil
            let moment = now()
            let gone = moment.milliseconds(since: since)
            let text = "answers again, after \(Step.span(gone))"
            try report(Step(kind: .back, at: moment, who: "terima", text: text, facts: [.number("awayMs", gone)]))
        }
        return true
    }

    private static func isAbsence(_ error: any Error) -> Bool {
        switch error {
        case let failure as CommandFailure: failure.code == .unavailable
        // While it stops or starts.
        case let problem as Problem: problem.code == .unavailable || problem.code == .serviceDown
        default: false
        }
    }

    /// Looks at what terima has, and tells what is new of it in the order of its time.
    private func look(_ story: inout PaymentStory) async throws {
        var filter = Parameters()
        filter.add("charge", charge)
        filter.add("limit", "1000")
        let isSettled = story.isSettled
        var steps = story.take(events: try await access.answer(.list(.events, filter)).rows)
        if steps.isEmpty && isSettled { return }
        steps += story.take(charge: try await ours())
        for delivery in story.take(deliveries: try await access.answer(.list(.deliveries, filter)).rows) {
            var place = Parameters()
            place.add("endpoint", delivery.text("endpoint"))
            for row in try await access.answer(.show(.deliveries, id: delivery.text("id"), place)).rows { steps += story.take(delivery: row) }
        }
        try steps.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.forEach { try report($0.element) }
    }

    private func ours() async throws -> Row? {
        do { return try await access.answer(.show(.charges, id: charge, Parameters())).row } catch let problem as Problem where problem.code == .notFound {
            return nil
        }
    }

    private func ending(_ story: PaymentStory, _ decidedAt: Instant?, _ end: Instant) -> Step? {
        let moment = now()
        guard let decidedAt, let status = story.comparison.theirs?.status else {
            guard moment >= end else { return nil }
            let word = story.comparison.theirs?.status.word ?? "unknown"
            return Step(
                kind: .unfinished, at: moment, who: "terima",
                text: "the time is over and PPRO has not decided: \(word); to look again: terima charges show --remote \(charge)",
                facts: [.text("status", word)])
        }
        let waited = moment.milliseconds(since: decidedAt)
        if status == .capturePending && waited < Self.authorizedMilliseconds { return nil }
        if story.comparison.agrees && story.isSettled { return last(story.dead.isEmpty ? .agreed : .untold, story, status, moment) }
        guard waited >= limits.graceMilliseconds else { return nil }
        return last(story.comparison.agrees ? .untold : .differs, story, status, moment)
    }

    /// ` (webhook 2 ms, applied 3 ms, told 2 ms)`: how long the last change took on each way.
    private func ways(_ timing: PaymentStory.Timing) -> String {
        let ways = [("webhook", timing.receivedMilliseconds), ("applied", timing.appliedMilliseconds), ("told", timing.toldMilliseconds)]
        let told = ways.compactMap { name, took in took.map { "\(name) \(Step.span($0))" } }
        return told.isEmpty ? "" : " (" + told.joined(separator: ", ") + ")"
    }

    private func last(_ kind: Step.Kind, _ story: PaymentStory, _ status: ChargeStatus, _ moment: Instant) -> Step {
        let verdict =
            switch kind {
            case .agreed: "PPRO and terima say the same, and every endpoint knows" + ways(story.timing)
            case .untold: "PPRO and terima say the same, but not every endpoint knows -> terima deliveries list --charge \(charge)"
            default:
                story.comparison.ours == nil
                    ? "no webhook of it has reached terima -> terima reconcile --charge \(charge)"
                    : "terima says otherwise: " + story.comparison.differences.joined(separator: ", ")
            }
        let timing = story.timing
        return Step(
            kind: kind, at: moment, who: "terima", text: "\(status) (\(status.result.rawValue)): \(verdict)",
            facts: [
                .text("status", status.word), .text("result", status.result.rawValue), .number("receivedMs", timing.receivedMilliseconds),
                .number("appliedMs", timing.appliedMilliseconds), .number("toldMs", timing.toldMilliseconds),
            ])
    }
}
