import PaymentCore
import Worker

extension Operations {
    /// Asks PPRO about one charge at once, or about many in their turn; see `docs/api.md` for the document.
    func reconcile(_ document: [UInt8]) async throws -> OperatorAnswer {
        let wanted = try ReconcileDocument(document, now: now())
        guard let live else { throw Problem(.serviceDown, "terima is not running, and only the service asks PPRO; start it and run this again") }
        guard let reconciler = live.reconciler else {
            throw Problem(.notConfigured, "set TERIMA_PPRO_URL, TERIMA_PPRO_KEY and TERIMA_PPRO_MERCHANT_ID, and restart terima")
        }
        switch wanted {
        case .charge(let name): return try await reconcile(name, reconciler)
        case .open: return Self.asked(try await reconciler.doubtOpenCharges(), [])
        case .changed(let since): return Self.asked(try await reconciler.doubtCharges(changedSince: since), [])
        }
    }

    private func reconcile(_ name: String, _ reconciler: Reconciler) async throws -> OperatorAnswer {
        let answers: [Inquiry.Answer]
        do { answers = try await reconciler.answers(about: name) } catch {
            throw Problem(.pproUnavailable, "PPRO did not answer: \(error)")
        }
        guard !answers.isEmpty else { throw Problem(.notFound, "PPRO knows no charge '\(name)', neither by id nor by merchantPaymentChargeReference") }
        return Self.asked(answers.count, answers)
    }

    private static func asked(_ count: Int, _ answers: [Inquiry.Answer]) -> OperatorAnswer {
        answer { writer in
            writer.object { writer in
                writer.member("asked", count)
                writer.key("answers")
                writer.array { writer in
                    for answer in answers {
                        writer.object {
                            $0.member("charge", answer.charge.id)
                            $0.member("status", answer.charge.status.word)
                            $0.member("updatedAt", answer.charge.updatedAt.iso8601)
                            $0.member("news", answer.isNews)
                        }
                    }
                }
            }
        }
    }
}

/// The body of `POST /v1/reconciliations`, read strictly: exactly one of its members.
enum ReconcileDocument: Sendable, Equatable {
    /// By id or `merchantPaymentChargeReference`.
    case charge(String)
    case open
    case changed(since: Instant)

    init(_ bytes: [UInt8], now: Instant) throws {
        let refusal = Problem(.badRequest, #"the body must be {"charge":"<id or reference>"}, {"open":true} or {"since":"<time or how long ago>"}"#)
        guard let root = try? JSONDocument.parse(bytes).root, let member = root.members.first, root.members.count == 1 else { throw refusal }
        switch (member.key, member.value.kind) {
        case ("charge", .string):
            guard let name = member.value.string, !name.isEmpty, name.utf8.count <= 512 else { throw refusal }
            self = .charge(name)
        case ("open", .bool) where member.value.bool == true: self = .open
        case ("since", .string):
            var parameters = Parameters()
            parameters.add("since", member.value.string)
            guard let since = try parameters.instant("since", now: now) else { throw refusal }
            self = .changed(since: since)
        default: throw refusal
        }
    }
}
