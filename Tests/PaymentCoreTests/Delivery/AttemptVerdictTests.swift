import PaymentCore
import Testing

extension DeliveryTests {
    struct AttemptVerdictTests {
        /// Every status there can be, in runs of the same verdict.
        @Test func allStatusesAsATable() {
            let table = """
                0...199 retry failing
                200...299 delivered alive
                300...399 retry failing
                400...407 retry alive
                408 retry failing
                409 retry alive
                410 giveUp alive
                411...424 retry alive
                425 retry failing
                426...428 retry alive
                429 retry failing
                430...499 retry alive
                500...999 retry failing
                """
            var runs: [(first: Int, last: Int, word: String)] = []
            for status in 0...999 {
                let (verdict, alive) = verdict(of: .answered(status: status, retryAfter: nil))
                let word = "\(verdict) \(alive ? "alive" : "failing")"
                if let last = runs.last, last.word == word {
                    runs[runs.count - 1].last = status
                } else {
                    runs.append((status, status, word))
                }
            }
            let drawn = runs.map { ($0.first == $0.last ? "\($0.first)" : "\($0.first)...\($0.last)") + " " + $0.word }
            #expect(drawn.joined(separator: "\n") == table)
        }

        @Test(arguments: [Int.min, -1, 1000, Int.max])
        func statusesThatCannotBeAreRetried(status: Int) {
            #expect(verdict(of: .answered(status: status, retryAfter: nil)) == (.retry, false))
        }

        @Test(arguments: TransportFailure.allCases)
        func noAnswerIsRetried(failure: TransportFailure) {
            #expect(verdict(of: .failed(failure)) == (.retry, false))
        }

        /// They are stored and shown: a change here is a change of the contract with scripts.
        @Test func codesAreStable() {
            #expect(
                TransportFailure.allCases.map(\.rawValue) == [
                    "timeout", "connect_timeout", "connection_refused", "connection_reset", "unreachable", "name_not_found",
                    "tls_wrong_host", "tls_untrusted", "tls_error", "invalid_response", "answer_too_large", "canceled", "other",
                ])
            #expect(DeliveryState.allCases.map(\.rawValue) == ["pending", "delivered", "dead"])
        }
    }
}
