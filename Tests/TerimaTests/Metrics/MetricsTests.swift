import Foundation
import PaymentCore
import TestSupport
import Testing

@testable import Terima

/// `GET /metrics`, and what watches it.
@Suite(.timeLimit(.minutes(5))) struct MetricsTests {
    /// The value of the sample that is written so.
    private func value(_ sample: String, in text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix(sample + " ") }.map { String($0.dropFirst(sample.count + 1)) }
    }

    private func names(in text: String) -> Set<String> {
        Set(text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.compactMap { $0.split(separator: " ").dropFirst(2).first.map(String.init) })
    }

    @Test func everythingThatHappenedIsCounted() async throws {
        let shop = try await Shop.start()
        try await Installation(shop: shop.port).serve { served in
            let body = Life.charge("charge_1", "CREATED", at: 0, status: "AUTHORIZATION_PROCESSING")
            #expect(try await served.receive(body).status == 202)
            #expect(try await served.receive(body).status == 200)
            #expect(try await served.receive(body, secret: "another secret").status == 401)
            _ = try #require(await shop.next())
            // The shop has answered; that it was recorded is seen by what follows.
            while try await served.http.get("/v1/deliveries?charge=charge_1&state=delivered").rows.isEmpty { await Task.yield() }

            let answer = try await served.http.get("/metrics")
            #expect(answer.status == 200)
            #expect(answer.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
            let expected = [
                #"terima_webhooks_total{result="accepted"}"#: "1", #"terima_webhooks_total{result="duplicate"}"#: "1",
                #"terima_webhooks_total{result="conflict"}"#: "0", #"terima_webhooks_refused_total{reason="signature_invalid"}"#: "1",
                "terima_commit_events_count": "2", #"terima_commit_events_bucket{le="1"}"#: "2", "terima_commit_waiting_events": "0",
                "terima_store_healthy": "1", #"terima_events{state="failed"}"#: "2", "terima_charges": "5",
                #"terima_delivery_attempts_total{endpoint="shop",outcome="delivered"}"#: "1",
                #"terima_delivery_attempt_duration_seconds_count{endpoint="shop"}"#: "1", #"terima_deliveries_dead{endpoint="shop"}"#: "1",
                #"terima_breaker_state{endpoint="shop",state="closed"}"#: "1", #"terima_breaker_state{endpoint="shop",state="open"}"#: "0",
                #"terima_alarm_charges{kind="anomaly"}"#: "1", #"terima_alarm_charges{kind="untold"}"#: "0",
                #"terima_alarm_amount{kind="anomaly",currency="IDR"}"#: "10000",
            ]
            for (sample, number) in expected { #expect(value(sample, in: answer.text) == number, "\(sample)") }
            #expect(try await served.http(token: nil).get("/metrics").status == 401)
            #expect(try await served.socket.get("/metrics").status == 200)
        }
        await shop.stop()
    }

    @Test func whatIsDocumentedIsThere() async throws {
        let ppro = try await FakePPRO.start()
        var installation = try await Installation()
        installation.environment.merge(ppro.environment) { $1 }
        installation.environment["TERIMA_TLS_CERTIFICATE_FILE"] = try installation.directory.write(TestCertificates.server, to: "tls.pem")
        installation.environment["TERIMA_TLS_KEY_FILE"] = try installation.directory.write(TestCertificates.serverKey, to: "tls.key")
        try await installation.serve { served in
            let names = names(in: try await served.socket.get("/metrics").text)
            let documented = try Repository.table(in: "docs/monitoring.md", after: "## Metrics").map { $0[0].trimming("`") }
            #expect(names == Set(documented))
            for file in ["docs/monitoring/alerts.yml", "docs/monitoring/dashboard.json"] {
                let used = Set(try Repository.text(file).matches(of: /terima_[a-z_]+[a-z]/).map { String($0.output) })
                #expect(used.count > 5)
                for name in used {
                    let base = ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) }
                    #expect(names.contains(name) || base.map(names.contains) == true, "\(file) asks for \(name)")
                }
            }
        }
        await ppro.stop()
    }

    /// Prometheus' own judgement. `scripts/test` brings the program along.
    @Test(.enabled(if: Promtool.path != nil, "PROMTOOL names no program; scripts/test sets it")) func prometheusReadsIt() async throws {
        try await Installation().serve { served in
            _ = try await served.receive(Life.charge("charge_1", "CREATED", at: 0, status: "AUTHORIZATION_PROCESSING"))
            let text = try await served.socket.get("/metrics").text
            #expect(try await Promtool.run(["check", "metrics"], input: text) == "")
            // And that it would not read everything.
            #expect(try await Promtool.run(["check", "metrics"], input: text + "terima_charges{ 3\n") != "")
        }
    }

    @Test(.enabled(if: Promtool.path != nil, "PROMTOOL names no program; scripts/test sets it")) func prometheusUnderstandsTheAlerts() async throws {
        let rules = Repository.path("docs/monitoring/alerts.yml")
        #expect(try await Promtool.run(["check", "rules", rules]).contains("SUCCESS"))
        let tested = try await Promtool.run(["test", "rules", Repository.path("docs/monitoring/alerts.test.yml")])
        #expect(tested.contains("SUCCESS"), "\(tested)")
    }

    /// Every question of the dashboard's panels, as if it were a rule.
    @Test(.enabled(if: Promtool.path != nil, "PROMTOOL names no program; scripts/test sets it")) func prometheusUnderstandsTheDashboard() async throws {
        let root = try JSONDocument.parse(Array(try Repository.text("docs/monitoring/dashboard.json").utf8)).root
        let questions = (root["panels"]?.elements ?? []).flatMap { $0["targets"]?.elements ?? [] }.compactMap { $0["expr"]?.string }
        #expect(questions.count > 10)
        let rules = questions.enumerated().map { number, question in
            "      - record: question_\(number)\n        expr: '\(question.replacing("'", with: "''").replacing("$__rate_interval", with: "5m"))'\n"
        }
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let path = try directory.write("groups:\n  - name: dashboard\n    rules:\n" + rules.joined(), to: "questions.yml")
        let judged = try await Promtool.run(["check", "rules", path])
        #expect(judged.contains("\(questions.count) rules found"), "\(judged)")
    }
}

/// Prometheus' checker, where `PROMTOOL` says it is.
private enum Promtool {
    static let path = ProcessInfo.processInfo.environment["PROMTOOL"].flatMap { $0.isEmpty ? nil : $0 }

    /// What it printed, on both outputs.
    static func run(_ arguments: [String], input: String = "") async throws -> String {
        let ended = try await Turnstile.processes.pass { try await Program.run(path ?? "", arguments, input: input) }
        return String(decoding: ended.output, as: UTF8.self) + ended.error
    }
}
