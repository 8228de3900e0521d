import EventStore
import PaymentCore
import ServiceLifecycle

extension Operations {
    /// `POST /v1/erasures`: personal data of a charge or a consumer is gone afterwards; what was paid stays.
    func erase(_ document: [UInt8]) async throws -> OperatorAnswer {
        let wanted = try EraseDocument(document)
        guard let store else { throw Problem(.serviceDown, "an erasure needs the running service or the database's lock") }
        let request = EraseRequest(try await selection(wanted), at: now(), who: wanted.who, reason: wanted.reason)
        let readers = readers
        let report = try await cancelWhenGracefulShutdown { try await store.erase(request, dryRun: wanted.dryRun, readers: readers) }
        if case .subject(let id) = request.selection, report.events == 0 { throw Problem(.notFound, "nothing is stored about '\(id)'") }
        let copies = wanted.dryRun ? [] : BackupTarget.copies(of: file.path)
        return Self.answer { report.write(to: &$0, copies: copies) }
    }

    /// A charge may be named by the shop's reference, if that names only one.
    private func selection(_ wanted: EraseDocument) async throws -> EraseRequest.Selection {
        guard case .subject(let name) = wanted.selection else { return wanted.selection }
        let charges = try await readers.read { try $0.charges(named: name) }.map(\.charge.id)
        guard charges.count <= 1 else {
            throw Problem(.badRequest, "'\(name)' names \(charges.count) charges; erase each by its id: \(charges.joined(separator: ", "))")
        }
        return .subject(charges.first ?? name)
    }
}

/// The body of `POST /v1/erasures`, read strictly.
struct EraseDocument: Sendable, Equatable {
    var selection: EraseRequest.Selection
    var who: String
    var reason: String?
    var dryRun: Bool

    init(_ bytes: [UInt8]) throws {
        var parameters = Parameters()
        guard let root = try? JSONDocument.parse(bytes).root, root.kind == .object else {
            throw Problem(.badRequest, #"the body must be a JSON object such as {"charge":"charge_…","reason":"…"} or {"consumer":"…"}"#)
        }
        for (key, value) in root.members where !value.isNull {
            switch (key, value.kind) {
            case ("charge", .string), ("consumer", .string), ("who", .string), ("reason", .string): parameters.add(key, value.string)
            case ("dryRun", .bool): parameters.add(key, value.bool == true ? "true" : "false")
            default: throw Problem(.badRequest, "'\(key)' is unknown or of the wrong kind; the members are charge or consumer, who, reason, dryRun")
            }
        }
        switch (try parameters.text("charge"), try parameters.text("consumer")) {
        case (let charge?, nil): selection = .subject(charge)
        case (nil, let consumer?): selection = .consumer(try Self.address(consumer))
        default: throw Problem(.badRequest, "say whose data: either 'charge' or 'consumer'")
        }
        who = try parameters.text("who") ?? "operator API"
        reason = try parameters.textOrEmpty("reason")
        dryRun = try parameters.flag("dryRun")
    }

    /// Anything shorter would be found in the bodies of many. The message does not repeat it: it is personal data.
    private static func address(_ text: String) throws -> String {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), !text.contains(where: \.isWhitespace) else {
            throw Problem(.badRequest, "'consumer' must be one whole mail address, name@host")
        }
        return text
    }
}
