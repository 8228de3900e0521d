/// Addresses that come with requests: webhooks go to some, browsers are sent to others.
enum WebAddress {
    /// Whether it is an absolute HTTP URL of visible ASCII, so that it can stand in a header and in a page, without a user and a password.
    static func isUsable(_ text: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) else { return false }
        let authority = text.utf8.dropFirst(scheme.utf8.count).prefix { !"/?#".utf8.contains($0) }
        return !authority.isEmpty && !authority.contains(UInt8(ascii: "@"))
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\"<>\\^`{|}".utf8.contains($0) }
    }

    /// A host with or without a port, as the `Host` header has it.
    static func isHost(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: ".-_:[]".utf8.contains(byte)
                }
            }
    }
}
