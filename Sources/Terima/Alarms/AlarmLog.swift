import EventStore
import Logging
import PaymentCore

/// Puts into the log when an alarm about money is raised and when it is over: once each, not as long as it lasts. A value; whoever watches holds it.
struct AlarmLog: Sendable {
    private struct Key: Hashable, Sendable {
        var kind: AlarmKind
        var charge: String
    }

    /// What was told and is not over, with the moment since when it has been there.
    private var raised: [Key: Instant] = [:]
    /// The kinds and currencies whose sum was told.
    private var summed: [AlarmKind: Set<String?>] = [:]

    /// How many alarms of each kind are told one by one, and so how many lines of a kind one look can bring. Of more, the sum is told too.
    static let toldOneByOne = 20

    /// Tells what is new in the report since the last one. It must have been read with `toldOneByOne` as its limit.
    mutating func take(_ report: AlarmReport, _ logger: Logger) {
        endOthers(than: report, logger)
        for alarm in report.alarms where raised.updateValue(alarm.since, forKey: Key(kind: alarm.kind, charge: alarm.charge)) == nil {
            tell(alarm, report, logger)
        }
        for (kind, sums) in Dictionary(grouping: report.sums, by: \.kind).sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            guard kind == .silence || sums.reduce(0, { $0 + $1.charges }) > Int64(Self.toldOneByOne) else { continue }
            for sum in sums where summed[kind, default: []].insert(sum.currency).inserted { tell(sum, report, logger) }
        }
        for kind in summed.keys.sorted(by: { $0.rawValue < $1.rawValue }) where !report.sums.contains(where: { $0.kind == kind }) {
            summed[kind] = nil
            logger.notice("money alarm is over or acknowledged", metadata: ["kind": "\(kind.rawValue)"])
        }
    }

    /// What is missing from the oldest alarms is over, unless it only made room for older ones.
    private mutating func endOthers(than report: AlarmReport, _ logger: Logger) {
        let shown = Dictionary(grouping: report.alarms, by: \.kind)
        for (key, since) in raised.sorted(by: { ($0.key.kind.rawValue, $0.key.charge) < ($1.key.kind.rawValue, $1.key.charge) }) {
            let window = shown[key.kind] ?? []
            guard !window.contains(where: { $0.charge == key.charge }) else { continue }
            if window.count >= Self.toldOneByOne, let last = window.last, since >= last.since { continue }
            raised[key] = nil
            logger.notice("money alarm is over or acknowledged", metadata: ["kind": "\(key.kind.rawValue)", "charge": "\(key.charge)"])
        }
    }

    private func tell(_ alarm: AlarmRow, _ report: AlarmReport, _ logger: Logger) {
        var fields: Logger.Metadata = [
            "kind": "\(alarm.kind.rawValue)", "charge": "\(alarm.charge)", "since": "\(alarm.since.iso8601)",
            "help": "\(alarm.remedy(asksPPRO: report.asksPPRO))",
        ]
        if let money = alarm.money { fields["amount"] = "\(Currency.format(money))" }
        logger.warning("money alarm: \(alarm.problem)", metadata: fields)
    }

    private func tell(_ sum: AlarmSum, _ report: AlarmReport, _ logger: Logger) {
        var fields: Logger.Metadata = ["kind": "\(sum.kind.rawValue)", "charges": "\(sum.charges)", "since": "\(sum.since.iso8601)"]
        if let currency = sum.currency { fields["amount"] = "\(Currency.format(Money(value: sum.amount, currency: currency)))" }
        fields["help"] = "\(sum.remedy(asksPPRO: report.asksPPRO))"
        logger.warning("money alarm: \(Count.text(sum.charges, "charge")) \(sum.kind.problem)", metadata: fields)
    }
}
