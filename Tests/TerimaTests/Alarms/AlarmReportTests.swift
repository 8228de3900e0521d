import EventStore
import PaymentCore
import TestSupport
import Testing

@testable import Terima

/// What a look at the database finds alarming.
@Suite struct AlarmReportTests {
    private static let rules = AlarmRules(untold: 1_000, silence: 60_000, overdue: 1_000)

    /// The report over a copy of the template at a time in milliseconds since its first event.
    private func report(at milliseconds: Int64, signOfLife: Int64? = 0, kinds: [AlarmKind] = AlarmKind.allCases) async throws -> AlarmReport {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let reader = try Reader.open(path: try await Template.copy(to: directory))
        return try AlarmReport.read(
            reader, Self.rules, kinds: kinds, limit: 10, now: Instant(milliseconds: Life.start + milliseconds),
            signOfLife: signOfLife.map { Instant(milliseconds: Life.start + $0) }, asksPPRO: true)
    }

    /// The newest event came 170 s after the first, the repeats do not count; what is open is one charge of IDR 10,000.00.
    @Test func silenceBeginsWithTheLastWebhookOrOurStart() async throws {
        let last = Template.receivedAt(14).milliseconds - Life.start
        #expect(try await report(at: last + 60_000, kinds: [.silence]).sums.isEmpty)
        let silent = try await report(at: last + 60_001, kinds: [.silence])
        #expect(silent.alarms.isEmpty)
        #expect(
            silent.sums == [AlarmSum(kind: .silence, currency: "IDR", charges: 1, amount: 1_000_000, since: Instant(milliseconds: Life.start + last))])
        // We were down until a moment ago; or still are.
        #expect(try await report(at: last + 60_001, signOfLife: last + 50_000, kinds: [.silence]).sums.isEmpty)
        #expect(try await report(at: last + 600_000, signOfLife: nil, kinds: [.silence]).sums.isEmpty)
    }

    @Test func kindsComeInTheOrderOfTheirUrgency() async throws {
        let all = try await report(at: 3_600_000)
        #expect(all.alarms.map(\.kind) == [.overdue, .anomaly])
        #expect(all.sums.map(\.kind) == [.overdue, .anomaly])
    }
}
