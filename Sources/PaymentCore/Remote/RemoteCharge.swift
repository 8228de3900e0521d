/// PPRO's whole word about one charge at one moment, as its API answers `GET /v1/payment-charges/{id}`.
package struct RemoteCharge: Sendable, Equatable {
    package var id: String
    package var status: ChargeStatus
    package var currency: String?
    package var paymentMethod: String?
    package var merchantId: String?
    package var merchantPaymentChargeReference: String?
    /// The reference under which PPRO found the charge, where its answer leaves it out.
    package private(set) var foundUnder: String?
    package var orderReferenceNumber: String?
    /// Why it came to nothing: the charge's own failure or, of a charge that failed without one, that of its last operation that has one. A charge that has not
    /// failed may hold attempts that did: they are none of its failures.
    package var failureCode: String?
    /// Authorizations, captures, refunds and voids, each kind in PPRO's order.
    package var operations: [RemoteOperation]
    /// Where the consumer goes to authenticate; nil when there is nothing to be done.
    package var authenticationLink: AuthenticationLink?
    package var createdAt: Instant
    package var updatedAt: Instant
    /// The charge's JSON object, byte for byte: what this type does not name survives here.
    package var json: [UInt8]

    package init(id: String, status: ChargeStatus, operations: [RemoteOperation] = [], createdAt: Instant, updatedAt: Instant, json: [UInt8] = []) {
        self.id = id
        self.status = status
        self.operations = operations
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.json = json
    }

    /// Reads one charge of an answer. Unknown fields are left in `json`, unknown statuses stay the words they are.
    /// - Throws: What is missing or of the wrong type among the things that money hangs on: id, status, times, and each operation's id, amount and status.
    package init(_ value: JSONValue) throws(DecodingFailure) {
        guard value.kind == .object else { throw .notAnObject }
        let fields = JSONFields(object: value, path: "")
        let (created, updated) = (try fields.instant("createdAt"), try fields.instant("updatedAt"))
        self.init(
            id: try fields.requiredString("id"), status: ChargeStatus(try fields.requiredString("status")), createdAt: created, updatedAt: updated,
            json: Array(value.bytes))
        currency = fields.string(ifThere: "currency")
        paymentMethod = fields.string(ifThere: "paymentMethod")
        merchantId = fields.string(ifThere: "merchantId")
        merchantPaymentChargeReference = fields.string(ifThere: "merchantPaymentChargeReference")
        orderReferenceNumber = fields.object(ifThere: "order")?.string(ifThere: "orderReferenceNumber") ?? fields.string(ifThere: "orderReferenceNumber")
        authenticationLink = value["authenticationMethods"]?.elements.lazy.compactMap { AuthenticationLink(method: $0) }.first
        for kind in RemoteOperation.lists {
            for element in value[kind.member]?.elements ?? [] { operations.append(try RemoteOperation(element, kind: kind.kind, path: kind.member)) }
        }
        let operationsFailure = status == .failed ? operations.last { $0.failureCode != nil }?.failureCode : nil
        failureCode = fields.object(ifThere: "failure")?.string(ifThere: "failureCode") ?? operationsFailure
    }

    /// The charge as one of those that PPRO found under the reference. Not every answer names it, and nobody but who asked knows it then.
    package func found(under reference: String) -> RemoteCharge {
        guard merchantPaymentChargeReference == nil else { return self }
        var charge = self
        (charge.merchantPaymentChargeReference, charge.foundUnder) = (reference, reference)
        return charge
    }
}

/// Where the consumer of a redirect payment method is sent.
package struct AuthenticationLink: Sendable, Equatable {
    package var url: String
    /// GET or POST.
    package var method: String

    package init(url: String, method: String) {
        self.url = url
        self.method = method
    }

    /// From one of `authenticationMethods`; nil when it is no redirect.
    init?(method value: JSONValue) {
        guard value["type"]?.string == "REDIRECT", let url = value["details"]?["requestUrl"]?.string, !url.isEmpty else { return nil }
        self.init(url: url, method: value["details"]?["requestMethod"]?.string ?? "GET")
    }
}
