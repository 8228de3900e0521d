import EventStore
import PaymentCore
import Receiver
import Worker

extension Operations {
    /// `GET /metrics`: everything that a monitoring wants to know, in Prometheus' text format.
    func metrics() async throws -> OperatorAnswer {
        guard let live else { throw Problem(.serviceDown, "only the running service has metrics") }
        let stored = try await readers.read { try $0.status() }
        let money = try await alarmReport(limit: 0)
        var page = PrometheusText()
        page.metric("terima_build_info", .gauge, "Always 1; the label tells the release.") { $0.add(1, [("version", Version.text)]) }
        page.metric("terima_start_time_seconds", .gauge, "When the service started, in seconds since 1970.") {
            $0.add(decimal: DecimalText.of(live.startedAt.milliseconds, decimals: 3))
        }
        page.write(live.receiver.counters.snapshot(), lastReceivedAt: stored.lastReceivedAt)
        page.metric("terima_tls_certificate_expiry_timestamp_seconds", .gauge, "When the receiver's TLS certificate expires, in seconds since 1970.") {
            samples in
            if let identity = live.receiver.identity { samples.add(decimal: DecimalText.of(identity.notAfter.milliseconds, decimals: 3)) }
        }
        page.write(live.store)
        page.write(stored, now: now())
        page.write(stored, live.worker.status().endpoints, configured: endpoints.map(\.name))
        if let reconciler = live.reconciler { page.write(reconciler.status()) }
        page.write(money)
        return OperatorAnswer(bytes: Array(page.text.utf8), mediaType: PrometheusText.mediaType)
    }
}

extension PrometheusText {
    fileprivate mutating func write(_ received: ReceiverCounters.Snapshot, lastReceivedAt: Instant?) {
        metric("terima_webhooks_total", .counter, "Webhooks whose signature held, by what became of them.") {
            $0.add(Int64(received.accepted), [("result", "accepted")])
            $0.add(Int64(received.duplicates), [("result", "duplicate")])
            $0.add(Int64(received.conflicts), [("result", "conflict")])
        }
        metric("terima_webhooks_refused_total", .counter, "Requests to the receiver that were turned away, by the code of the answer.") { samples in
            for refusal in Refusal.allCases { samples.add(Int64(received.refused[refusal] ?? 0), [("reason", refusal.code)]) }
        }
        metric("terima_last_webhook_timestamp_seconds", .gauge, "When the newest event was received, in seconds since 1970.") { samples in
            if let lastReceivedAt { samples.add(decimal: DecimalText.of(lastReceivedAt.milliseconds, decimals: 3)) }
        }
    }

    fileprivate mutating func write(_ store: EventStore) {
        let statistics = store.statistics()
        metric("terima_commit_duration_seconds", .histogram, "One group commit of received events, with its sync to the disk.") {
            $0.add(statistics.commits.durations, decimals: 6)
        }
        metric("terima_commit_events", .histogram, "How many received events one commit took together.") { $0.add(statistics.commits.events, decimals: 0) }
        metric("terima_commit_waiting_events", .gauge, "Received events that wait for their commit.", Int64(statistics.waiting))
        metric("terima_store_healthy", .gauge, "1: events can be stored; 0: webhooks are refused, see terima status.", store.health.takesEvents ? 1 : 0)
        metric("terima_database_bytes", .gauge, "Size of the database file.", statistics.fileBytes)
        metric("terima_wal_bytes", .gauge, "Size of the write-ahead log.", statistics.logBytes)
    }

    fileprivate mutating func write(_ stored: StoreStatus, now: Instant) {
        metric("terima_events", .gauge, "Events in the database, by state.") {
            $0.add(stored.received, [("state", "received")])
            $0.add(stored.applied, [("state", "applied")])
            $0.add(stored.failed, [("state", "failed")])
        }
        metric("terima_apply_lag_seconds", .gauge, "For how long the oldest new event has waited to be applied; 0 when none waits.") {
            let lag = stored.oldestNewAt.map { max(0, now.milliseconds(since: $0)) } ?? 0
            $0.add(decimal: DecimalText.of(lag, decimals: 3))
        }
        metric("terima_charges", .gauge, "Charges in the database.", stored.charges)
        metric("terima_agreements", .gauge, "Agreements in the database.", stored.agreements)
    }

