internal import PaymentCore

/// An answer of the API that came to its end.
struct PPROAnswer: Sendable, Equatable {
    var status: Int
    var limits = RateLimitReport()
    var body: [UInt8] = []

    var isSuccess: Bool { (200..<300).contains(status) }

    /// Whether what was to be changed may be changed, or about to be: 409 says that the key is under way or was used before, 5xx that PPRO does not know.
    var leavesOpen: Bool { isSuccess || status == 409 || status >= 500 }

    /// The checked JSON of the body.
    func json() throws(AuthorityError) -> JSONValue {
        do {
            return try JSONDocument.parse(body).root
        } catch {
            throw .unreadable("the answer is no JSON: \(error)")
        }
    }
}
