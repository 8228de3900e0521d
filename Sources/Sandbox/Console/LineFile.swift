import SystemPackage
import Synchronization

/// A file that grows line by line. A line is one `write`, so a killed process leaves at most its last line torn.
final class LineFile: Sendable {
    private let path: String
    private let descriptor: Mutex<FileDescriptor>

    /// Opens or creates the file for appending; a torn last line is ended first, so that it spoils no other.
    /// - Throws: `SandboxError` when it cannot be opened.
    init(path: String) throws(SandboxError) {
        self.path = path
        let existing = try SmallFile.read(path) ?? []
        do {
            descriptor = Mutex(
                try FileDescriptor.open(FilePath(path), .writeOnly, options: [.append, .create, .closeOnExec], permissions: [.ownerReadWrite]))
        } catch {
            throw SandboxError("\(path) cannot be written: \(error).")
        }
        if let last = existing.last, last != UInt8(ascii: "\n") { try append([]) }
    }

    deinit { descriptor.withLock { try? $0.close() } }

    /// Appends `line` and a line feed.
    /// - Throws: `SandboxError` when it cannot be written.
    func append(_ line: [UInt8]) throws(SandboxError) {
        let failure: (any Error)? = descriptor.withLock { descriptor in
            do { try descriptor.writeAll(line + [UInt8(ascii: "\n")]) } catch { return error }
            return nil
        }
        if let failure { throw SandboxError("\(path) cannot be written: \(failure).") }
    }
}
