internal import PaymentCore

/// A charge's way through the statuses.
extension ProviderBook {
    mutating func create(_ request: ChargeRequest, base: String, at now: Instant) -> String {
        let charge = ProviderCharge(
            id: generator.id("charge_"), number: created + 1, token: generator.id(""), sessionId: generator.id("sess_"),
            instrumentId: generator.id("instr_"), request: request, base: base, at: now)
        add(charge)
        tell(.chargeCreated, of: charge, at: now)
        let id = charge.id
        let authorization = operation(.authorization, amount: request.amount.value, of: id, at: now)
        guard request.course.authentication != nil else {
            authorize(id, at: now)
            return id
        }
        let timeout = charge.rules.authenticationTimeoutMilliseconds
        let limit = now.advanced(byMilliseconds: rules.scaled(timeout))
        change(id, at: now, telling: .chargeAuthenticationPending) { charge, time in
            charge.move(to: .authenticationPending)
            charge.authenticateBy = limit
            charge.update(authorization, at: time) { $0.status = "AUTHENTICATION_PENDING" }
            return nil
        }
        schedule(.authenticationTimeout, of: id, at: now, afterMilliseconds: timeout)
        return id
    }

    /// The consumer has authenticated, or did not have to.
    mutating func authorize(_ id: String, at now: Instant) {
        guard let charge = charges[id] else { return }
        guard let seconds = charge.request.course.confirmationDelaySeconds else { return conclude(id, at: now) }
        change(id, at: now, telling: .chargeProviderConfirmationPending) { charge, time in
            charge.move(to: .authorizationAsync)
            charge.updateAuthorization(at: time) { $0.status = "AUTHORIZATION_ASYNC" }
            return nil
        }
        schedule(.providerConfirmation, of: id, at: now, afterMilliseconds: seconds * 1000)
    }

    /// The provider has decided.
    private mutating func conclude(_ id: String, at now: Instant) {
        guard let charge = charges[id] else { return }
        if charge.isMock, let failure = ChargeFailure.ofMock(amount: charge.request.amount.value) { return fail(id, failure, at: now) }
        let requiresCapture = charge.request.course.requiresCapture
        let capture = requiresCapture ? nil : operation(.capture, amount: charge.request.amount.value, of: id, at: now)
        change(id, at: now, telling: .chargeAuthorizationSucceeded) { charge, time in
            charge.move(to: requiresCapture ? .capturePending : .captureProcessing)
            charge.updateAuthorization(at: time) { $0.status = OperationKind.authorization.wordDone }
            return nil
        }
        if let capture { schedule(.operation(capture), of: id, at: now, afterMilliseconds: ProviderRules.processingMilliseconds) }
    }

    mutating func fail(_ id: String, _ failure: ChargeFailure, at now: Instant) {
        change(id, at: now, telling: .chargeAuthorizationFailed) { charge, time in
            charge.move(to: .failed)
            charge.failure = failure
            charge.updateAuthorization(at: time) { $0.fail(failure) }
            return nil
        }
    }

    mutating func happen(_ due: Due, to id: String, at now: Instant) {
        guard let charge = charges[id] else { return }
        switch due {
        case .authenticationTimeout: if charge.isAwaitingConsumer { discard(id, "AUTHENTICATION_TIMEOUT", at: now) }
        case .providerConfirmation: if charge.status == .authorizationAsync { conclude(id, at: now) }
        case .operation(let operation): end(operation, of: charge, at: now)
        case .funds(let id):
            guard let operation = charge.operation(id), operation.fundsState == operation.fundsWaiting else { return }
            moveFunds(id, of: charge.id, at: now, to: operation.fundsDone)
        }
    }

    /// - Parameter fails: PPRO tried and could not: the charge stays as it is.
    mutating func discard(_ id: String, _ type: String, reference: String? = nil, fails: Bool = false, at now: Instant) {
        guard let amount = charges[id]?.request.amount.value else { return }
        let discard = operation(.discard, amount: amount, of: id, at: now, reference: reference)
        change(id, at: now, telling: fails ? .chargeDiscardFailed : .chargeDiscarded) { charge, time in
            charge.update(discard, at: time) {
                $0.status = fails ? "FAILED" : OperationKind.discard.wordDone
                $0.discardType = type
            }
            if fails { return nil }
            charge.move(to: .discarded)
            charge.updateAuthorization(at: time) { $0.status = OperationKind.discard.wordDone }
            return nil
        }
    }

