package import PaymentCore

/// What one transaction may do. Valid only inside the closure it is handed to, on the writer's queue; everything in it commits together or not at all.
package final class Transaction {
    let connection: Connection
    private let index: IdentityIndex
    private let lastSeqBefore: Int64
    /// Fingerprints of the events that this transaction has appended, in order. They enter the index after COMMIT, so that it never holds what was rolled back.
    private var appended: [UInt64] = []
    /// With what this transaction has appended; the writer takes it over after COMMIT.
    var tail: FingerprintTail
    /// Fingerprints that events stored before were given.
    var replaced: [(fingerprint: UInt64, seq: Int64)] = []
    /// What observers are told after COMMIT.
    var commit: Commit

    init(connection: Connection, index: IdentityIndex, tail: FingerprintTail) {
        self.connection = connection
        self.index = index
        self.tail = tail
        lastSeqBefore = tail.lastSeq
        self.commit = Commit(lastSeq: tail.lastSeq)
    }

    /// The number that the next event gets.
    var nextSeq: Int64 { commit.lastSeq + 1 }

    /// An event was stored under `nextSeq`.
    func remember(_ fingerprint: UInt64) {
        appended.append(fingerprint)
        tail.append(fingerprint)
        commit.lastSeq = nextSeq
        commit.events = true
    }

    /// Events that may have this identity, those of this transaction included: a group is small enough to look through.
    func candidates(_ fingerprint: UInt64) -> [Int64] {
        var found = index.candidates(fingerprint)
        for (place, mine) in appended.enumerated() where mine == fingerprint { found.append(lastSeqBefore + Int64(place) + 1) }
        for other in replaced where other.fingerprint == fingerprint { found.append(other.seq) }
        return found
    }

    /// After COMMIT.
    func enterIdentities() {
        for (place, fingerprint) in appended.enumerated() { index.insert(fingerprint, seq: lastSeqBefore + Int64(place) + 1) }
        for (fingerprint, seq) in replaced { index.insert(fingerprint, seq: seq) }
    }
}

/// What one committed transaction changed.
package struct Commit: Sendable, Equatable {
    /// There are events to apply, or new ones that failed.
    package var events = false
    /// The charges that changed, in order; one that changed twice is here twice.
    package var charges: [ChangedCharge] = []
    /// There are deliveries that became due.
    package var deliveries = false
    /// The history has grown.
    package var notifications = false
    /// The earliest moment at which this transaction wants PPRO to be asked about a charge.
    package var ask: Instant?
    /// The newest event's number.
    package var lastSeq: Int64

    package init(events: Bool = false, charges: [ChangedCharge] = [], deliveries: Bool = false, notifications: Bool = false, lastSeq: Int64) {
        self.events = events
        self.charges = charges
        self.deliveries = deliveries
        self.notifications = notifications
        self.lastSeq = lastSeq
    }

    var changedSomething: Bool { events || deliveries || notifications || !charges.isEmpty || ask != nil }

    mutating func note(_ charge: Charge) { charges.append(ChangedCharge(id: charge.id, reference: charge.merchantPaymentChargeReference)) }

    mutating func note(ask time: Instant) { ask = min(ask ?? time, time) }
}
