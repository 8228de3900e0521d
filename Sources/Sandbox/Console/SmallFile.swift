import SystemPackage

/// Reads files that are small by nature: secrets, and what a demo shop remembers.
enum SmallFile {
    /// Largest file that is read, in bytes.
    static let maximumBytes = 256 << 20

    /// Every byte of the file, or nil when there is none.
    /// - Throws: `SandboxError` when it cannot be read or is too large.
    static func read(_ path: String) throws(SandboxError) -> [UInt8]? {
        do {
            let descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            return try descriptor.closeAfter {
                var bytes: [UInt8] = []
                var chunk = [UInt8](repeating: 0, count: 65536)
                while bytes.count <= maximumBytes {
                    let count = try chunk.withUnsafeMutableBytes { try descriptor.read(into: $0) }
                    if count == 0 { return bytes }
                    bytes += chunk.prefix(count)
                }
                throw SandboxError("\(path) is larger than \(maximumBytes) bytes.")
            }
        } catch let error as Errno {
            if error == .noSuchFileOrDirectory { return nil }
            throw SandboxError("\(path) cannot be read: \(error).")
        } catch let error as SandboxError {
            throw error
        } catch {
            throw SandboxError("\(path) cannot be read: \(error).")
        }
    }

    /// The one line that a file holds. The line feed that editors and `echo` put at a file's end is no part of it.
    /// - Parameter what: What the line is, for the error: `the secret`.
    /// - Throws: `SandboxError` when there is no such file, or it holds anything else.
    static func line(_ path: String, what: String) throws(SandboxError) -> String {
        guard let bytes = try read(path) else { throw SandboxError("\(path) does not exist.") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw SandboxError("\(path) is not UTF-8 text.") }
        // A carriage return and a line feed are one character.
        let line = text.hasSuffix("\r\n") || text.hasSuffix("\n") ? String(text.dropLast()) : text
        guard !line.isEmpty, !line.contains(where: \.isNewline) else { throw SandboxError("\(path) must hold one line, \(what).") }
        return line
    }
}
