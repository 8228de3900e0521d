internal import NIOCore

/// Addresses that come with requests: webhooks go to some, browsers are sent to others.
enum WebAddress {
    /// Whether it is an absolute HTTP URL of visible ASCII, so that it can stand in a header and in a page, without a user and a password.
    static func isUsable(_ text: String) -> Bool { problem(with: text) == nil }

    /// What it must be and is not, to follow the name of the field; nil when nothing is wrong.
    static func problem(with text: String) -> String? {
        guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) else { return "must be an http or https URL" }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"\"<>\\^`{|}".utf8.contains($0) }) else {
            return "must be a URL of visible ASCII characters, others percent-encoded"
        }
        let authority = text.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        if authority.contains("@") { return "must be a URL without a user and a password" }
        return authorityProblem(authority)
    }

    /// A host with or without a port, as the `Host` header has it.
    static func isHost(_ text: String) -> Bool { text.utf8.count <= 255 && text.utf8.allSatisfy { $0 < 0x80 } && authorityProblem(text[...]) == nil }

    private static func authorityProblem(_ authority: Substring) -> String? {
        // Colons are in IPv6 addresses too: those stand in brackets.
        let hostEnd = authority.hasPrefix("[") ? authority.firstIndex(of: "]").map { authority.index(after: $0) } : authority.firstIndex(of: ":")
        let (host, rest) = (authority[..<(hostEnd ?? authority.endIndex)], authority[(hostEnd ?? authority.endIndex)...])
        if host.isEmpty { return "must be a URL with a host" }
        if host.hasPrefix("[") {
            let address = String(host.dropFirst().dropLast(host.hasSuffix("]") ? 1 : 0))
            guard hostEnd != nil, address.contains(":"), (try? SocketAddress(ipAddress: address, port: 0)) != nil else {
                return "must be a URL whose IPv6 address is a right one in brackets, like http://[::1]:8080/"
            }
        } else if !host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) }) {
            return "must be a URL whose host has only letters, digits, dots and hyphens"
        }
        guard !rest.isEmpty else { return nil }
        let port = rest.dropFirst()
        let isRight = rest.hasPrefix(":") && port.allSatisfy { ("0"..."9").contains($0) } && Int(port).map { (1...65_535).contains($0) } == true
        return isRight ? nil : "must be a URL whose port is from 1 to 65535"
    }
}
