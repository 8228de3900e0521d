import SystemPackage

/// Small text files: configuration and secrets.
enum FileText {
    /// Largest file that is read, in bytes.
    static let maximumBytes = 1 << 20

    /// The text of a file, or nil when it is missing and may be.
    /// - Throws: `ConfigurationError` when it cannot be read, is too large or is not UTF-8.
    static func read(_ path: String, mayBeMissing: Bool) throws -> String? {
        do {
            guard let text = String(validating: try bytes(path), as: UTF8.self) else {
                throw ConfigurationError(.unreadable, key: path, "the file is not UTF-8 text")
            }
            return text
        } catch let error as Errno {
            if mayBeMissing && (error == .noSuchFileOrDirectory || error == .notDirectory) { return nil }
            throw ConfigurationError(.unreadable, key: path, "the file cannot be read: \(error.localizedText)")
        }
    }

    /// The bytes of a file, at most `maximumBytes`.
    static func bytes(_ path: String) throws -> [UInt8] {
        let descriptor = try unsafe FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        return try descriptor.closeAfter { try bytes(of: descriptor, name: path) }
    }

    /// Everything that can be read from a descriptor, at most `maximumBytes`.
    static func bytes(of descriptor: FileDescriptor, name: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = try unsafe chunk.withUnsafeMutableBytes { try unsafe descriptor.read(into: $0) }
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
            guard bytes.count <= maximumBytes else { throw ConfigurationError(.unreadable, key: name, "the file is larger than \(maximumBytes) bytes") }
        }
    }
}

extension Errno {
    /// The system's words for the error, e.g. "No such file or directory".
    var localizedText: String { description }
}
