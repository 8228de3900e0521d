import FoundationEssentials

/// The environment of this process, read once at the edge.
enum ProcessEnvironment {
    static var variables: [String: String] { ProcessInfo.processInfo.environment }
}
