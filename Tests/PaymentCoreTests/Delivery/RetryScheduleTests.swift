import PaymentCore
import Testing

extension DeliveryTests {
    struct RetryScheduleTests {
        private let now = Instant(milliseconds: 1_780_000_000_000)

        /// The whole schedule as an operator would draw it: how long after each attempt, without and with the most jitter, and the sum without jitter.
        @Test func standardAsATable() {
            let table = """
                attempt  wait  at most     after the first
                1        1s    1200ms      1s
                2        2s    2400ms      3s
                3        5s    6s          8s
                4        10s   12s         18s
                5        30s   36s         48s
                6        1m    72s         108s
                7        2m    144s        228s
                8        5m    6m          528s
                9        10m   12m         1128s
                10       30m   36m         2928s
                11       1h    72m         6528s
                12       2h    144m        13728s
                13       4h    288m        28128s
                14       8h    576m        56928s
                15       12h   864m        100128s
                16       24h   1728m       186528s
                17       24h   1728m       272928s
                18       dead
                """
            #expect(drawn(.standard) == table)
        }

        private func drawn(_ schedule: RetrySchedule) -> String {
            var lines = [["attempt", "wait", "at most", "after the first"]]
            var sum: Int64 = 0
            for attempt in 1...schedule.maximumAttempts {
                guard let least = schedule.nextAttempt(afterAttempt: attempt, at: now, jitter: 0, retryAfter: nil),
                    let most = schedule.nextAttempt(afterAttempt: attempt, at: now, jitter: 1, retryAfter: nil)
                else {
                    lines.append(["\(attempt)", "dead"])
                    continue
                }
                let wait = least.milliseconds(since: now)
                sum += wait
                lines.append(["\(attempt)", DurationText.format(wait), DurationText.format(most.milliseconds(since: now)), DurationText.format(sum)])
            }
            let widths = [9, 6, 12]
            return lines.map { line in
                line.enumerated().map { column, text in
                    column + 1 < line.count ? text + String(repeating: " ", count: widths[column] - text.count) : text
                }.joined()
            }.joined(separator: "\n")
        }

        @Test func noAttemptIsLeftAfterTheLast() {
            let schedule = RetrySchedule(delays: [1000, 2000])
            #expect(schedule.maximumAttempts == 3)
            #expect(wait(schedule, after: 2) == 2000)
            #expect(wait(schedule, after: 3) == nil)
            #expect(wait(schedule, after: .max) == nil)
            #expect(wait(RetrySchedule(delays: []), after: 1) == nil)
        }

        @Test func attemptsBelowOneCountAsTheFirst() {
            #expect(wait(.standard, after: 0) == 1000)
            #expect(wait(.standard, after: .min) == 1000)
        }

        @Test(
            arguments: [
                (0.0, 1000), (0.5, 1100), (0.999, 1199), (1.0, 1200), (7.0, 1200), (-1.0, 1000), (.nan, 1000), (.infinity, 1200),
            ] as [(Double, Int64)])
        func jitterLengthensByUpToAFifth(jitter: Double, expected: Int64) {
            #expect(wait(.standard, after: 1, jitter: jitter) == expected)
        }

        @Test(
            arguments: [
                (nil, 1000), (0, 1000), (999, 1000), (1001, 1001), (86_400_000, 86_400_000), (86_400_001, 86_400_000), (.max, 86_400_000), (.min, 1000),
            ] as [(Int64?, Int64)])
        func retryAfterPutsOffAndNeverBringsForward(retryAfter: Int64?, expected: Int64) {
            #expect(wait(.standard, after: 1, retryAfter: retryAfter) == expected)
        }

        @Test func retryAfterAddsNoAttempt() {
            #expect(wait(.standard, after: 18, retryAfter: 1000) == nil)
        }

        @Test func absurdDelaysAreCutInsteadOfTrapping() {
            let schedule = RetrySchedule(delays: [.max, .min])
            #expect(wait(schedule, after: 1, jitter: 1) == 3_110_400_000)
            #expect(wait(schedule, after: 2, jitter: 1) == 0)
            let end = schedule.nextAttempt(afterAttempt: 1, at: Instant(milliseconds: .max), jitter: 1, retryAfter: nil)
            #expect(end == Instant(milliseconds: .max))
        }

        @Test func longestWaitCountsJitterAndRetryAfter() {
            #expect(RetrySchedule.standard.longestWaitMilliseconds == 103_680_000)
            #expect(RetrySchedule(delays: [1000]).longestWaitMilliseconds == 86_400_000)
            #expect(RetrySchedule(delays: []).longestWaitMilliseconds == 86_400_000)
        }

        @Test func readsItsText() {
            let text = "1s,2s,5s,10s,30s,1m,2m,5m,10m,30m,1h,2h,4h,8h,12h,24h,24h"
            #expect(RetrySchedule(text) == .standard)
            #expect(RetrySchedule.standard.text == text)
            #expect(RetrySchedule("50ms")?.delays == [50])
            #expect(RetrySchedule("30d,1ms")?.delays == [2_592_000_000, 1])
            #expect(RetrySchedule(Array(repeating: "1s", count: 100).joined(separator: ","))?.delays.count == 100)
        }

        @Test(arguments: [
            "", ",", "1s,", ",1s", "1s,,2s", "1s, 2s", "1s;2s", "1s 2s", "1", "1s,x", "-1s", "0s", "1s,0ms", "31d", "2592000001ms",
            Array(repeating: "1s", count: 101).joined(separator: ","),
        ])
        func refusesAnythingElse(text: String) {
            #expect(RetrySchedule(text) == nil)
        }

        private func wait(_ schedule: RetrySchedule, after attempt: Int, jitter: Double = 0, retryAfter: Int64? = nil) -> Int64? {
            schedule.nextAttempt(afterAttempt: attempt, at: now, jitter: jitter, retryAfter: retryAfter)?.milliseconds(since: now)
        }
    }
}
