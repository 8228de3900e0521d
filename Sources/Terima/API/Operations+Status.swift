import EventStore
import PaymentCore
import Receiver
import Worker

extension Operations {
    /// An event that waits longer than this to be applied means that the worker is stuck.
    private static let unappliedAlarmMilliseconds: Int64 = 60_000

    /// Refusals longer ago than this are no news.
    private static let unheardAlarmMilliseconds: Int64 = 86_400_000

    /// How many alarms of each kind the status shows; `GET /v1/alarms` has all.
    private static let alarmsShown = 5

    func status() async throws -> OperatorAnswer {
        let stored = try await readers.read { try $0.status() }
        let attention = attention(stored)
        let money = try await alarmReport(limit: Self.alarmsShown)
        return Self.answer {
            $0.object { writer in
                writer.member("version", Version.text)
                writer.member("running", live != nil)
                writer.member("upSince", live?.startedAt.iso8601)
                writer.member("lastReceivedAt", stored.lastReceivedAt?.iso8601)
                writer.member("oldestUnappliedAt", stored.oldestUnappliedAt?.iso8601)
                writer.key("events")
                writer.object {
                    $0.member("lastSeq", stored.lastSeq)
                    $0.member("received", stored.received)
                    $0.member("applied", stored.applied)
                    $0.member("failed", stored.failed)
                    $0.member("conflicts", stored.conflicts)
                }
                writer.key("charges")
                writer.object {
                    $0.member("total", stored.charges)
                    $0.member("anomalous", stored.anomalous)
                }
                writer.member("agreements", stored.agreements)
                writer.key("deliveries")
                writer.object {
                    $0.member("pending", stored.pending)
                    $0.member("delivered", stored.delivered)
                    $0.member("dead", stored.dead)
                }
                writer.key("endpoints")
                writer.array { writeEndpoints(stored, to: &$0) }
                if let live { writeReceiver(live, to: &writer) }
                if let reconciler = live?.reconciler { Self.write(reconciler.status(), to: &writer) }
                writer.key("database")
                writer.object {
                    $0.member("path", file.path)
                    $0.member("bytes", file.bytes)
                    $0.member("walBytes", file.logBytes)
                }
                money.write(to: &writer)
                writer.key("attention")
                writer.array { writer in
                    for item in attention {
                        writer.object {
                            $0.member("problem", item.problem)
                            $0.member("remedy", item.remedy)
                        }
                    }
                }
            }
        }
    }

    /// Configured endpoints, and those that are no longer configured but still have something waiting or dead.
    private func writeEndpoints(_ stored: StoreStatus, to writer: inout JSONWriter) {
        let workers = live?.worker.status().endpoints ?? []
        let names = endpoints.map(\.name) + stored.endpoints.map(\.endpoint).filter { name in !endpoints.contains { $0.name == name } }
        for name in names {
            let counts = stored.endpoints.first { $0.endpoint == name }
            let worker = workers.first { $0.name == name }
            writer.object {
                $0.member("name", name)
                $0.member("configured", endpoints.contains { $0.name == name })
                $0.member("pending", counts?.pending ?? 0)
                $0.member("dead", counts?.dead ?? 0)
                $0.member("nextAttemptAt", Self.nextAttempt(due: counts?.nextAttemptAt, worker?.breaker)?.iso8601)
                $0.member("inFlight", worker?.inFlight)
                $0.member("breaker", worker?.breaker.word)
                $0.member("secrets", worker?.secretCount ?? endpoints.first { $0.name == name }?.secrets.count)
            }
        }
    }

    /// While the breaker is open nothing goes before its next probe, however long it has been due.
    private static func nextAttempt(due: Instant?, _ breaker: Breaker.State?) -> Instant? {
        guard let due, case .open(let until, _)? = breaker else { return due }
        return max(due, until)
    }

    private func writeReceiver(_ live: LiveState, to writer: inout JSONWriter) {
        let counters = live.receiver.counters.snapshot()
        writer.key("receiver")
        writer.object { writer in
            writer.member("accepted", counters.accepted)
            writer.member("duplicates", counters.duplicates)
            writer.member("conflicts", counters.conflicts)
            writer.key("refused")
            writer.object { writer in
                for (refusal, count) in counters.refused.sorted(by: { $0.key.code < $1.key.code }) { writer.member(refusal.code, count) }
            }
            writer.key("signingSecrets")
            writer.array { writer in
                for (index, last) in live.receiver.secretUses.enumerated() {
                    writer.object {
                        $0.member("position", index + 1)
                        $0.member("lastUsedAt", last?.iso8601)
                    }
                }
            }
            guard let identity = live.receiver.identity else { return }
            writer.key("tls")
            writer.object {
                $0.member("notAfter", identity.notAfter.iso8601)
                $0.member("clientCertificates", identity.asksClients)
            }
        }
    }

