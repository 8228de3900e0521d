import EventStore
import PaymentCore

extension Operations {
    func show(_ collection: OperatorRequest.Collection, _ id: String, _ parameters: Parameters) async throws -> OperatorAnswer {
        switch collection {
        case .events:
            try parameters.allow()
            return try await event(id)
        case .charges:
            try parameters.allow("wait", "until", "version")
            if let wish = try ChargeWish(parameters) { return try await charge(id, as: wish) }
            return try await charge(id)
        case .agreements:
            try parameters.allow()
            return try await agreement(id)
        case .deliveries:
            try parameters.allow("endpoint")
            return try await deliveries(of: id, endpoint: try parameters.text("endpoint"))
        }
    }

    func body(_ id: String) async throws -> OperatorAnswer {
        let body = try await readers.read { try Self.find(id, $0).body }
        guard let body else { throw Problem(.purged, "the body of event '\(id)' was purged or erased") }
        return OperatorAnswer(bytes: body, mediaType: "application/octet-stream")
    }

    private func event(_ id: String) async throws -> OperatorAnswer {
        let event = try await readers.read { try Self.find(id, $0) }
        return Self.answer { event.write(to: &$0) }
    }

    private static func find(_ id: String, _ reader: Reader) throws -> EventDetails {
        let seq = id.hasPrefix("seq:") ? Int64(id.dropFirst(4)) : nil
        guard let event = try seq.map({ try reader.event(seq: $0) }) ?? reader.event(id: id) else { throw Problem(.notFound, "no event '\(id)'") }
        return event
    }

    private func charge(_ id: String) async throws -> OperatorAnswer {
        let found: ChargeDetails? = try await readers.read { reader in
            if let charge = try reader.charge(id: id) { return charge }
            // A number may be one payment's reference and another's order.
            let named = try reader.charges(named: id).first ?? reader.charges(ChargeFilter(reference: id, page: Page(limit: 1))).first
            return try named.flatMap { try reader.charge(id: $0.charge.id) }
        }
        guard let charge = found else { throw Problem(.notFound, "no charge '\(id)'") }
        return Self.answer { charge.write(to: &$0) }
    }

    private func agreement(_ id: String) async throws -> OperatorAnswer {
        guard let agreement = try await readers.read({ try $0.agreement(id: id) }) else { throw Problem(.notFound, "no agreement '\(id)'") }
        return Self.answer { agreement.write(to: &$0) }
    }

    private func deliveries(of id: String, endpoint: String?) async throws -> OperatorAnswer {
        let deliveries = try await readers.read { try $0.delivery(id: id) }.filter { endpoint == nil || $0.row.endpoint == endpoint }
        guard !deliveries.isEmpty else { throw Problem(.notFound, "no deliveries of '\(id)'") }
        return Self.answer { writer in
            writer.object { writer in
                writer.key("data")
                writer.array { writer in deliveries.forEach { $0.write(to: &writer) } }
            }
        }
    }

    static func answer(_ write: (inout JSONWriter) -> Void) -> OperatorAnswer {
        var writer = JSONWriter()
        write(&writer)
        return OperatorAnswer(bytes: writer.bytes)
    }
}