    fileprivate mutating func write(_ stored: StoreStatus, _ workers: [WorkerStatus.OfEndpoint], configured: [String]) {
        metric("terima_delivery_attempts_total", .counter, "Attempts to tell an endpoint, by how they ended.") { samples in
            for worker in workers {
                let counts = [("delivered", worker.attempts.delivered), ("retry", worker.attempts.retried), ("dead", worker.attempts.dead)]
                for (outcome, count) in counts { samples.add(count, [("endpoint", worker.name), ("outcome", outcome)]) }
            }
        }
        metric("terima_delivery_attempt_duration_seconds", .histogram, "Whole attempts to tell an endpoint.") { samples in
            for worker in workers { samples.add(worker.attempts.durations, decimals: 3, [("endpoint", worker.name)]) }
        }
        metric("terima_deliveries_in_flight", .gauge, "Attempts under way.") { samples in
            for worker in workers { samples.add(Int64(worker.inFlight), [("endpoint", worker.name)]) }
        }
        metric("terima_breaker_state", .gauge, "1 for the state that the endpoint's breaker is in, 0 for the others.") { samples in
            for worker in workers {
                for state in ["closed", "open", "probing"] {
                    samples.add(worker.breaker.word == state ? 1 : 0, [("endpoint", worker.name), ("state", state)])
                }
            }
        }
        let names = configured + stored.endpoints.map(\.endpoint).filter { !configured.contains($0) }
        let counts = names.map { name in (name, stored.endpoints.first { $0.endpoint == name }) }
        metric("terima_deliveries_pending", .gauge, "Deliveries still to be made.") { samples in
            for (name, count) in counts { samples.add(count?.pending ?? 0, [("endpoint", name)]) }
        }
        metric("terima_deliveries_dead", .gauge, "Deliveries given up: a replay is needed.") { samples in
            for (name, count) in counts { samples.add(count?.dead ?? 0, [("endpoint", name)]) }
        }
    }

    fileprivate mutating func write(_ reconciler: ReconcilerStatus) {
        metric("terima_reconciliations_total", .counter, "Questions to PPRO's API about charges that were answered or failed.") {
            $0.add(reconciler.counts.withNews, [("result", "news")])
            $0.add(reconciler.counts.answered - reconciler.counts.withNews, [("result", "nothing_new")])
            $0.add(reconciler.counts.failed, [("result", "failed")])
        }
        metric("terima_reconciler_healthy", .gauge, "1: PPRO's API can be asked; 0: it does not answer as it should.", reconciler.trouble == nil ? 1 : 0)
    }

    fileprivate mutating func write(_ money: AlarmReport) {
        metric("terima_alarm_charges", .gauge, "Charges about whose money there is an alarm, by its kind.") { samples in
            for kind in AlarmKind.allCases {
                samples.add(money.sums.filter { $0.kind == kind }.reduce(0) { $0 + $1.charges }, [("kind", kind.rawValue)])
            }
        }
        metric("terima_alarm_amount", .gauge, "The money concerned, in whole units of the currency (not its minor unit).") { samples in
            for sum in money.sums {
                guard let currency = sum.currency else { continue }
                samples.add(
                    decimal: DecimalText.of(sum.amount, decimals: Currency.decimals(currency)), [("kind", sum.kind.rawValue), ("currency", currency)])
            }
        }
        metric("terima_alarm_since_timestamp_seconds", .gauge, "Since when the oldest alarm of the kind has been there, in seconds since 1970.") { samples in
            for kind in AlarmKind.allCases {
                guard let since = money.sums.filter({ $0.kind == kind }).map(\.since).min() else { continue }
                samples.add(decimal: DecimalText.of(since.milliseconds, decimals: 3), [("kind", kind.rawValue)])
            }
        }
    }
}
