import AsyncHTTPClient

/// Which URLs an endpoint may have.
enum EndpointURL {
    /// http or https, a host, no credentials (they would end up in logs) and no fragment (it means nothing in a request).
    static func isUsable(_ text: String) -> Bool {
        guard text.utf8.count <= 2_048, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !text.contains("@"), !text.contains("#") else { return false }
        let lower = text.lowercased()
        guard lower.hasPrefix("http://") || lower.hasPrefix("https://") else { return false }
        return (try? HTTPClient.Request(url: text))?.host.isEmpty == false
    }
}
