import EventStore
import Logging
import PaymentCore
import Testing

@testable import Terima

/// What the log tells of alarms, and how often.
@Suite struct AlarmLogTests {
    private let recorder = LineRecorder()
    private var logger: Logger { Logger(label: "test") { _ in recorder } }

    /// Alarms of one kind, each a millisecond younger than the one before.
    private func report(_ kind: AlarmKind, _ charges: [Int], of all: Int64? = nil) -> AlarmReport {
        AlarmReport(
            alarms: charges.map {
                AlarmRow(
                    kind: kind, charge: "charge_\($0)", status: "CAPTURED", currency: "IDR", amount: 100, since: Instant(milliseconds: Int64($0)), isDead: true)
            },
            sums: [AlarmSum(kind: kind, currency: "IDR", charges: all ?? Int64(charges.count), amount: 12_345, since: Instant(milliseconds: 0))])
    }

    private func told(_ log: inout AlarmLog, _ report: AlarmReport) -> [String] {
        let before = recorder.lines.count
        log.take(report, logger)
        return Array(recorder.lines.dropFirst(before))
    }

    @Test func anAlarmIsToldOnceAndItsEndOnce() {
        var log = AlarmLog()
        #expect(
            told(&log, report(.untold, [1])) == [
                "warning money alarm: paid, but unknown to the shop amount=IDR 1.00 charge=charge_1 help=terima replay --charge charge_1 kind=untold "
                    + "since=1970-01-01T00:00:00.001Z"
            ])
        #expect(told(&log, report(.untold, [1])).isEmpty)
        #expect(told(&log, report(.untold, [1, 2])).count == 1)
        #expect(told(&log, report(.untold, [2])) == ["notice money alarm is over or acknowledged charge=charge_1 kind=untold"])
        #expect(told(&log, .none) == ["notice money alarm is over or acknowledged charge=charge_2 kind=untold"])
        // Raised anew, it is told anew.
        #expect(told(&log, report(.untold, [1])).count == 1)
    }

    @Test func theSameChargeHasAlarmsOfSeveralKinds() {
        var log = AlarmLog()
        var both = report(.anomaly, [1])
        both.alarms += report(.capturedDiffers, [1]).alarms
        #expect(told(&log, both).count == 2)
        #expect(told(&log, report(.anomaly, [1])) == ["notice money alarm is over or acknowledged charge=charge_1 kind=captured_differs"])
    }

    @Test func ofManyTheOldestAreToldAndTheSum() {
        var log = AlarmLog()
        let many = told(&log, report(.overdue, Array(10..<30), of: 5_000))
        #expect(many.count == 21)
        #expect(
            many.last
                == "warning money alarm: 5000 charges open for longer than the payment method allows amount=IDR 123.45 charges=5000 help=terima alarms --kind overdue "
                + "kind=overdue since=1970-01-01T00:00:00.000Z")
        #expect(told(&log, report(.overdue, Array(10..<30), of: 6_000)).isEmpty)
        // One is over, and the next of the many takes its place.
        #expect(told(&log, report(.overdue, Array(11..<31), of: 4_999)).count == 2)
        // An older one pushes the youngest out of sight: that one is not over.
        #expect(told(&log, report(.overdue, [5] + Array(11..<30), of: 5_000)).count == 1)
        // Later it is seen again, and was told already.
        #expect(told(&log, report(.overdue, Array(11..<31), of: 4_999)) == ["notice money alarm is over or acknowledged charge=charge_5 kind=overdue"])
        #expect(told(&log, report(.overdue, [], of: 0)).count == 20)
        #expect(told(&log, .none) == ["notice money alarm is over or acknowledged kind=overdue"])
    }

    /// Of 15 and 15 in two currencies the 20 oldest are told one by one, so the sums are told.
    @Test func currenciesCountTogether() {
        var log = AlarmLog()
        var both = report(.overdue, Array(10..<30), of: 15)
        both.sums.append(AlarmSum(kind: .overdue, currency: "USD", charges: 15, amount: 700, since: Instant(milliseconds: 0)))
        let lines = told(&log, both)
        #expect(lines.count == 22)
        #expect(lines.last?.contains("amount=USD 7.00") == true)
        both.sums.append(AlarmSum(kind: .overdue, currency: "JPY", charges: 1, amount: 700, since: Instant(milliseconds: 0)))
        #expect(told(&log, both).count == 1)
    }

    @Test func silenceIsAboutNoOneCharge() {
        var log = AlarmLog()
        let silence = AlarmReport(
            sums: [AlarmSum(kind: .silence, currency: "IDR", charges: 2, amount: 700, since: Instant(milliseconds: 0))], asksPPRO: true)
        #expect(
            told(&log, silence) == [
                "warning money alarm: 2 charges open, and no webhook comes: does PPRO reach the receiver? amount=IDR 7.00 charges=2 help=terima reconcile --open kind=silence "
                    + "since=1970-01-01T00:00:00.000Z"
            ])
        #expect(told(&log, silence).isEmpty)
        #expect(told(&log, .none) == ["notice money alarm is over or acknowledged kind=silence"])
    }
}
