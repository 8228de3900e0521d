internal import PaymentCore

/// The idempotency keys that were sent lately, each with the request it stands for: a key used for something else is caught before PPRO has to answer 409,
/// which looks the same as "still under way".
struct SentKeys: Sendable {
    static let maximum = 256

    private var fingerprints: [IdempotencyKey: [UInt8]] = [:]
    private var order: [IdempotencyKey] = []

    /// Remembers what the key is for; false when it is already for something else.
    mutating func admit(_ key: IdempotencyKey, target: String, body: [UInt8]) -> Bool {
        let fingerprint = Digest.sha256(Array(target.utf8) + [0x0A] + body)
        if let known = fingerprints[key] { return known == fingerprint }
        if order.count >= Self.maximum { fingerprints[order.removeFirst()] = nil }
        order.append(key)
        fingerprints[key] = fingerprint
        return true
    }

    /// After a refusal (4xx) PPRO alone knows whether the key is still for that request.
    mutating func forget(_ key: IdempotencyKey) {
        guard fingerprints.removeValue(forKey: key) != nil else { return }
        order.removeAll { $0 == key }
    }
}
