import ServiceLifecycle

/// One listener of the operator API. Its errors say which address they are about.
struct OperatorAPIService: Service {
    let server: any Service
    /// The address, and where it is configured.
    let place: String

    func run() async throws {
        do { try await server.run() } catch let error where !(error is CancellationError) {
            throw CommandFailure(.unavailable, "cannot listen on \(place): \(Reason.text(error))")
        }
    }
}
