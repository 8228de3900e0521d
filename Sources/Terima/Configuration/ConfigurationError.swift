/// A configuration that cannot be used. The message names the key, where it was set, what is wrong and what is right; never a secret's value.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case unknownKey = "unknown_key"
        case badValue = "bad_value"
        case missing = "missing_value"
        case unreadable = "unreadable"
    }

    package var code: Code
    /// The key as it is written at its origin, e.g. `TERIMA_LISTEN` or `listen in /etc/terima/terima.yaml`.
    package var key: String
    package var problem: String

    package init(_ code: Code, key: String, _ problem: String) {
        self.code = code
        self.key = key
        self.problem = problem
    }

    package var description: String { "configuration: \(key): \(problem) (\(code.rawValue))" }
}
