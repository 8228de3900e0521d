internal import PaymentCore

/// What the wallet page shows and does.
extension ProviderBook {
    /// - Returns: nil for a token that opens nothing.
    func walletPage(token: String, at now: Instant) -> WalletPage? {
        guard let charge = charge(token: token), let type = charge.request.course.authentication else { return nil }
        return WalletPage(
            merchant: rules.merchantName, amount: Currency.format(charge.request.amount), method: charge.request.method,
            reference: charge.request.orderReference ?? charge.request.reference ?? charge.id, descriptor: charge.isMock ? nil : charge.request.descriptor,
            chargeId: charge.id, type: type, state: WalletPage.State(charge.status), failureCode: charge.failure?.code, returnUrl: charge.request.returnUrl,
            until: charge.authenticateBy, now: now)
    }

    /// Does what the consumer chose. On a second click nothing happens; neither does it on a charge that does not wait for the consumer any more, but if
    /// something else has become of it than was chosen, the consumer hears of that.
    /// - Returns: nil for a token that opens nothing.
    mutating func decide(_ decision: WalletDecision, token: String, at now: Instant) -> WalletOutcome? {
        guard let charge = charge(token: token), let type = charge.request.course.authentication else { return nil }
        let next = WalletOutcome.goOn(charge.request.returnUrl ?? charge.walletUrl)
        guard charge.isAwaitingConsumer else { return decision.isMet(by: charge) ? next : .tooLate }
        switch decision {
        case .abandon: break
        case .decline: fail(charge.id, .canceledByConsumer, at: now)
        case .approve where type == .multiFactor: return .wrongCode
        case .approve: authorize(charge.id, at: now)
        case .code(let code):
            guard type != .multiFactor || code == WalletDecision.rightCode else { return .wrongCode }
            authorize(charge.id, at: now)
        }
        return next
    }
}
