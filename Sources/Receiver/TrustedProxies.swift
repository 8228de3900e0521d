import NIOCore

/// The proxies whose `X-Forwarded-For` is believed, and whom it makes a request's sender. Only the log of refusals asks; nothing is decided by it.
package struct TrustedProxies: Sendable {
    /// Nobody is believed: a request comes from whoever sent it.
    package static let none = TrustedProxies([])

    /// Of one request's list, from the right; a proxy in front of a proxy in front of a proxy is rare enough.
    private static let longestChain = 16

    private let ranges: [AddressRange]

    package init(_ ranges: [AddressRange]) { self.ranges = ranges }

    var isEmpty: Bool { ranges.isEmpty }

    private func trusts(_ address: IPAddress) -> Bool { ranges.contains { $0.contains(address) } }

    /// Where a request came from: the peer itself or, when that is a trusted proxy, the rightmost address in `forwarded` that is not one. What was further left
    /// could have been written by anybody. A list that cannot be read is not believed; one of trusted proxies alone names its first.
    /// - Parameters:
    ///   - peer: Of the connection.
    ///   - forwarded: Every value of `X-Forwarded-For`, in the order received.
    /// - Returns: An address as the system writes it, `unix` for a Unix socket; nil when the connection has no peer any more.
    func source(peer: SocketAddress?, forwarded: [String]) -> String? {
        guard let peer else { return nil }
        guard let nearest = IPAddress(peer) else { return "unix" }
        guard trusts(nearest) else { return nearest.description }
        var hops = Hops(forwarded)
        var sender = nearest
        for _ in 0..<Self.longestChain where trusts(sender) {
            guard let hop = hops.next() else { break }
            guard let address = Self.address(hop) else { return nearest.description }
            sender = address
        }
        return sender.description
    }

    /// The items of several lists as if they were one, from the right; what is not asked for is not looked at.
    private struct Hops: IteratorProtocol {
        private var values: ArraySlice<String>
        private var rest: Substring?

        init(_ values: [String]) { self.values = values[...] }

        mutating func next() -> Substring? {
            guard let list = rest ?? values.popLast().map({ Substring($0) }) else { return nil }
            guard let comma = list.utf8.lastIndex(of: UInt8(ascii: ",")) else {
                rest = nil
                return list
            }
            rest = list[..<comma]
            return Substring(list.utf8[list.utf8.index(after: comma)...])
        }
    }

    /// `192.0.2.1`, `2001:db8::1`; some proxies add a port: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
    private static func address(_ text: Substring) -> IPAddress? {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        // Longer than any address with a port.
        guard text.utf8.count <= 64 else { return nil }
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]"), isPort(text[text.index(after: end)...]) else { return nil }
            return IPAddress(String(text[..<end].dropFirst()))
        }
        guard let colon = text.firstIndex(of: ":"), text[text.index(after: colon)...].firstIndex(of: ":") == nil else { return IPAddress(String(text)) }
        return isPort(text[colon...]) ? IPAddress(String(text[..<colon])) : nil
    }

    /// Nothing, or a colon and a port.
    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || (text.first == ":" && text.dropFirst().utf8.allSatisfy { (48...57).contains($0) } && UInt16(text.dropFirst()) != nil)
    }
}
