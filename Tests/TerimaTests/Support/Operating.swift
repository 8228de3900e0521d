/// How an operator meets terima: running, when commands ask the service through its socket, or down, when they open the database themselves.
enum Operating: CaseIterable {
    case running, down

    /// A seeded installation in that state, for as long as `body` runs.
    func with(_ body: (Installation) async throws -> Void) async throws {
        let installation = try await Installation()
        switch self {
        case .running: try await installation.serve { _ in try await body(installation) }
        case .down: try await body(installation)
        }
    }
}