    /// A capture, refund or void that was under way has ended.
    private mutating func end(_ operation: String, of charge: ProviderCharge, at now: Instant) {
        guard let ended = charge.operation(operation) else { return }
        let isMock = charge.isMock
        let failure = isMock ? ChargeFailure.ofMock(amount: ended.amount) : nil
        let ending = OperationEnding(ended.kind, hasFailed: failure != nil)
        change(charge.id, at: now, telling: ending.type) { charge, time in
            charge.update(operation, at: time) { operation in
                if let failure { return operation.fail(failure) }
                operation.status = operation.kind.wordDone
                // Jenius Pay has no settlement risk: that its money is on the way is no news, only that it has come.
                if !isMock, operation.kind != .void { operation.fundsState = operation.fundsWaiting }
            }
            for status in ending.way(of: charge) { charge.move(to: status) }
            return charge.operation(operation)
        }
        guard failure == nil, ended.kind != .void else { return }
        if isMock { moveFunds(operation, of: charge.id, at: now, to: ended.fundsWaiting) }
        schedule(.funds(operation), of: charge.id, at: now, afterMilliseconds: ProviderRules.fundsMilliseconds)
    }

    mutating func moveFunds(_ operation: String, of id: String, at now: Instant, to state: String) {
        change(id, at: now, telling: .fundsStateChanged) { charge, time in
            charge.update(operation, at: time) { $0.fundsState = state }
            return charge.operation(operation)
        }
    }

    /// Adds an operation that has just begun; the change of the charge that comes with it is told by the caller.
    mutating func operation(_ kind: OperationKind, amount: Int64, of id: String, at now: Instant, reference: String? = nil) -> String {
        let operationId = generator.id(kind.idPrefix)
        let time = charges[id].map { max(now, $0.updatedAt) } ?? now
        let operation = ChargeOperation(
            kind: kind, id: operationId, amount: amount, reference: reference, status: kind.wordUnderWay, createdAt: time, updatedAt: time)
        charges[id]?.operations.append(operation)
        return operationId
    }
}

extension ProviderCharge {
    fileprivate mutating func updateAuthorization(at time: Instant, _ change: (inout ChargeOperation) -> Void) {
        guard let id = operations(.authorization).first?.id else { return }
        update(id, at: time, change)
    }
}

extension ChargeOperation {
    fileprivate mutating func fail(_ failure: ChargeFailure) {
        status = "FAILED"
        self.failure = failure
    }
}

/// What the end of a capture, refund or void means for its charge.
private struct OperationEnding {
    let kind: OperationKind
    let hasFailed: Bool

    init(_ kind: OperationKind, hasFailed: Bool) {
        self.kind = kind
        self.hasFailed = hasFailed
    }

    var type: EventType {
        switch kind {
        case .refund: hasFailed ? .chargeRefundFailed : .chargeRefundSucceeded
        case .void: hasFailed ? .chargeVoidFailed : .chargeVoidSucceeded
        case .capture, .authorization, .discard: hasFailed ? .chargeCaptureFailed : .chargeCaptureSucceeded
        }
    }

    /// The statuses that the charge goes through from the PROCESSING one, the last one to stay.
    func way(of charge: ProviderCharge) -> [ChargeStatus] {
        switch kind {
        case .refund: [charge.refundable == 0 ? .refunded : .captured]
        case .void where charge.uncaptured == 0 && charge.total(.capture) == 0: [.voided]
        // What is left after a partial capture was voided: nothing more can be captured, so it counts as captured.
        case .void where charge.uncaptured == 0: [.capturePending, .captured]
        case .void: [.capturePending]
        case .capture, .authorization, .discard: [charge.uncaptured == 0 ? .captured : .capturePending]
        }
    }
}
