internal import PaymentCore

/// What the merchant asks for by `POST`, beyond creating a charge.
extension ProviderBook {
    /// Begins a capture, refund or void. It ends a moment later.
    /// - Returns: The operation's id.
    mutating func operate(_ kind: OperationKind, on id: String, body: [UInt8], at now: Instant) throws(Refusal) -> String {
        let charge = try charge(id: id)
        let fields = try RequestFields(body: body)
        let amount = try fields.requiredInteger("amount", atLeast: 1)
        let reference = try kind.referenceName.flatMap { name throws(Refusal) in try fields.text(name) }
        return try begin(kind, on: charge, amount: amount, reference: reference, at: now)
    }

    /// - Parameter isForced: Also when the payment method has no such operation.
    mutating func begin(
        _ kind: OperationKind, on charge: ProviderCharge, amount: Int64, reference: String?, isForced: Bool = false, at now: Instant
    ) throws(Refusal) -> String {
        let id = charge.id
        let step = OperationStep(kind)
        guard isForced || step.isPossible(charge.rules) else { throw .notAllowed("\(charge.request.method) has no \(step.name)") }
        guard charge.status == step.from else { throw .notAllowed("a \(kind.rawValue) needs a charge that is \(step.from), this one is \(charge.status)") }
        let most = kind == .refund ? charge.refundable : charge.uncaptured
        guard amount <= most else { throw .field("amount must be at most \(most), what is left to \(kind.rawValue)") }

        let operation = operation(kind, amount: amount, of: id, at: now, reference: reference)
        change(id, at: now, telling: kind == .refund ? .chargeRefundPending : nil) { charge, time in
            charge.move(to: step.while)
            charge.update(operation, at: time) { _ in }
            return charge.operation(operation)
        }
        schedule(.operation(operation), of: id, at: now, afterMilliseconds: ProviderRules.processingMilliseconds)
        return operation
    }

    /// The code that the consumer was asked for: `{"authenticationResult":{"type":"MULTI_FACTOR","details":{"verificationCode":"123"}}}`.
    mutating func submitCode(of id: String, body: [UInt8], at now: Instant) throws(Refusal) {
        let charge = try charge(id: id)
        let result = try RequestFields(body: body).requiredObject("authenticationResult")
        _ = try result.word("type", of: [ChargeCourse.Authentication.multiFactor.rawValue])
        let code = try result.requiredObject("details").requiredText("verificationCode")
        guard charge.isAwaitingConsumer, charge.request.course.authentication == .multiFactor else {
            throw .notAllowed("the charge does not wait for a code")
        }
        guard code == WalletDecision.rightCode else { throw .field("authenticationResult.details.verificationCode is wrong") }
        authorize(id, at: now)
    }
}

/// What a capture, refund or void needs and does.
private struct OperationStep {
    let kind: OperationKind

    init(_ kind: OperationKind) { self.kind = kind }

    var name: String { kind == .capture ? "separate captures" : kind.listName }
    var from: ChargeStatus { kind == .refund ? .captured : .capturePending }

    /// The status while it is under way.
    var `while`: ChargeStatus {
        switch kind {
        case .refund: .refundProcessing
        case .void: .voidProcessing
        case .capture, .authorization, .discard: .captureProcessing
        }
    }

    func isPossible(_ rules: PaymentMethodRules) -> Bool { kind == .refund ? rules.allowsRefunds : rules.allowsSeparateCaptures }
}
