/// The two things there are to talk to.
enum Resource: Sendable, Equatable {
    case webhook, health

    private static let webhookPath = "/webhooks/ppro"
    private static let healthPath = "/healthz"

    /// What a request target means; nil when it means nothing here. A query is ignored, because some configure their webhook URL with one, and the absolute
    /// form is taken as RFC 9112 section 3.2.2 demands. Compared as bytes: no case folding, no percent decoding, no path normalisation.
    init?(target: String) {
        var path = target.utf8[...]
        if path.first != UInt8(ascii: "/") {
            guard let scheme = ["http://", "https://"].first(where: { path.starts(with: $0.utf8) }) else { return nil }
            path = path.dropFirst(scheme.utf8.count).drop { $0 != UInt8(ascii: "/") }
        }
        path = path.prefix { $0 != UInt8(ascii: "?") }
        if path.elementsEqual(Self.webhookPath.utf8) {
            self = .webhook
        } else if path.elementsEqual(Self.healthPath.utf8) {
            self = .health
        } else {
            return nil
        }
    }

    /// The value of `Allow`.
    var allow: String {
        switch self {
        case .webhook: "POST, OPTIONS"
        case .health: "GET, HEAD, OPTIONS"
        }
    }
}
