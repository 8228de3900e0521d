/// A request as the stand-in looks at it: taken off the wire, not yet understood.
package struct APIRequest: Sendable {
    package enum Method: Sendable, Equatable {
        case get, post
        /// Its name.
        case other(String)
    }

    package var method: Method
    /// Decoded segments: `/v1/payment-charges` is `["v1", "payment-charges"]`.
    package var path: [String]
    /// Decoded names and values, in their order.
    package var query: [(name: String, value: String)]
    package var authorization: String?
    package var merchantId: String?
    package var idempotencyKey: String?
    /// What the client calls this server (`Host`).
    package var host: String?
    package var body: [UInt8]

    package init(
        _ method: Method, path: [String], query: [(name: String, value: String)] = [], authorization: String? = nil, merchantId: String? = nil,
        idempotencyKey: String? = nil, host: String? = nil, body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.authorization = authorization
        self.merchantId = merchantId
        self.idempotencyKey = idempotencyKey
        self.host = host
        self.body = body
    }

    /// The first parameter of that name; an empty one counts as absent.
    func parameter(_ name: String) -> String? {
        query.first { $0.name == name && !$0.value.isEmpty }?.value
    }
}