    private static func write(_ status: ReconcilerStatus, to writer: inout JSONWriter) {
        writer.key("reconciliation")
        writer.object {
            $0.member("asked", status.counts.asked)
            $0.member("answered", status.counts.answered)
            $0.member("news", status.counts.news)
            $0.member("failed", status.counts.failed)
            $0.member("inFlight", status.inFlight)
            $0.member("trouble", status.trouble)
        }
    }

    /// Refused webhooks that no taken one has followed: a wrong signing secret, or a proxy that touches the body. Forged ones among genuine ones are none.
    private func unheard() -> Attention? {
        guard let counters = live?.receiver.counters.snapshot(), let last = counters.lastUnheardAt,
            now().milliseconds(since: last) < Self.unheardAlarmMilliseconds
        else { return nil }
        let count = Count.text(Int64(counters.unheard), "webhook")
        return Attention(
            problem: "\(count) refused for the signature since the last one that was taken: is TERIMA_SIGNING_SECRETS what PPRO signs with?",
            remedy: "terima verify --help")
    }

    private struct Attention {
        var problem: String
        var remedy: String
    }

    /// What a person should do something about, the most urgent first.
    private func attention(_ stored: StoreStatus) -> [Attention] {
        var found: [Attention] = []
        if live == nil { found.append(Attention(problem: "terima is not running: webhooks are refused", remedy: "start terima serve")) }
        if live?.receivesOnly == true {
            found.append(Attention(problem: "nothing is applied and nobody is told (--receive-only)", remedy: "restart terima serve without it"))
        }
        switch live?.store.health {
        case .unwell(let reason, let sentence):
            found.append(Attention(problem: "the database cannot take events (\(reason)): \(sentence)", remedy: "free space on its disk, or see the log"))
        case .strained(_, let sentence):
            found.append(Attention(problem: sentence, remedy: "lsof \(file.path)"))
        case .well, nil: break
        }
        if let unheard = unheard() { found.append(unheard) }
        if let identity = live?.receiver.identity {
            let validity = CertificateValidity(identity, now: now())
            if validity.state != .good { found.append(Attention(problem: validity.sentence, remedy: "renew it; terima takes the new files by itself")) }
        }
        if let trouble = live?.worker.status().trouble {
            found.append(Attention(problem: "the worker cannot do its work (\(trouble))", remedy: "see the log"))
        }
        if let oldest = stored.oldestUnappliedAt, now().milliseconds(since: oldest) > Self.unappliedAlarmMilliseconds {
            found.append(Attention(problem: "an event has waited since \(oldest.iso8601) to be applied", remedy: "terima events list --state received"))
        }
        if let trouble = live?.reconciler?.status().trouble {
            found.append(
                Attention(problem: "PPRO cannot be asked about charges (\(trouble))", remedy: "see the log; check TERIMA_PPRO_URL and TERIMA_PPRO_KEY"))
        }
        for endpoint in live?.worker.status().endpoints ?? [] {
            if case .closed = endpoint.breaker { continue }
            found.append(Attention(problem: "endpoint \(endpoint.name) does not answer", remedy: "terima deliveries list --endpoint \(endpoint.name)"))
        }
        if stored.dead > 0 {
            found.append(
                Attention(problem: "\(Count.text(stored.dead, "notification")) given up: the shop does not know", remedy: "terima deliveries list --state dead")
            )
        }
        if stored.failed > 0 {
            found.append(Attention(problem: "\(Count.text(stored.failed, "event")) could not be read", remedy: "terima events list --state failed"))
        }
        for endpoint in stored.endpoints where endpoint.pending > 0 && !endpoints.contains(where: { $0.name == endpoint.endpoint }) {
            found.append(
                Attention(
                    problem: "\(Count.text(endpoint.pending, "notification")) undelivered: endpoint \(endpoint.endpoint) is no longer configured",
                    remedy: "set TERIMA_ENDPOINTS"
                ))
        }
        return found
    }
}

extension Breaker.State {
    /// The state's name, for operators and programs.
    var word: String {
        switch self {
        case .closed: "closed"
        case .open: "open"
        case .probing: "probing"
        }
    }
}
