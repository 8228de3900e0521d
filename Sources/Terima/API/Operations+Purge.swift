import EventStore
import PaymentCore
import ServiceLifecycle

extension Operations {
    /// `POST /v1/purges`: takes bodies away that are older than the retention.
    func purge(_ document: [UInt8]) async throws -> OperatorAnswer {
        let wanted = try PurgeDocument(document)
        let cutoff = now().advanced(byMilliseconds: -(wanted.olderThanMilliseconds ?? retention))
        guard let store else { throw Problem(.serviceDown, "a purge needs the running service or the database's lock") }
        let readers = readers
        let count = try await cancelWhenGracefulShutdown { try await store.purge(before: cutoff, dryRun: wanted.dryRun, readers: readers) }
        return Self.answer { count.write(to: &$0, cutoff: cutoff) }
    }
}

/// The body of `POST /v1/purges`, read strictly.
struct PurgeDocument: Sendable, Equatable {
    /// nil: the retention that is configured.
    var olderThanMilliseconds: Int64?
    var dryRun: Bool

    init(_ bytes: [UInt8]) throws {
        var parameters = Parameters()
        guard let root = try? JSONDocument.parse(bytes).root, root.kind == .object else {
            throw Problem(.badRequest, #"the body must be a JSON object such as {"olderThan":"30d","dryRun":true}, or {} for the configured retention"#)
        }
        for (key, value) in root.members where !value.isNull {
            switch (key, value.kind) {
            case ("olderThan", .string): parameters.add(key, value.string)
            case ("dryRun", .bool): parameters.add(key, value.bool == true ? "true" : "false")
            default: throw Problem(.badRequest, "'\(key)' is unknown or of the wrong kind; the members are olderThan and dryRun")
            }
        }
        olderThanMilliseconds = try parameters.duration("olderThan", atMost: 315_360_000_000)
        dryRun = try parameters.flag("dryRun")
    }
}
