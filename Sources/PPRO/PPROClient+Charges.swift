package import PaymentCore

extension PPROClient {
    /// Pages of one list that are read before it is given up; an attempt to pay is made a few times, not thousands of times.
    static let maximumPages = 20

    /// Creates a payment charge. The same key and order may be sent again for 24 hours and create no second one.
    /// - Returns: The charge as PPRO answers it, which may well be FAILED: that is an answer, no error.
    /// - Throws: Where the error's `mayBeDone` is true, the charge may have been created.
    package func create(_ order: ChargeOrder, idempotencyKey: IdempotencyKey) async throws(AuthorityError) -> RemoteCharge {
        let faults = order.faults
        guard faults.isEmpty else { throw .invalidOrder(faults) }
        let call = PPROCall(
            purpose: "create charge", method: .post(body: order.json, key: idempotencyKey), target: "/v1/payment-charges",
            personal: PersonalData(order))
        return try await change(call) { answer throws(AuthorityError) in try Self.charge(answer) }
    }

    /// What can be no id of PPRO's is the id of no charge: nothing is asked, and whoever has a name may go on with it as a reference.
    package func charge(id: String) async throws(AuthorityError) -> RemoteCharge? {
        guard let target = PPROCall.chargeTarget(id) else { return nil }
        let answer = try await perform(PPROCall(purpose: "get charge", method: .get, target: target))
        guard answer.status != 404 else { return nil }
        let charge = try Self.charge(try answer.json())
        guard charge.id.utf8.elementsEqual(id.utf8) else { throw .unreadable("get charge: PPRO answered another charge") }
        return charge
    }

    package func charges(reference: String) async throws(AuthorityError) -> [RemoteCharge] {
        guard !reference.isEmpty, reference.utf8.count <= 2_048 else { throw .refused("find charges: the reference is empty or too long") }
        let first = "/v1/payment-charges?merchantPaymentChargeReference=" + PPROCall.encode(reference)
        var found: [RemoteCharge] = []
        var seenCharges: Set<[UInt8]> = []
        var seenPages: Set<[UInt8]> = []
        var target = first
        for _ in 0..<Self.maximumPages {
            let answer = try await perform(PPROCall(purpose: "find charges", method: .get, target: target))
            guard answer.status != 404 else { break }
            let page = try ChargePage(try answer.json())
            // A page that moves on while the list grows brings charges twice; a charge of another reference is none of ours.
            for charge in page.charges where charge.isUnder(reference) && seenCharges.insert(Array(charge.id.utf8)).inserted {
                found.append(charge.found(under: reference))
            }
            guard let next = page.next else { break }
            guard seenPages.insert(Array(next.utf8)).inserted else { throw .unreadable("find charges: the pages go round in a circle") }
            guard seenPages.count < Self.maximumPages else { throw .unreadable("find charges: more than \(Self.maximumPages) pages") }
            target = first + "&page=" + PPROCall.encode(next)
        }
        return found.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
    }

    static func charge(_ value: JSONValue) throws(AuthorityError) -> RemoteCharge {
        do {
            return try RemoteCharge(value)
        } catch {
            throw .unreadable("the charge cannot be read: \(error)")
        }
    }
}

/// One page of `GET /v1/payment-charges`.
private struct ChargePage {
    var charges: [RemoteCharge] = []
    /// What to ask for next; nil on the last page.
    var next: String?

    init(_ value: JSONValue) throws(AuthorityError) {
        guard let data = value["data"], data.kind == .array else { throw .unreadable("find charges: the answer has no data") }
        for element in data.elements { charges.append(try PPROClient.charge(element)) }
        guard let page = value["nextPage"], !page.isNull else { return }
        guard let text = page.string ?? page.numberText else { throw .unreadable("find charges: nextPage is no text") }
        next = text.isEmpty ? nil : text
    }
}

extension RemoteCharge {
    /// False only when the charge says that it is under another reference: PPRO's answer names it in few places.
    fileprivate func isUnder(_ reference: String) -> Bool {
        merchantPaymentChargeReference.map { $0.utf8.elementsEqual(reference.utf8) } ?? true
    }
}
