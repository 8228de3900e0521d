internal import PaymentCore

/// Everything that the stand-in knows about payments: charges with their operations, and what is due when. A pure value: the time comes in, answers and
/// webhooks come out.
///
/// Whatever is done at a time, all that was due by then is done first, each thing at its own time. The webhooks of it are collected until they are taken.
struct ProviderBook: Sendable {
    static let instrumentType = "PASSTHROUGH_WALLET"

    /// What becomes of a charge without anybody doing anything.
    enum Due: Sendable, Equatable {
        case authenticationTimeout
        case providerConfirmation
        /// An operation that is under way ends.
        case operation(String)
        /// The money of an operation arrives.
        case funds(String)
    }

    let rules: ProviderRules
    /// Draws ids and nothing else.
    var generator: SeededGenerator
    var charges: [String: ProviderCharge] = [:]
    /// Ids in the order of creation.
    private(set) var order: [String] = []
    private var tokens: [String: String] = [:]
    private var instruments: [String: String] = [:]
    /// Charge ids by the bytes of `merchantPaymentChargeReference`, oldest first.
    private var references: [[UInt8]: [String]] = [:]
    var dues = DueHeap<(charge: String, due: Due)>()
    private var outbox: [Webhook] = []
    /// Charges that were ever created, the forgotten ones too.
    private(set) var created = 0
    /// Charges that are not any more as they were kept.
    var changed: Set<String> = []

    /// - Parameter idSeed: Another in every run: an id that comes again would be a repeat to whoever remembers the run before.
    init(rules: ProviderRules, idSeed: UInt64) {
        self.rules = rules
        generator = SeededGenerator(seed: idSeed, stream: 1)
    }

    /// When something happens next by itself.
    var nextDue: Instant? { dues.next }

    /// Does everything that is due.
    mutating func advance(to now: Instant) {
        while let (due, what) = dues.pop(by: now) { happen(what.due, to: what.charge, at: due) }
    }

    /// Takes the webhooks of what has happened, in its order.
    mutating func takeWebhooks() -> [Webhook] {
        defer { outbox = [] }
        return outbox
    }

    // What there is

    func charge(id: String) throws(Refusal) -> ProviderCharge {
        guard let charge = charges[id] else { throw .unknown("payment charge") }
        return charge
    }

    func charge(token: String) -> ProviderCharge? { tokens[token].flatMap { charges[$0] } }

    func charge(instrument: String) -> ProviderCharge? { instruments[instrument].flatMap { charges[$0] } }

    /// Ids of the charges made under a reference, newest first.
    func charges(reference: String) -> [String] { (references[Array(reference.utf8)] ?? []).reversed() }

    // Changes

    mutating func add(_ charge: ProviderCharge) {
        charges[charge.id] = charge
        order.append(charge.id)
        created = max(created, charge.number)
        changed.insert(charge.id)
        tokens[charge.token] = charge.id
        instruments[charge.instrumentId] = charge.id
        if let reference = charge.request.reference { references[Array(reference.utf8), default: []].append(charge.id) }
        if order.count > rules.maximumCharges { forgetOldest() }
    }

    private mutating func forgetOldest() {
        guard let charge = charges.removeValue(forKey: order.removeFirst()) else { return }
        changed.insert(charge.id)
        tokens[charge.token] = nil
        instruments[charge.instrumentId] = nil
        if let reference = charge.request.reference.map({ Array($0.utf8) }) {
            references[reference]?.removeAll { $0 == charge.id }
            if references[reference]?.isEmpty == true { references[reference] = nil }
        }
    }

    /// Changes a charge and tells of it: the change, `updatedAt` and the webhook's time are one millisecond.
    /// - Parameter change: Returns the operation that the webhook is about, if it is about one.
    mutating func change(
        _ id: String, at now: Instant, telling type: EventType?, _ change: (inout ProviderCharge, Instant) -> ChargeOperation?
    ) {
        guard var charge = charges[id] else { return }
        let time = charge.touch(at: now)
        let operation = change(&charge, time)
        charges[id] = charge
        changed.insert(id)
        if let type { tell(type, of: charge, at: time, operation) }
    }

    /// A webhook about a charge as it stands.
    mutating func tell(_ type: EventType, of charge: ProviderCharge, at time: Instant, _ operation: ChargeOperation? = nil) {
        let number = charges[charge.id]?.countEvent() ?? 0
        guard let url = charge.request.webhooksUrl ?? rules.webhooksUrl else { return }
        let id = generator.id("")
        let body = charge.eventBody(type, id: id, time: time, merchantId: rules.merchantId, operation: operation)
        outbox.append(
            Webhook(
                id: id, chargeId: charge.id, type: type.rawValue, url: url, time: time, body: body, chargeNumber: charge.number, number: number))
    }

    mutating func schedule(_ due: Due, of charge: String, at now: Instant, afterMilliseconds delay: Int64) {
        dues.push((charge, due), at: now.advanced(byMilliseconds: rules.scaled(delay)))
    }
}
