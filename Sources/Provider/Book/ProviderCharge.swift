internal import PaymentCore

/// One payment charge as the stand-in keeps it.
struct ProviderCharge: Sendable {
    let id: String
    /// Which one of the run it is, from 1.
    let number: Int
    /// Opens the wallet page; nobody can guess it.
    let token: String
    let sessionId: String
    let instrumentId: String
    let request: ChargeRequest
    /// What the client calls this server, `http://host:port`: the wallet page is there.
    let base: String
    let createdAt: Instant
    /// When the last change was; every change has its own millisecond.
    private(set) var updatedAt: Instant
    private(set) var status = ChargeStatus.authorizationProcessing
    var failure: ChargeFailure?
    /// In the order in which they were made, of all kinds.
    var operations: [ChargeOperation] = []
    /// When the consumer's time is over; nil when the consumer has nothing to do.
    var authenticateBy: Instant?
    /// Minor units of each, in their order. PPRO's answers do not show them.
    var chargebacks: [Int64] = []
    /// How many events there were of it, told or not.
    private(set) var events = 0

    init(id: String, number: Int, token: String, sessionId: String, instrumentId: String, request: ChargeRequest, base: String, at now: Instant) {
        self.id = id
        self.number = number
        self.token = token
        self.sessionId = sessionId
        self.instrumentId = instrumentId
        self.request = request
        self.base = base
        createdAt = now
        updatedAt = now
    }

    var rules: PaymentMethodRules { PaymentMethodRules.of(request.method) }
    var isMock: Bool { request.method == ChargeRequest.mock }
    var walletUrl: String { "\(base)/wallet/\(token)" }
    var isAwaitingConsumer: Bool { status == .authenticationPending }

    /// The time of a change that happens now: later than every change before it, whatever the clock says.
    mutating func touch(at now: Instant) -> Instant {
        updatedAt = max(now, updatedAt.advanced(byMilliseconds: 1))
        return updatedAt
    }

    /// Goes on where a run before has ended.
    mutating func resume(_ status: ChargeStatus, updatedAt: Instant, events: Int) {
        (self.status, self.updatedAt, self.events) = (status, updatedAt, events)
    }

    /// - Returns: The number of an event that happens now.
    mutating func countEvent() -> Int {
        events += 1
        return events
    }

    /// One step of the state graph. The caller knows that it leads there.
    mutating func move(to next: ChargeStatus) { status = next }

    func operations(_ kind: OperationKind) -> [ChargeOperation] { operations.filter { $0.kind == kind } }

    func operation(_ id: String) -> ChargeOperation? { operations.first { $0.id == id } }

    mutating func update(_ id: String, at time: Instant, _ change: (inout ChargeOperation) -> Void) {
        guard let index = operations.firstIndex(where: { $0.id == id }) else { return }
        change(&operations[index])
        operations[index].updatedAt = time
    }

    /// Minor units of the operations of a kind that succeeded.
    func total(_ kind: OperationKind) -> Int64 { operations.reduce(0) { $1.kind == kind && $1.isDone ? $0 + $1.amount : $0 } }

    var chargedBack: Int64 { chargebacks.reduce(0, +) }

    /// What can still be captured or voided.
    var uncaptured: Int64 { total(.authorization) - total(.capture) - total(.void) }

    /// What can still be refunded.
    var refundable: Int64 { total(.capture) - total(.refund) }
}
