import Glibc

/// A directory for one database, gone afterwards.
struct ScratchDirectory {
    private let path: String
    var database: String { path + "/terima.db" }

    /// In `TMPDIR`, or `/tmp`.
    static func with<Result>(_ body: (ScratchDirectory) throws -> Result) throws -> Result {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/terima-benchmark.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw BenchmarkError("cannot make a directory in \(parent): errno \(errno)") }
        let directory = ScratchDirectory(path: String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
        defer { directory.remove() }
        return try body(directory)
    }

    private func remove() {
        for suffix in ["", "-wal", "-shm", ".lock"] { unlink(database + suffix) }
        rmdir(path)
    }
}
