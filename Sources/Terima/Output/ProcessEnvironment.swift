import FoundationEssentials

/// The environment of this process, read once at the edge.
enum ProcessEnvironment {
    static var variables: [String: String] { ProcessInfo.processInfo.environment }

    /// The user the process runs as, for the record of who asked for a replay.
    static var userName: String { ProcessInfo.processInfo.userName }
}
