extension Charge {
    /// The alarms that the charge's events raise by themselves, each with the money concerned in minor units of `currency`.
    package var alarms: [AlarmKind: Int64] {
        var found: [AlarmKind: Int64] = [:]
        if let difference = capturedDifference { found[.capturedDiffers] = difference }
        if refundedAfterChargeback > 0 { found[.refundedAfterChargeback] = refundedAfterChargeback }
        if let money = moneyMethodCannotMove { found[.methodCannot] = money }
        if anomalies > 0 { found[.anomaly] = amountAtStake }
        return found
    }

    /// What would be lost if the charge were forgotten, in minor units: what was captured, else authorized, else what is to be paid.
    package var amountAtStake: Int64 {
        if captured > 0 { return captured }
        return authorized > 0 ? authorized : amount ?? 0
    }

    /// How far what was captured is from what it should be: from what was authorized and not voided, once the charge is paid; from what was refunded, if that is
    /// more; from nothing, when the charge was canceled or failed. Nil when that is right, and when nothing was heard of captures or of an authorization, as in
    /// the deliveries of old accounts: then there is nothing to compare.
    private var capturedDifference: Int64? {
        guard captured > 0 else { return nil }
        let difference: Int128
        switch status.result {
        case _ where refunded > captured: difference = Int128(refunded) - Int128(captured)
        case .paid where authorized > 0, .refunded where authorized > 0: difference = Int128(authorized) - Int128(voided) - Int128(captured)
        case .canceled, .failed: difference = Int128(captured) - Int128(refunded)
        default: difference = 0
        }
        return difference == 0 ? nil : Int64(clamping: difference.magnitude)
    }

    /// The money that moved, or is moving, in a way that the payment method does not have, or all of it when the currency is not the method's; nil: none does.
    private var moneyMethodCannotMove: Int64? {
        let rules = PaymentMethodRules.of(paymentMethod)
        if let only = rules.currency, let currency, !currency.hasSameBytes(as: only) { return amountAtStake }
        var sum = Int128(0)
        if !rules.allowsRefunds { sum += Int128(refunded) }
        if !rules.allowsSeparateCaptures { sum += Int128(voided) }
        if !rules.allowsDisputes { sum += Int128(chargedBack) }
        if sum > 0 { return Int64(clamping: sum) }
        // Announced, but no amount that succeeded yet.
        return switch status {
        case .refundProcessing, .refunded: rules.allowsRefunds ? nil : amountAtStake
        case .voidProcessing, .voided: rules.allowsSeparateCaptures ? nil : amountAtStake
        default: nil
        }
    }
}
