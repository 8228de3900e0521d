import PaymentCore
import Synchronization

/// The token of the operator API, which can be replaced while requests come.
final class BearerToken: Sendable {
    private let bytes: Mutex<[UInt8]>

    init(_ text: String) { bytes = Mutex(Array(text.utf8)) }

    /// For requests from here on.
    func replace(with text: String) { bytes.withLock { $0 = Array(text.utf8) } }

    /// Compared in constant time.
    func matches(_ given: Substring) -> Bool { ConstantTime.areEqual(Array(given.utf8), bytes.withLock { $0 }) }
}
