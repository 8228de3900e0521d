/// A request as the stand-in looks at it: taken off the wire, not yet understood.
package struct APIRequest: Sendable {
    package enum Method: Sendable, Equatable {
        case get, post
        /// Its name.
        case other(String)
    }

    package var method: Method
    /// The path as it was sent.
    package var target: String
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
        _ method: Method, path: [String], target: String? = nil, query: [(name: String, value: String)] = [], authorization: String? = nil,
        merchantId: String? = nil, idempotencyKey: String? = nil, host: String? = nil, body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.target = target ?? "/" + path.joined(separator: "/")
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

    /// `?limit=`: how many records of a list are wanted, all of them without it.
    func limit(_ most: Int) throws(Refusal) -> Int {
        guard let text = parameter("limit") else { return most }
        guard let limit = Int(text), (1...most).contains(limit) else { throw .field("limit must be a number from 1 to \(most)") }
        return limit
    }
}
