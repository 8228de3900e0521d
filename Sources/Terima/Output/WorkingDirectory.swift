import FoundationEssentials

/// Where a command was called: what it names is meant from there, whoever opens it.
enum WorkingDirectory {
    static func absolute(_ path: String) throws -> String {
        guard !path.isEmpty else { throw CommandFailure(.usage, "the path is empty") }
        return path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    }
}
