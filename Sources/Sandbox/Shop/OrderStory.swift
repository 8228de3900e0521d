import PaymentCore

/// Tells in plain words what a notification means for an order.
enum OrderStory {
    /// The line over an order's sentences.
    static func title(_ notification: ShopNotification) -> String {
        guard let charge = notification.charge else { return notification.subject }
        let method = charge.paymentMethod.map(methodName)
        guard let order = charge.orderReference else { return "Charge \(charge.id)" + (method.map { " (\($0))" } ?? "") }
        return "Order \(order) (" + [method, charge.id].compactMap(\.self).joined(separator: ", ") + ")"
    }

    /// One sentence.
    /// - Parameter previous: the charge as the shop knew it before, nil when it is new to the shop.
    static func sentence(_ notification: ShopNotification, previous: ShopNotification.Charge?) -> String {
        guard let charge = notification.charge else {
            if notification.type.hasPrefix("ppro.") { return "PPRO says \(notification.type.dropFirst(5))." }
            return "Now \(notification.status ?? notification.type)."
        }
        if charge.status == (notification.previousStatus ?? previous?.status) { return detail(charge, previous: previous) }
        return news(charge)
    }

    /// What stands before a sentence: `2026-06-03 11:23:47`, when it happened at PPRO.
    static func time(_ notification: ShopNotification) -> String {
        guard let text = notification.time?.iso8601, text.utf8.count == 24 else { return "at an unknown time  " }
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
    }

    private static func news(_ charge: ShopNotification.Charge) -> String {
        let method = charge.paymentMethod.map(methodName) ?? "the provider"
        switch charge.status {
        case "AUTHORIZATION_PROCESSING": return "The payment was started."
        case "AUTHENTICATION_PENDING": return "Waiting for the customer to confirm in \(method)."
        case "AUTHORIZATION_ASYNC": return "The customer confirmed; waiting for \(method)."
        case "CAPTURE_PENDING": return "\(money(charge.authorized, charge)) is reserved and waits to be captured."
        case "CAPTURE_PROCESSING": return "Confirmed; \(money(charge.authorized, charge)) is on its way."
        case "CAPTURED": return "PAID: \(money(charge.captured, charge)). Ship it."
        case "REFUND_PROCESSING": return "A refund is on its way."
        case "REFUNDED": return "REFUNDED: \(money(charge.refunded, charge)) went back to the customer."
        case "VOID_PROCESSING": return "The reservation is being undone."
        case "VOIDED": return "CANCELED: the reservation was undone, no money moved. The goods are free again."
        case "DISCARD_PROCESSING": return "The payment is being canceled."
        case "DISCARDED": return "CANCELED: nobody confirmed in time, no money moved. The goods are free again."
        case "FAILED": return "DECLINED\(charge.failureCode.map { " (\($0))" } ?? ""): no money moved. The goods are free again."
        default: return "PPRO's status is \(charge.status), a word this shop does not know (\(charge.result)): left as it is."
        }
    }

    private static func detail(_ charge: ShopNotification.Charge, previous: ShopNotification.Charge?) -> String {
        if charge.chargedBack != previous?.chargedBack ?? 0 { return "CHARGED BACK: \(money(charge.chargedBack, charge)) was taken back." }
        if charge.refunded != previous?.refunded ?? 0 { return "\(money(charge.refunded, charge)) of it is refunded." }
        if charge.captured != previous?.captured ?? 0 { return "\(money(charge.captured, charge)) of it is captured." }
        if let funds = charge.fundsState, funds != previous?.fundsState { return "PPRO's word on the funds: \(funds)." }
        return "A detail was filled in; still \(charge.result)."
    }

    private static func money(_ value: Int64, _ charge: ShopNotification.Charge) -> String {
        charge.currency.map { Currency.format(Money(value: value, currency: $0)) } ?? "An unknown amount"
    }

    /// `JENIUS_PAY` as people write it: `Jenius Pay`.
    private static func methodName(_ word: String) -> String {
        word.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst().lowercased() }.joined(separator: " ")
    }
}
