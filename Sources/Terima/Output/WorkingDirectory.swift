import Glibc

/// Where a command was called: what it names is meant from there, whoever opens it.
enum WorkingDirectory {
    static func absolute(_ path: String) throws -> String {
        guard !path.isEmpty else { throw CommandFailure(.usage, "the path is empty") }
        if path.hasPrefix("/") { return path }
        guard let directory = unsafe getcwd(nil, 0) else { throw CommandFailure(.usage, "there is no working directory; give a path that begins with /") }
        defer { unsafe free(directory) }
        return "\(unsafe String(cString: directory))/\(path)"
    }
}
