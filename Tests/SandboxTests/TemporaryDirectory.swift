import Glibc
import SystemPackage

/// A directory of its own for one test.
struct TemporaryDirectory {
    private let path: String

    init() throws {
        path = "/tmp/ppro-sandbox-\(UInt64.random(in: 0 ... .max))"
        guard mkdir(path, 0o700) == 0 else { throw Errno(rawValue: errno) }
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func append(_ text: String, to name: String) throws {
        let descriptor = try FileDescriptor.open(FilePath(file(name)), .writeOnly, options: [.append, .create], permissions: .ownerReadWrite)
        try descriptor.closeAfter { _ = try descriptor.writeAll(text.utf8) }
    }

    func read(_ name: String) throws -> String {
        let descriptor = try FileDescriptor.open(FilePath(file(name)), .readOnly)
        return try descriptor.closeAfter {
            var chunk = [UInt8](repeating: 0, count: 1 << 20)
            let count = try chunk.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            return String(decoding: chunk.prefix(count), as: UTF8.self)
        }
    }

    /// Removes the files named and the directory.
    func remove(_ names: String...) {
        for name in names { unlink(file(name)) }
        rmdir(path)
    }
}
