import PaymentCore
import Provider

/// The life of one Jenius Pay payment: everything that its events say. A pure function of the settings and the life's number.
struct Life: Sendable {
    /// One event, ready to be sent.
    struct Event: Sendable {
        var identity: EventIdentity
        var step: LifeStep
        var time: Instant
        var body: [UInt8]
    }

    let outcome: LifeOutcome
    let chargeId: String
    let authorizationId: String
    let captureId: String
    let sessionId: String
    let instrumentId: String
    /// The same for all lives of a seed.
    let merchantId: String
    let orderReference: String
    let amount: Money
    let consumer: Consumer
    let failureCode: String
    private(set) var events: [Event] = []

    init(_ index: Int, of settings: LifeSettings) {
        var merchant = SeededGenerator(seed: settings.seed, stream: .max)
        merchantId = merchant.id("merch_")
        var generator = SeededGenerator(seed: settings.seed, stream: UInt64(clamping: index))
        outcome = settings.outcome(ofLife: index)
        orderReference = settings.orderReference(ofLife: index)
        chargeId = generator.id("charge_")
        authorizationId = generator.id("authz_")
        captureId = generator.id("capture_")
        sessionId = generator.id("sess_")
        instrumentId = generator.id("instr_")
        amount = settings.amount(using: &generator)
        consumer = Consumer(using: &generator)
        failureCode = generator.element(of: ["INSUFFICIENT_FUNDS", "CANCELED_BY_CONSUMER", "GENERIC_DECLINE"], or: "GENERIC_DECLINE")

        let steps = outcome.steps
        let times = Life.times(of: steps, end: settings.end, using: &generator)
        let ids = steps.map { _ in generator.id("") }
        events = zip(steps, zip(times, ids)).map { step, when in
            let identity = EventIdentity(source: LifeSettings.source, id: when.1)
            return Event(identity: identity, step: step, time: when.0, body: body(of: step, id: when.1, time: when.0))
        }
    }

    /// The times of the steps, worked out backwards from the last one so that no event lies in the future.
    private static func times(of steps: [LifeStep], end: Instant, using generator: inout SeededGenerator) -> [Instant] {
        var time = end.advanced(byMilliseconds: -Int64(generator.below(60_000)))
        var times = [time]
        for step in steps.dropFirst().reversed() {
            let sincePrevious: Int64 =
                switch step {
                case .created, .authenticationPending: Int64(150 + generator.below(600))
                case .authorizationSucceeded, .authorizationFailed: Int64(15_000 + generator.below(120_000))
                case .captureSucceeded: Int64(200 + generator.below(700))
                // Jenius Pay's authentication times out after six hours.
                case .discarded: 6 * 3_600_000
                }
            time = time.advanced(byMilliseconds: -sincePrevious)
            times.append(time)
        }
        return times.reversed()
    }
}
