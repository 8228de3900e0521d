internal import PaymentCore

/// A request that was answered: what it asked for and what it got, without anything that was sent.
struct RequestRecord: Sendable, Equatable {
    var at: Instant
    var method: String
    /// With `{id}` and `{token}` in the places of ids and tokens.
    var path: String
    var status: Int
    /// The charge or instrument it was about.
    var subject: String?
    /// It was done before: the answer was given again.
    var isReplay = false
    /// It failed on demand.
    var isFailedOnDemand = false

    /// For people: `2026-06-03T11:23:47.123Z POST /v1/payment-charges 200 charge_…`.
    var line: String {
        let notes = [subject, isReplay ? "replay" : nil, isFailedOnDemand ? "failed on demand" : nil].compactMap(\.self)
        return ([at.iso8601, method, path, String(status)] + notes).joined(separator: " ")
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("at", at.iso8601)
            writer.member("method", method)
            writer.member("path", path)
            writer.member("status", status)
            writer.member("subject", subject)
            writer.member("replay", isReplay)
            writer.member("failedOnDemand", isFailedOnDemand)
        }
    }
}

/// The last requests.
struct RequestLog: Sendable {
    /// Beyond it the oldest is forgotten.
    static let maximumRecords = 1_000

    private var records: [RequestRecord] = []

    mutating func append(_ record: RequestRecord) {
        records.append(record)
        if records.count >= Self.maximumRecords * 2 { records.removeFirst(Self.maximumRecords) }
    }

    /// Newest first.
    func json(subject: String?) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("data")
            writer.array { writer in
                for record in records.suffix(Self.maximumRecords).reversed() where subject == nil || record.subject == subject { record.write(to: &writer) }
            }
        }
        return writer.bytes
    }
}
