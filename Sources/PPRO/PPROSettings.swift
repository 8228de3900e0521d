/// Where PPRO's API is and who asks.
package struct PPROSettings: Sendable {
    /// `https://api.eu.ppro.com` and the like, without a slash at the end.
    package let baseURL: String
    package let key: PPROKey
    package let merchantId: String
    /// Requests a second that we allow ourselves, at least 1. PPRO's limits are shared with the shop; its sandbox grants 5 reads and 5 writes a second.
    package var requestsPerSecond = 1
    /// For one attempt, connection and whole answer included.
    package var attemptTimeoutMilliseconds: Int64 = 15_000
    /// For one call with all its attempts and waits; a list of several pages is several calls.
    package var totalTimeoutMilliseconds: Int64 = 60_000
    package var connectTimeoutMilliseconds: Int64 = 5_000
    package var retryPlan = RetryPlan()

    /// Why settings cannot be used. Nothing of what was given is part of it: a URL may hold a password.
    package enum Failure: String, Error, Sendable, CustomStringConvertible {
        case url = "must be an https:// URL with a host and without user, password, query or fragment"
        case plain = "must be https://: plain http is only for a sandbox on this machine (127.0.0.1, [::1], localhost), for the key travels with every request"
        case merchantId = "must be 1 to 128 visible ASCII characters"

        package var description: String { rawValue }
    }

    /// - Parameters:
    ///   - baseURL: With https; with http only for a sandbox on this machine, for the key travels with every request.
    ///   - merchantId: PPRO's, `merch_…`.
    package init(baseURL: String, key: PPROKey, merchantId: String) throws(Failure) {
        guard let trimmed = Self.usable(baseURL) else { throw .url }
        guard trimmed.hasPrefix("https://") || Self.isLoopback(trimmed) else { throw .plain }
        guard (1...128).contains(merchantId.utf8.count), merchantId.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .merchantId }
        self.baseURL = trimmed
        self.key = key
        self.merchantId = merchantId
    }

    /// PPRO's sandbox, or one on this machine: no real money moves there, and an invented consumer will do.
    package var isSandbox: Bool {
        let host = baseURL.dropFirst(baseURL.hasPrefix("https://") ? 8 : 7).prefix { $0 != "/" && $0 != ":" }
        return !baseURL.hasPrefix("https://") || host.split(separator: ".").contains("sandbox") || host == "localhost"
    }

    private static func usable(_ text: String) -> String? {
        let scheme = text.hasPrefix("https://") ? "https://" : text.hasPrefix("http://") ? "http://" : nil
        guard let scheme, text.utf8.count <= 2_048 else { return nil }
        var rest = Array(text.utf8.dropFirst(scheme.utf8.count))
        while rest.last == UInt8(ascii: "/") { rest.removeLast() }
        let refused = Array("@?#\\\"<>^`{|}".utf8)
        guard let first = rest.first, first != UInt8(ascii: "/"), first != UInt8(ascii: ":"),
            rest.allSatisfy({ (0x21...0x7E).contains($0) && !refused.contains($0) })
        else { return nil }
        return scheme + String(decoding: rest, as: UTF8.self)
    }

    /// Whether the URL, one with http, leads to this machine. The host is compared as it is written: a name could lead anywhere.
    private static func isLoopback(_ url: String) -> Bool {
        let authority = url.dropFirst("http://".count).prefix { $0 != "/" }
        if authority.hasPrefix("[") { return authority == "[::1]" || authority.hasPrefix("[::1]:") }
        let host = authority.prefix { $0 != ":" }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return host == "localhost" || (numbers.count == 4 && numbers.first == 127 && !numbers.contains(nil))
    }
}
