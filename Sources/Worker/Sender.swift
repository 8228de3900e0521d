package import PaymentCore

/// The way out to the shop: makes one HTTP attempt and says how it ended. The third seam of the tests, beside the clock and the jitter.
package protocol Sender: Sendable {
    /// Starts one attempt and returns at once. `completion` is called exactly once, on any thread, possibly before this returns.
    func send(_ request: OutgoingRequest, completion: @escaping @Sendable (AttemptResult) -> Void) -> Cancellation
}

/// One `POST` to an endpoint.
package struct OutgoingRequest: Sendable {
    /// The endpoint's name: whose certificate authorities count.
    package var endpoint: String
    /// Absolute `http` or `https` URL.
    package var url: String
    /// Everything but `Host` and `Content-Length`, which the sender adds.
    package var headers: [(name: String, value: String)]
    /// The stored bytes of the notification.
    package var body: [UInt8]
    /// For the whole attempt, from connecting to the last byte of the answer.
    package var timeoutMilliseconds: Int64

    package init(endpoint: String, url: String, headers: [(name: String, value: String)], body: [UInt8], timeoutMilliseconds: Int64) {
        self.endpoint = endpoint
        self.url = url
        self.headers = headers
        self.body = body
        self.timeoutMilliseconds = timeoutMilliseconds
    }
}

/// Ends an attempt under way early. Its completion is still called: with what was there already, or with `TransportFailure.canceled`.
package struct Cancellation: Sendable {
    private let action: @Sendable () -> Void

    package init(_ action: @escaping @Sendable () -> Void) { self.action = action }

    package func cancel() { action() }
}
