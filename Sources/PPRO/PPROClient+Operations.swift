package import PaymentCore

extension PPROClient {
    package func authorizations(of id: String) async throws(AuthorityError) -> [RemoteOperation] { try await operations(.authorization, of: id) }
    package func captures(of id: String) async throws(AuthorityError) -> [RemoteOperation] { try await operations(.capture, of: id) }
    package func refunds(of id: String) async throws(AuthorityError) -> [RemoteOperation] { try await operations(.refund, of: id) }
    package func voids(of id: String) async throws(AuthorityError) -> [RemoteOperation] { try await operations(.void, of: id) }

    /// Captures all or part of what is authorized.
    /// - Parameters:
    ///   - amount: Minor units, at least 1.
    ///   - method: The charge's payment method, if known: what it cannot do is not even asked for.
    package func capture(
        _ id: String, amount: Int64, reference: String? = nil, method: String? = nil, idempotencyKey: IdempotencyKey
    ) async throws(AuthorityError) -> RemoteOperation {
        guard PaymentMethodRules.allowsCapture(method: method) else { throw .refused("create capture: \(method ?? "") has no separate captures") }
        return try await create(.capture, of: id, amount: amount, reference: reference, key: idempotencyKey)
    }

    /// Gives back all or part of what is captured. Parameters as for `capture`.
    package func refund(
        _ id: String, amount: Int64, reference: String? = nil, method: String? = nil, idempotencyKey: IdempotencyKey
    ) async throws(AuthorityError) -> RemoteOperation {
        guard PaymentMethodRules.allowsRefund(method: method) else { throw .refused("create refund: \(method ?? "") has no refunds") }
        return try await create(.refund, of: id, amount: amount, reference: reference, key: idempotencyKey)
    }

    /// Gives up all or part of what is authorized and not captured. Parameters as for `capture`.
    package func void(
        _ id: String, amount: Int64, reference: String? = nil, method: String? = nil, idempotencyKey: IdempotencyKey
    ) async throws(AuthorityError) -> RemoteOperation {
        guard PaymentMethodRules.allowsVoid(method: method) else { throw .refused("create void: \(method ?? "") has no voids") }
        return try await create(.void, of: id, amount: amount, reference: reference, key: idempotencyKey)
    }

    /// Where the money of each capture and refund is.
    package func fundsStatuses(of id: String) async throws(AuthorityError) -> [FundsStatus] {
        guard let target = PPROCall.chargeTarget(id, "/funds-statuses") else { throw .refused("get funds statuses: this is no id of PPRO's") }
        var statuses: [FundsStatus] = []
        for element in try await list(target, purpose: "get funds statuses") { statuses.append(try FundsStatus(element)) }
        return statuses
    }

    /// The means of payment behind an `instrumentId`; nil when PPRO knows none of that id.
    package func instrument(id: String) async throws(AuthorityError) -> PaymentInstrument? {
        guard PPROCall.isIdentifier(id) else { throw .refused("get instrument: this is no id of PPRO's") }
        let answer = try await perform(PPROCall(purpose: "get instrument", method: .get, target: "/v1/payment-instruments/" + id))
        return answer.status == 404 ? nil : try PaymentInstrument(try answer.json())
    }

    private func operations(_ kind: OperationFact.Kind, of id: String) async throws(AuthorityError) -> [RemoteOperation] {
        let purpose = "list \(kind.rawValue)s"
        guard let target = PPROCall.chargeTarget(id, "/\(kind.rawValue)s") else { throw .refused("\(purpose): this is no id of PPRO's") }
        var operations: [RemoteOperation] = []
        for element in try await list(target, purpose: purpose) { operations.append(try RemoteOperation(answer: element, kind: kind)) }
        return operations
    }

    private func create(
        _ kind: OperationFact.Kind, of id: String, amount: Int64, reference: String?, key: IdempotencyKey
    ) async throws(AuthorityError) -> RemoteOperation {
        let purpose = "create \(kind.rawValue)"
        guard let target = PPROCall.chargeTarget(id, "/\(kind.rawValue)s") else { throw .refused("\(purpose): this is no id of PPRO's") }
        guard amount >= 1 else { throw .refused("\(purpose): the amount must be at least 1") }
        if let reference, reference.isEmpty || reference.unicodeScalars.count > ChargeOrder.maximumCharacters {
            throw .refused("\(purpose): the reference must have 1 to \(ChargeOrder.maximumCharacters) characters")
        }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("amount", amount)
            if let reference { writer.member(Self.referenceName(kind), reference) }
        }
        let call = PPROCall(purpose: purpose, method: .post(body: writer.bytes, key: key), target: target)
        return try await change(call) { answer throws(AuthorityError) in try RemoteOperation(answer: answer, kind: kind) }
    }

    private static func referenceName(_ kind: OperationFact.Kind) -> String {
        switch kind {
        case .refund: "merchantRefundReference"
        case .void: "merchantVoidReference"
        case .capture, .authorization, .chargeback: "merchantCaptureReference"
        }
    }

    /// The elements of `{data: […]}` or of a bare array: PPRO answers the funds statuses as one, everything else as the other.
    private func list(_ target: String, purpose: String) async throws(AuthorityError) -> [JSONValue] {
        let answer = try await perform(PPROCall(purpose: purpose, method: .get, target: target))
        guard answer.status != 404 else { throw .refused("\(purpose): PPRO knows no such charge") }
        let root = try answer.json()
        guard let list = root.kind == .array ? root : root["data"], list.kind == .array else { throw .unreadable("\(purpose): the answer is no list") }
        return list.elements
    }
}

extension RemoteOperation {
    /// Reads one element of a list, or the answer to its creation. An unknown status stays the word it is.
    fileprivate init(answer value: JSONValue, kind: OperationFact.Kind) throws(AuthorityError) {
        do {
            try self.init(value, kind: kind, path: kind.rawValue)
        } catch {
            throw .unreadable("the \(kind.rawValue) cannot be read: \(error)")
        }
    }
}
