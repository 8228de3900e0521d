internal import PaymentCore

/// What happens at PPRO or at a bank, where no API of PPRO's has a say in it, and here when somebody asks for it: `POST /sandbox/charges/{id}/…`.
enum ChargeTrigger: String, Sendable, CaseIterable { case chargeback, funds, discard, refund }

extension ProviderBook {
    /// - Parameter body: Empty counts as `{}`. `force` does what the payment method does not have.
    mutating func pull(_ trigger: ChargeTrigger, on id: String, body: [UInt8], at now: Instant) throws(Refusal) {
        let charge = try charge(id: id)
        let fields = try RequestFields(body: body.isEmpty ? Array("{}".utf8) : body)
        switch trigger {
        case .chargeback: try chargeBack(charge, fields, at: now)
        case .funds: try setFunds(charge, fields, at: now)
        case .discard: try discard(charge, fields, at: now)
        case .refund:
            let isForced = try Self.isForced(fields, charge, has: charge.rules.allowsRefunds, "refunds")
            let amount = try fields.integer("amount", atLeast: 1) ?? max(charge.refundable, 1)
            _ = try begin(.refund, on: charge, amount: amount, reference: try fields.text("merchantRefundReference"), isForced: isForced, at: now)
        }
    }

    /// `amount`: all that was captured and not charged back yet, if it is not given.
    private mutating func chargeBack(_ charge: ProviderCharge, _ fields: RequestFields, at now: Instant) throws(Refusal) {
        _ = try Self.isForced(fields, charge, has: charge.isMock, "disputes")
        let most = charge.total(.capture) - charge.chargedBack
        guard most > 0 else { throw .notAllowed("nothing was captured that is not charged back: the charge is \(charge.status)") }
        let amount = try fields.integer("amount", atLeast: 1) ?? most
        guard amount <= most else { throw .field("amount must be at most \(most), what was captured and not charged back") }
        change(charge.id, at: now, telling: .chargebackSucceeded) { charge, _ in
            charge.chargebacks.append(amount)
            return nil
        }
    }

    /// `state`, and `operationId`: the last capture or refund of the state's kind, if it is not given.
    private mutating func setFunds(_ charge: ProviderCharge, _ fields: RequestFields, at now: Instant) throws(Refusal) {
        let state = try fields.requiredWord("state", of: ChargeOperation.fundsStates)
        let kind = state.hasPrefix("REFUND") ? OperationKind.refund : .capture
        let wanted = try fields.text("operationId")
        guard let operation = charge.operations(kind).last(where: { $0.isDone && (wanted == nil || $0.id == wanted) }) else {
            throw .notAllowed("the charge has no \(kind.rawValue) that succeeded\(wanted == nil ? "" : " with this operationId")")
        }
        moveFunds(operation.id, of: charge.id, at: now, to: state)
    }

    /// `discardType`, `merchantDiscardReference`, and `fails`: then the charge stays as it is.
    private mutating func discard(_ charge: ProviderCharge, _ fields: RequestFields, at now: Instant) throws(Refusal) {
        let type = try fields.word("discardType", of: ["MERCHANT_INITIATED_DISCARD", "PROVIDER_CONFIRMATION_TIMEOUT", "AUTHENTICATION_TIMEOUT"])
        let reference = try fields.text("merchantDiscardReference")
        let statuses: [ChargeStatus] =
            switch type {
            case "PROVIDER_CONFIRMATION_TIMEOUT": [.authorizationAsync]
            case "AUTHENTICATION_TIMEOUT": [.authenticationPending]
            default: [.authenticationPending, .authorizationAsync]
            }
        guard statuses.contains(charge.status) else {
            throw .notAllowed("\(type) needs a charge that is \(statuses.map(\.word).joined(separator: " or ")), this one is \(charge.status)")
        }
        discard(charge.id, type, reference: reference, fails: try fields.bool("fails") ?? false, at: now)
    }

    /// Whether the rule is to be broken.
    private static func isForced(_ fields: RequestFields, _ charge: ProviderCharge, has isPossible: Bool, _ name: String) throws(Refusal) -> Bool {
        let isForced = try fields.bool("force") ?? false
        guard isPossible || isForced else { throw .notAllowed("\(charge.request.method) has no \(name); {\"force\":true} does it all the same") }
        return isForced
    }
}
