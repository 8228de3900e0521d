internal import PaymentCore

/// Which webhook is sent when. A pure value: webhooks and the ends of attempts come in, attempts to be made go out.
///
/// A charge's webhooks are sent for the first time one after the other, so that without trouble they arrive in the order of what happened. What is repeated,
/// delayed or sent twice waits for nobody and holds nobody up.
struct WebhookQueue: Sendable {
    /// Something to be posted now.
    struct Attempt: Sendable {
        var number: Int
        var webhook: Webhook
        /// What is sent in the place of the body.
        var damaged: [UInt8]?
    }

    struct Delivery: Sendable {
        var webhook: Webhook
        var record: Int
        var attempts = 0
        /// When an attempt is due that is not in line.
        var due: Instant?
        /// 0, or 1 for what was sent twice.
        var copy: Int
        /// Holds up the charge's next one until its first attempt has ended.
        var isInLine: Bool
    }

    private struct Line: Sendable {
        var waiting: [Int] = []
        var isBusy = false
        /// To be sent after the next one.
        var held: Int?
    }

    private enum Due: Sendable {
        case attempt(Int)
        case release(Int, charge: String)
    }

    static let maximumUnderWay = 64
    /// Beyond it the webhook is not sent: nobody takes any.
    static let maximumDeliveries = 100_000

    private let rules: ProviderRules
    private let delays: RetryDelays
    private let trouble: WebhookTrouble
    private let dice: TroubleDice
    private(set) var deliveries: [Int: Delivery] = [:]
    /// Numbers of deliveries that are not any more as they were kept.
    var changed: Set<Int> = []
    private var lines: [String: Line] = [:]
    private var dues = DueHeap<Due>()
    /// Deliveries whose attempt is to be made as soon as there is room.
    private var ready: ArraySlice<Int> = []
    private var underWay: Set<Int> = []
    private var added = 0
    private(set) var log = WebhookLog()

    init(rules: ProviderRules, delays: RetryDelays = RetryDelays(), trouble: WebhookTrouble = WebhookTrouble(), seed: UInt64) {
        self.rules = rules
        self.delays = delays
        self.trouble = trouble
        dice = TroubleDice(seed: seed)
    }

    /// When `due` has something new to say.
    var nextDue: Instant? { dues.next }

    mutating func add(_ webhooks: [Webhook], at now: Instant) {
        for webhook in webhooks { add(webhook, at: now) }
    }

    /// The attempts to be made now; each is to be ended with `finish`.
    mutating func due(at now: Instant) -> [Attempt] {
        while let (_, due) = dues.pop(by: now) {
            switch due {
            case .attempt(let number): ready.append(number)
            case .release(let number, let charge): release(number, charge)
            }
        }
        var attempts: [Attempt] = []
        while underWay.count < Self.maximumUnderWay, let number = ready.popFirst() {
            if let attempt = begin(number, at: now) { attempts.append(attempt) }
        }
        return attempts
    }

    mutating func finish(_ attempt: Attempt, _ reply: WebhookReply, at now: Instant) {
        guard underWay.remove(attempt.number) != nil, var delivery = deliveries[attempt.number] else { return }
        changed.insert(attempt.number)
        let isInLine = delivery.isInLine
        delivery.isInLine = false
        delivery.due = nil
        if case .acknowledged = reply {
            deliveries[attempt.number] = nil
        } else if let delay = delays.delay(afterAttempt: delivery.attempts) {
            // Each delay is scaled for itself: a base that was rounded first would double its error every time.
            let due = now.advanced(byMilliseconds: rules.scaled(delay))
            delivery.due = due
            deliveries[attempt.number] = delivery
            dues.push(.attempt(attempt.number), at: due)
        } else {
            deliveries[attempt.number] = nil
        }
        log.update(delivery.record) { [next = delivery.due] in $0.end(reply, next: next) }
        if isInLine { moveUp(delivery.webhook.chargeId) }
    }

    // A webhook's first steps

