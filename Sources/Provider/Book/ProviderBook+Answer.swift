internal import PaymentCore

/// The bodies of the API's answers.
extension ProviderBook {
    /// Charges on one page of a list.
    static let pageSize = 10

    func chargeJSON(_ id: String) throws(Refusal) -> [UInt8] {
        let charge = try charge(id: id)
        var writer = JSONWriter()
        charge.write(to: &writer)
        return writer.bytes
    }

    /// `{"data":[…],"nextPage":2}`, newest first; `nextPage` is null on the last page.
    func chargesJSON(reference: String, page: String?) throws(Refusal) -> [UInt8] {
        guard let number = page.map({ Int($0) }) ?? 1, (1...1_000_000).contains(number) else { throw .field("page must be a number from 1") }
        let ids = charges(reference: reference).dropFirst((number - 1) * Self.pageSize)
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("data")
            writer.array { writer in
                for id in ids.prefix(Self.pageSize) { charges[id]?.write(to: &writer) }
            }
            writer.member("nextPage", ids.count > Self.pageSize ? number + 1 : nil)
        }
        return writer.bytes
    }

    func listJSON(_ kind: OperationKind, of id: String) throws(Refusal) -> [UInt8] {
        let charge = try charge(id: id)
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("data")
            charge.writeList(kind, to: &writer)
        }
        return writer.bytes
    }

    func operationJSON(_ operation: String, of id: String) throws(Refusal) -> [UInt8] {
        guard let operation = try charge(id: id).operation(operation) else { throw .unknown("operation") }
        var writer = JSONWriter()
        operation.write(to: &writer)
        return writer.bytes
    }

    /// A bare array.
    func fundsStatusesJSON(of id: String) throws(Refusal) -> [UInt8] {
        let charge = try charge(id: id)
        var writer = JSONWriter()
        charge.writeFundsStatuses(to: &writer)
        return writer.bytes
    }

    func instrumentJSON(_ id: String) throws(Refusal) -> [UInt8] {
        guard charge(instrument: id) != nil else { throw .unknown("payment instrument") }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("id", id)
            writer.member("type", Self.instrumentType)
        }
        return writer.bytes
    }
}
