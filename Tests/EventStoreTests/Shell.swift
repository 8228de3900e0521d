import Foundation

/// Copies with another process: opening and closing the file in this one would drop SQLite's locks on it.
enum Shell {
    struct Failed: Error {}

    /// Waits for the copy where it is called, also between two steps of the writer.
    static func copy(_ from: String, _ to: String) throws {
        let words: [String] = ["cp", from, to]
        let arguments = words.map { strdup($0) }
        defer { for argument in arguments { free(argument) } }
        var (child, status) = (pid_t(), Int32())
        guard posix_spawn(&child, "/bin/cp", nil, nil, arguments + [nil], nil) == 0, waitpid(child, &status, 0) == child, status == 0 else { throw Failed() }
    }

    /// In bytes.
    static func size(_ path: String) throws -> Int64 { (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64) ?? 0 }
}