    private mutating func add(_ webhook: Webhook, at now: Instant) {
        let fate = WebhookFate(of: webhook, trouble, dice)
        guard !fate.isDropped, deliveries.count < Self.maximumDeliveries else {
            log.append(WebhookRecord(webhook, state: .dropped), trouble: ["drop"])
            return
        }
        let charge = webhook.chargeId
        let isHeld = fate.isReordered && !fate.isDelayed
        let number = newDelivery(webhook, isInLine: !fate.isDelayed && !isHeld, trouble: fate.isDelayed ? ["delay"] : isHeld ? ["reorder"] : [])
        if fate.isDelayed {
            let wait = Double(rules.scaled(trouble.delayMilliseconds)) * fate.wait
            let due = now.advanced(byMilliseconds: Int64(wait.rounded(.up)))
            deliveries[number]?.due = due
            dues.push(.attempt(number), at: due)
        } else {
            if !isHeld { lines[charge, default: Line()].waiting.append(number) }
            if let held = lines[charge]?.held { queueUp(held, charge) }
            if isHeld {
                lines[charge, default: Line()].held = number
                dues.push(.release(number, charge: charge), at: now.advanced(byMilliseconds: rules.scaled(WebhookTrouble.longestHoldMilliseconds)))
            }
        }
        if fate.isDuplicate { queueUp(newDelivery(webhook, copy: 1, isInLine: true, trouble: ["duplicate"]), charge) }
        callNext(charge)
    }

    private mutating func newDelivery(_ webhook: Webhook, copy: Int = 0, isInLine: Bool, trouble: [String]) -> Int {
        added += 1
        changed.insert(added)
        let record = log.append(WebhookRecord(webhook), trouble: trouble)
        deliveries[added] = Delivery(webhook: webhook, record: record, copy: copy, isInLine: isInLine)
        return added
    }

    /// Goes on with one of a run before: in line if its first attempt never ended, else when its next one is due.
    mutating func resume(_ number: Int, _ webhook: Webhook, copy: Int, attempts: Int, due: Instant?) {
        added = max(added, number)
        var delivery = Delivery(webhook: webhook, record: log.append(WebhookRecord(webhook), trouble: []), copy: copy, isInLine: due == nil)
        (delivery.attempts, delivery.due) = (attempts, due)
        deliveries[number] = delivery
        log.update(delivery.record) { $0.nextAttempt = due }
        if let due { return dues.push(.attempt(number), at: due) }
        queueUp(number, webhook.chargeId)
        callNext(webhook.chargeId)
    }

    /// At the line's end, held until now or new.
    private mutating func queueUp(_ number: Int, _ charge: String) {
        if lines[charge]?.held == number { lines[charge]?.held = nil }
        deliveries[number]?.isInLine = true
        lines[charge, default: Line()].waiting.append(number)
    }

    private mutating func release(_ number: Int, _ charge: String) {
        guard lines[charge]?.held == number else { return }
        queueUp(number, charge)
        callNext(charge)
    }

    private mutating func callNext(_ charge: String) {
        guard var line = lines[charge], !line.isBusy, !line.waiting.isEmpty else { return }
        line.isBusy = true
        ready.append(line.waiting.removeFirst())
        lines[charge] = line
    }

    private mutating func moveUp(_ charge: String) {
        lines[charge]?.isBusy = false
        callNext(charge)
        if let line = lines[charge], !line.isBusy, line.held == nil { lines[charge] = nil }
    }

    private mutating func begin(_ number: Int, at now: Instant) -> Attempt? {
        guard var delivery = deliveries[number], underWay.insert(number).inserted else { return nil }
        delivery.attempts += 1
        deliveries[number] = delivery
        let webhook = delivery.webhook
        var generator = dice.roll(.corrupt, for: [webhook.chargeNumber, webhook.number, delivery.copy, delivery.attempts])
        let isDamaged = generator.chance(trouble.corrupt)
        let damaged = isDamaged ? Self.damage(webhook.body, &generator) : nil
        log.update(delivery.record) { $0.begin(at: now, isDamaged: isDamaged) }
        return Attempt(number: number, webhook: webhook, damaged: damaged)
    }

    /// One byte is another, or the end is missing.
    private static func damage(_ body: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var body = body
        let place = Int(generator.below(UInt64(max(body.count, 1))))
        guard body.indices.contains(place) else { return [0] }
        if generator.chance(0.5) { body.removeSubrange(place...) } else { body[place] ^= 1 }
        return body
    }
}

extension WebhookRecord {
    fileprivate mutating func begin(at now: Instant, isDamaged: Bool) {
        attempts.append(Attempt(at: now, isDamaged: isDamaged))
        nextAttempt = nil
        if isDamaged && !trouble.contains("corrupt") { trouble.append("corrupt") }
    }

    fileprivate mutating func end(_ reply: WebhookReply, next: Instant?) {
        if let last = attempts.indices.last { attempts[last].result = String(reply.explanation.prefix(100)) }
        nextAttempt = next
        if case .acknowledged = reply { state = .delivered } else if next == nil { state = .dead }
    }
}
