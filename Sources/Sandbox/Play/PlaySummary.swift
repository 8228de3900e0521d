import PaymentCore
import Provider

/// What came of a play, counted.
struct PlaySummary: Sendable, Equatable {
    /// Different events among those sent.
    var events = 0
    /// Sends that should be acknowledged: events times repeats.
    var sends = 0
    /// Requests made, retries included.
    var attempts = 0
    var accepted = 0
    var duplicates = 0
    var conflicts = 0
    /// Answers of 2xx that say none of the three.
    var otherwiseAcknowledged = 0
    /// Answers that were no 2xx, by status code; one send can add several.
    var refused: [Int: Int] = [:]
    /// Attempts without an answer, by reason.
    var unanswered: [String: Int] = [:]
    var elapsedMilliseconds: Int64 = 0

    var acknowledged: Int { accepted + duplicates + conflicts + otherwiseAcknowledged }
    var notAcknowledged: Int { sends - acknowledged }

    mutating func count(_ reply: WebhookReply) {
        attempts += 1
        switch reply {
        case .acknowledged(.accepted): accepted += 1
        case .acknowledged(.duplicate): duplicates += 1
        case .acknowledged(.conflict): conflicts += 1
        case .acknowledged(.other): otherwiseAcknowledged += 1
        case .refused(let status, _): refused[status, default: 0] += 1
        case .unanswered(let reason): unanswered[reason, default: 0] += 1
        }
    }

    /// The lines for people.
    var lines: [String] {
        let refusals = refused.sorted { $0.key < $1.key }.map { "\($0.value) x \($0.key)" }
        let silences = unanswered.sorted { $0.key < $1.key }.map { "\($0.value) x \($0.key)" }
        var lines = [
            "sent              \(sends)  (\(events) events, \(attempts) requests)",
            "accepted          \(accepted)",
            "duplicates        \(duplicates)",
            "conflicts         \(conflicts)",
            "refused           \(refusals.isEmpty ? "0" : refusals.joined(separator: ", "))",
            "no answer         \(silences.isEmpty ? "0" : silences.joined(separator: ", "))",
            "elapsed           \(elapsedMilliseconds) ms",
        ]
        if otherwiseAcknowledged > 0 { lines.insert("other 2xx         \(otherwiseAcknowledged)", at: 4) }
        if notAcknowledged > 0 { lines.append("NOT ACKNOWLEDGED  \(notAcknowledged)") }
        return lines
    }

    /// The same as one JSON object.
    func json(seed: UInt64) -> String {
        var writer = JSONWriter()
        writer.object { json in
            // A string, because readers that hold numbers as doubles would round it.
            json.member("seed", String(seed))
            json.member("events", events)
            json.member("sent", sends)
            json.member("attempts", attempts)
            json.member("accepted", accepted)
            json.member("duplicates", duplicates)
            json.member("conflicts", conflicts)
            json.member("otherwiseAcknowledged", otherwiseAcknowledged)
            json.member("notAcknowledged", notAcknowledged)
            json.key("refused")
            json.object { codes in
                for (status, count) in refused.sorted(by: { $0.key < $1.key }) { codes.member(String(status), count) }
            }
            json.key("unanswered")
            json.object { reasons in
                for (reason, count) in unanswered.sorted(by: { $0.key < $1.key }) { reasons.member(reason, count) }
            }
            json.member("elapsedMilliseconds", elapsedMilliseconds)
        }
        return writer.text
    }
}
