import Glibc

/// A directory that is there for one test.
struct TemporaryDirectory {
    let path: String

    struct Failure: Error { var code: Int32 }

    init() throws {
        var template = Array("/tmp/terima-receiver-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw Failure(code: errno) }
        path = String(cString: made)
    }

    /// Removes it with the files in it; it has no directories.
    func remove() {
        guard let directory = opendir(path) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { unlink("\(path)/\(name)") }
        }
        closedir(directory)
        rmdir(path)
    }
}
