import Foundation

/// A directory of its own for one test, removed with everything in it when the last owner lets go of it.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("terima-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { remove() }

    /// To be deferred where nothing else holds the directory to the end of the test.
    package func remove() { try? FileManager.default.removeItem(atPath: path) }

    package func file(_ name: String) -> String { path + "/" + name }

    /// Writes a file that only its owner may read, and returns its path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        let file = file(name)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        return file
    }

    package func append(_ text: String, to name: String) throws {
        if !FileManager.default.fileExists(atPath: file(name)) { return _ = try write(text, to: name) }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file(name)))
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
    }

    package func read(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }
}
