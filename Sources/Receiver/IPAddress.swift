import NIOCore

/// An address of a machine, without a port. One of IPv4 that is written in IPv6's form (`::ffff:192.0.2.1`) is the same as the plain one.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 bytes, or 16 of IPv6.
    let bytes: [UInt8]
    /// As the system writes it.
    package let description: String

    /// Nil when the text is no address in the usual form; zones (`fe80::1%eth0`) are none.
    package init?(_ text: String) {
        guard !text.utf8.contains(UInt8(ascii: "%")), let address = try? SocketAddress(ipAddress: text, port: 0) else { return nil }
        self.init(address)
    }

    /// Nil for a Unix socket.
    init?(_ address: SocketAddress) {
        let bytes: [UInt8]
        // The fields have no name here (their module is NIO's own): in `sockaddr_in` family and port come before the address, in `sockaddr_in6` the flow, too.
        switch address {
        case .v4(let address): bytes = withUnsafeBytes(of: address.address) { Array($0[4..<8]) }
        case .v6(let address): bytes = withUnsafeBytes(of: address.address) { Array($0[8..<24]) }
        case .unixDomainSocket: return nil
        }
        let isMapped = bytes.count == 16 && bytes.starts(with: Self.mappedPrefix)
        self.bytes = isMapped ? Array(bytes.suffix(4)) : bytes
        description = isMapped ? self.bytes.map(String.init).joined(separator: ".") : address.ipAddress ?? ""
    }

    private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    package static func == (one: IPAddress, other: IPAddress) -> Bool { one.bytes == other.bytes }

    package func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}
