import EventStore
import PaymentCore
import Worker

extension Operations {
    /// Does again what failed; see `docs/api.md` for the document.
    func replay(_ document: [UInt8]) async throws -> OperatorAnswer {
        let wanted = try ReplayDocument(document, now: now())
        guard let store else { throw Problem(.serviceDown, "a replay needs the running service or the database's lock") }
        let request = ReplayRequest(wanted.selection, at: now(), who: wanted.who, reason: wanted.reason)
        let count: ReplayCount
        do {
            let plan = try await readers.read { try $0.replayPlan(wanted.selection) }
            if plan.purged > 0, plan.count.events + plan.count.deliveries == 0 {
                throw Problem(.purged, "\(Count.text(Int64(plan.purged), "notification")) cannot be sent again: the body was purged")
            }
            count = wanted.dryRun ? plan.count : try await store.replay(plan, of: request)
        } catch let error as ReplayInterrupted {
            let done = error.done
            throw Problem(.serviceDown, "the service stops; \(done.events) events and \(done.deliveries) deliveries were replayed, repeat it for the rest")
        }
        var writer = JSONWriter()
        count.write(to: &writer)
        return OperatorAnswer(bytes: writer.bytes)
    }
}

extension Operations {
    /// Most ids that a rebuild's answer names.
    private static let namedIds = 100

    /// Compares every charge and agreement with the fold of its events and, unless only a check is wanted, repairs what differs.
    func rebuild(_ document: [UInt8]) async throws -> OperatorAnswer {
        guard let root = try? JSONDocument.parse(document).root, let check = root["check"]?.bool, root.members.count == 1 else {
            throw Problem(.badRequest, "the body must be {\"check\":true} or {\"check\":false}")
        }
        var report = try await readers.read { try Rebuild.check($0) }
        if !check {
            guard let store else { throw Problem(.serviceDown, "a rebuild needs the running service or the database's lock") }
            for id in report.different where try await Rebuild.repair(id, in: store, endpoints: endpoints, now: now()) { report.repaired += 1 }
        }
        let found = report
        return Self.answer { writer in
            writer.object { writer in
                writer.member("charges", found.charges)
                writer.member("agreements", found.agreements)
                writer.member("different", found.different.count)
                writer.member("repaired", found.repaired)
                writer.key("ids")
                writer.array { writer in found.different.prefix(Self.namedIds).forEach { writer.string($0) } }
            }
        }
    }
}

/// The body of `POST /v1/replays`, read strictly.
struct ReplayDocument: Sendable {
    var selection: ReplaySelection
    var who: String
    var reason: String?
    var dryRun: Bool

    private static let flags: Set<String> = ["failed", "delivered", "dryRun"]
    private static let texts: Set<String> = ["event", "charge", "endpoint", "type", "since", "until", "reason", "who"]

    init(_ bytes: [UInt8], now: Instant) throws {
        var parameters = Parameters()
        for (key, value) in try Self.members(bytes) where !value.isNull {
            switch value.kind {
            case .bool where Self.flags.contains(key): parameters.add(key, value.bool == true ? "true" : "false")
            case .string where Self.texts.contains(key): parameters.add(key, value.string)
            case .number where key == "limit": parameters.add(key, value.numberText)
            default: throw Problem(.badRequest, "'\(key)' is unknown or of the wrong kind; docs/api.md lists the members of a replay")
            }
        }
        let type = try parameters.text("type").map { text in
            guard let pattern = EventPattern(text) else { throw Problem(.badRequest, "'type' is no pattern of event types") }
            return pattern
        }
        selection = ReplaySelection(
            failed: try parameters.flag("failed"), event: try parameters.text("event"), charge: try parameters.text("charge"),
            endpoint: try parameters.text("endpoint"), type: type, since: try parameters.instant("since", now: now),
            until: try parameters.instant("until", now: now), delivered: try parameters.flag("delivered"),
            limit: try parameters.integer("limit", 1...1_000_000_000).map { Int($0) })
        guard !selection.isEmpty else {
            throw Problem(.badRequest, "say what to replay: at least one of failed, event, charge, endpoint, type, since, until")
        }
        who = try parameters.text("who") ?? "operator API"
        reason = try parameters.textOrEmpty("reason")
        dryRun = try parameters.flag("dryRun")
    }

    private static func members(_ bytes: [UInt8]) throws -> [(key: String, value: JSONValue)] {
        do {
            let root = try JSONDocument.parse(bytes).root
            guard root.kind == .object else { throw Problem(.badRequest, "the body must be one JSON object") }
            return root.members
        } catch let error as JSONError {
            throw Problem(.badRequest, "the body is no valid JSON: \(error)")
        }
    }
}
