internal import PaymentCore

/// A request that was answered: what it asked for and what it got. Ids and words, nothing of what was sent in a body or as a parameter.
struct RequestRecord: Sendable, Equatable {
    /// When it came.
    var at: Instant
    var method: String
    /// With `{id}` and `{token}` in the places of ids and tokens; as it was sent when there is no such path.
    var path: String
    var status = 0
    /// The charge or instrument it was about.
    var subject: String?
    var idempotencyKey: String?
    /// Why it was refused.
    var failureMessage: String?
    /// From the request to the answer, `--latency` included.
    var milliseconds: Int64 = 0
    /// It was done before: the answer was given again.
    var isReplay = false
    /// It failed on demand.
    var isFailedOnDemand = false

    init(_ request: APIRequest, at now: Instant) {
        let route = try? APIRoute(request.method, request.path)
        at = now
        method = Self.shown(request.method.name, most: 16)
        path = route?.pattern ?? Self.shown(request.target, most: 200)
        subject = route?.subject.map { Self.shown($0, most: 64) }
        idempotencyKey = request.idempotencyKey.map { Self.shown($0, most: 64) }
    }

    /// What a client made up, for a log that people read in a terminal: visible ASCII, and not too much of it.
    private static func shown(_ text: String, most: Int) -> String {
        var shown = ""
        for scalar in text.unicodeScalars.prefix(most) { shown.unicodeScalars.append(("!"..."~").contains(scalar) ? scalar : "?") }
        return shown
    }

    /// For people: `2026-06-03T11:23:47.123Z POST /v1/payment-charges 200 12ms charge_…`.
    var line: String {
        let notes = [subject, isReplay ? "replay" : nil, isFailedOnDemand ? "failed on demand" : nil, failureMessage.map { "(\($0))" }].compactMap(\.self)
        return ([at.iso8601, method, path, String(status), "\(milliseconds)ms"] + notes).joined(separator: " ")
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("at", at.iso8601)
            writer.member("method", method)
            writer.member("path", path)
            writer.member("status", status)
            writer.member("subject", subject)
            writer.member("idempotencyKey", idempotencyKey)
            writer.member("failureMessage", failureMessage)
            writer.member("durationMs", milliseconds)
            writer.member("replay", isReplay)
            writer.member("failedOnDemand", isFailedOnDemand)
        }
    }
}
