internal import PaymentCore

/// Why a request is not done, as PPRO's error envelope says it.
struct Refusal: Error, Sendable, Equatable {
    var status: Int
    /// Names the field or the rule; holds nothing that was sent.
    var message: String
    /// With 405: the methods that the path takes, as the header `Allow` has them.
    var allow: String?

    init(_ status: Int, _ message: String, allow: String? = nil) {
        self.status = status
        self.message = message
        self.allow = allow
    }

    /// A field that is missing or wrong.
    static func field(_ message: String) -> Refusal { Refusal(400, message) }

    /// Something that the charge's state or its payment method does not allow.
    static func notAllowed(_ message: String) -> Refusal { Refusal(422, message) }

    static func unknown(_ thing: String) -> Refusal { Refusal(404, "there is no such \(thing)") }

    /// `{"status":…,"failureMessage":…,"timestamp":…}`
    func json(at now: Instant) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("status", status)
            writer.member("failureMessage", message)
            writer.member("timestamp", now.iso8601)
        }
        return writer.bytes
    }
}
