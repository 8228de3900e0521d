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
    /// The kinds whose sum was told.
    private var summed: Set<AlarmKind> = []

    /// How many alarms of each kind are told one by one, and so how many lines of a kind one look can bring. Of more, the sum is told too.
    static let toldOneByOne = 20

    /// Tells what is new in the report since the last one. It must have been read with `toldOneByOne` as its limit.
    mutating func take(_ report: AlarmReport, _ logger: Logger) {
        endOthers(than: report, logger)
        for alarm in report.alarms where raised.updateValue(alarm.since, forKey: Key(kind: alarm.kind, charge: alarm.charge)) == nil { tell(alarm, logger) }

        let toSum = report.sums.filter { $0.kind == .silence || $0.charges > Int64(Self.toldOneByOne) }
        for sum in toSum where !summed.contains(sum.kind) { tell(sum, logger) }
        for kind in summed.subtracting(report.sums.map(\.kind)) { logger.notice("money alarm is over", metadata: ["kind": "\(kind.rawValue)"]) }
        summed.formUnion(toSum.map(\.kind))
        summed.formIntersection(report.sums.map(\.kind))
    }

    /// What is missing from the oldest alarms is over, unless it only made room for older ones.
    private mutating func endOthers(than report: AlarmReport, _ logger: Logger) {
        let shown = Dictionary(grouping: report.alarms, by: \.kind)
        for (key, since) in raised.sorted(by: { ($0.key.kind.rawValue, $0.key.charge) < ($1.key.kind.rawValue, $1.key.charge) }) {
            let window = shown[key.kind] ?? []
            guard !window.contains(where: { $0.charge == key.charge }) else { continue }
            if window.count >= Self.toldOneByOne, let last = window.last, since >= last.since { continue }
            raised[key] = nil
            logger.notice("money alarm is over", metadata: ["kind": "\(key.kind.rawValue)", "charge": "\(key.charge)"])
        }
    }

    private func tell(_ alarm: AlarmRow, _ logger: Logger) {
        var fields: Logger.Metadata = [
            "kind": "\(alarm.kind.rawValue)", "charge": "\(alarm.charge)", "since": "\(alarm.since.iso8601)", "help": "\(alarm.remedy)",
        ]
        if let money = alarm.money { fields["amount"] = "\(Currency.format(money))" }
        logger.warning("money alarm: \(alarm.problem)", metadata: fields)
    }

    private func tell(_ sum: AlarmSum, _ logger: Logger) {
        var fields: Logger.Metadata = ["kind": "\(sum.kind.rawValue)", "charges": "\(sum.charges)", "since": "\(sum.since.iso8601)"]
        if let currency = sum.currency { fields["amount"] = "\(Currency.format(Money(value: sum.amount, currency: currency)))" }
        fields["help"] = sum.kind == .silence ? "\(AlarmKind.silenceRemedy)" : "terima alarms --kind \(sum.kind.rawValue)"
        logger.warning("money alarm: \(Count.text(sum.charges, "charge")) \(sum.kind.problem)", metadata: fields)
    }
}
