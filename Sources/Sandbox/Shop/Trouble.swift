/// Trouble on demand: which notifications the shop fails although nothing is wrong with them.
struct Trouble: Sendable {
    /// Each notification's first so many attempts.
    var failFirst = 0
    /// The order (or charge) that always fails.
    var failOrder: String?
    /// The answer to what is failed.
    var status = 500
    /// Everything fails.
    var always = false
    /// Waited before each answer.
    var latencyMilliseconds: Int64 = 0

    /// The status to fail with, or nil.
    /// - Parameter attempt: from 1.
    func failure(of notification: ShopNotification, attempt: Int) -> Int? {
        let isMeant = always || attempt <= failFirst || (failOrder.map { $0 == notification.charge?.orderReference || $0 == notification.subject } ?? false)
        return isMeant ? status : nil
    }
}
