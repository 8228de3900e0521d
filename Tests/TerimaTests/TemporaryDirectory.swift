import Glibc
import SystemPackage

/// A directory of its own for one test, removed with everything in it when the test lets go of it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        var random = SystemRandomNumberGenerator()
        path = "/tmp/terima-tests-\(UInt64.random(in: .min ... .max, using: &random))"
        guard mkdir(path, 0o700) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Writes a text file and returns its path.
    func write(_ text: String, to name: String) throws -> String {
        let file = path + "/" + name
        let descriptor = try FileDescriptor.open(file, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try descriptor.closeAfter { _ = try descriptor.writeAll(Array(text.utf8)) }
        return file
    }

    deinit {
        guard let directory = opendir(path) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
            unlink(path + "/" + name)
        }
        closedir(directory)
        rmdir(path)
    }
}
