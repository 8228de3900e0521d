/// What the shop knows: which notifications it had, and how far each order is. A pure value.
struct ShopBook: Sendable {
    /// What a notification is to the shop.
    enum Finding: Sendable, Equatable {
        /// Something new; the charge as it was known before.
        case news(previous: ShopNotification.Charge?)
        /// Had before, by `webhook-id`.
        case duplicate
        /// A newer version of the same charge or agreement was there first.
        case older(known: Int64)
    }

    private struct Known {
        var version: Int64
        var charge: ShopNotification.Charge?
    }

    private var seen: Set<String> = []
    private var known: [String: Known] = [:]

    /// Looks a notification up and changes nothing, so that it can be written down before it counts.
    func find(_ notification: ShopNotification) -> Finding {
        if seen.contains(notification.id) { return .duplicate }
        guard let before = known[notification.subject], let version = notification.version else { return .news(previous: nil) }
        return version <= before.version ? .older(known: before.version) : .news(previous: before.charge)
    }

    /// Remembers a notification. One that is older than what is known is remembered by its id only.
    mutating func remember(_ notification: ShopNotification) {
        let finding = find(notification)
        seen.insert(notification.id)
        guard case .news = finding, let version = notification.version else { return }
        known[notification.subject] = Known(version: version, charge: notification.charge)
    }
}
