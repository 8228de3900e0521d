import EventStore
import PaymentCore

/// Everything about money that needs a person: the oldest alarms of each kind, and the sums over all of them.
struct AlarmReport: Sendable, Equatable {
    /// By kind, the most urgent first, then oldest first.
    var alarms: [AlarmRow] = []
    /// By kind and currency, in the same order; with `silence`, which is about no one charge.
    var sums: [AlarmSum] = []
    /// Whether PPRO's API can be asked: not every remedy is one without it.
    var asksPPRO = false

    static let none = AlarmReport()

    /// - Parameters:
    ///   - kinds: those of interest.
    ///   - limit: how many alarms of each kind at most.
    ///   - signOfLife: when PPRO was last heard of otherwise than by a webhook, at the earliest when we started; nil while the service is down: then it is no
    ///     wonder that no webhook comes.
    static func read(
        _ reader: Reader, _ rules: AlarmRules, kinds: [AlarmKind] = AlarmKind.allCases, limit: Int, now: Instant, signOfLife: Instant?,
        asksPPRO: Bool
    ) throws(StoreError) -> AlarmReport {
        try reader.snapshot { reader throws(StoreError) in
            var report = AlarmReport(asksPPRO: asksPPRO)
            for kind in kinds {
                if kind == .silence {
                    report.sums += try silence(reader, rules, now: now, signOfLife: signOfLife)
                } else {
                    report.alarms += try reader.alarms(kind, rules, now: now, limit: limit)
                    report.sums += try reader.alarmSums(kind, rules, now: now)
                }
            }
            return report
        }
    }

    /// What came while we were down comes again, but not at once.
    private static func silence(_ reader: Reader, _ rules: AlarmRules, now: Instant, signOfLife: Instant?) throws(StoreError) -> [AlarmSum] {
        guard let signOfLife else { return [] }
        let since = max(try reader.newestWebhook() ?? signOfLife, signOfLife)
        guard now.milliseconds(since: since) > rules.silence else { return [] }
        return try reader.openCharges(now: now).map { AlarmSum(kind: .silence, currency: $0.currency, charges: $0.charges, amount: $0.amount, since: since) }
    }

    /// The members `alarmSums` and `alarms` of an open object.
    func write(to writer: inout JSONWriter) {
        writer.key("alarmSums")
        writer.array { writer in sums.forEach { $0.write(to: &writer, asksPPRO: asksPPRO) } }
        writer.key("alarms")
        writer.array { writer in alarms.forEach { $0.write(to: &writer, asksPPRO: asksPPRO) } }
    }
}

extension AlarmSum {
    /// The sum as one JSON object.
    func write(to writer: inout JSONWriter, asksPPRO: Bool) {
        writer.object {
            $0.member("kind", kind.rawValue)
            $0.member("charges", charges)
            $0.member("currency", currency)
            $0.member("amount", amount)
            $0.member("since", since.iso8601)
            $0.member("problem", kind.problem)
            $0.member("remedy", remedy(asksPPRO: asksPPRO))
        }
    }
}

extension AlarmRow {
    /// The alarm as one JSON object.
    func write(to writer: inout JSONWriter, asksPPRO: Bool) {
        writer.object { writer in
            writer.member("kind", kind.rawValue)
            writer.member("charge", charge)
            writer.member("merchantPaymentChargeReference", merchantReference)
            writer.member("status", status)
            writer.member("paymentMethod", paymentMethod)
            writer.member("currency", currency)
            writer.member("amount", amount)
            writer.member("since", since.iso8601)
            writer.key("endpoints")
            writer.array { writer in (endpoints ?? "").split(separator: ",").forEach { writer.string(String($0)) } }
            writer.member("problem", problem)
            writer.member("remedy", remedy(asksPPRO: asksPPRO))
        }
    }
}
