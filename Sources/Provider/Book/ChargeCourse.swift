/// How a charge will go.
struct ChargeCourse: Sendable, Equatable {
    enum Authentication: String, Sendable, CaseIterable {
        case redirect = "REDIRECT"
        case scanCode = "SCAN_CODE"
        case multiFactor = "MULTI_FACTOR"
    }

    /// What the consumer has to do first, if anything.
    var authentication: Authentication?
    /// The provider confirms later, after so many seconds.
    var confirmationDelaySeconds: Int64?
    /// Stops when authorized, for the merchant to capture or void.
    var requiresCapture = false

    /// Every Jenius Pay charge.
    static let jeniusPay = ChargeCourse(authentication: .redirect)

    init(authentication: Authentication? = nil, confirmationDelaySeconds: Int64? = nil, requiresCapture: Bool = false) {
        self.authentication = authentication
        self.confirmationDelaySeconds = confirmationDelaySeconds
        self.requiresCapture = requiresCapture
    }

    /// What the `paymentDescriptor` of a `MOCK` charge asks for: `key=value` pairs joined by `;`. What is not asked for does not happen; text that is no such
    /// pair is for the consumer's eyes.
    /// - Throws: 400 for a value that its key does not have.
    init(mock descriptor: String?) throws(Refusal) {
        var values: [Substring: String] = [:]
        for pair in (descriptor ?? "").split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { $0.trimmed }
            guard parts.count == 2 else { continue }
            values[parts[0]] = String(parts[1])
        }
        func isTrue(_ key: Substring) throws(Refusal) -> Bool {
            switch values[key] {
            case nil, "false": return false
            case "true": return true
            default: throw .field("paymentDescriptor: \(key) must be true or false")
            }
        }
        self.init(requiresCapture: try isTrue("requiresCapture"))
        let type = values["authenticationType"] ?? Authentication.redirect.rawValue
        guard let authentication = Authentication(rawValue: type) else {
            throw .field("paymentDescriptor: authenticationType must be one of \(Authentication.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        if try isTrue("requiresAuthentication") { self.authentication = authentication }
        let delay = values["providerConfirmationDelay"] ?? "10"
        guard let seconds = Int64(delay), (0...86_400).contains(seconds) else {
            throw .field("paymentDescriptor: providerConfirmationDelay must be a number of seconds from 0 to 86400")
        }
        if try isTrue("providerConfirmation") { confirmationDelaySeconds = seconds }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
