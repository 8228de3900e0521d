import Glibc
import SystemPackage

/// What is done to whole files so that it is still done after a power cut. None of these is for a database that is open in this process.
enum DurableFiles {
    /// Whether anything is there under this name.
    static func exists(_ path: String) -> Bool {
        var facts = stat()
        return unsafe lstat(path, &facts) == 0
    }

    /// Whether both names are of one file.
    static func areSame(_ one: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        guard unsafe stat(one, &first) == 0, unsafe stat(other, &second) == 0 else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }

    static func sync(_ path: String) throws(StoreError) { try sync(path, "file") }

    /// Makes names in the directory of `path` last: new ones, changed ones and those that are gone.
    static func syncDirectory(of path: String) throws(StoreError) { try sync(directory(of: path), "directory") }

    private static func sync(_ path: String, _ what: String) throws(StoreError) {
        do {
            let descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            let result = fsync(descriptor.rawValue)
            let reason = errno
            try descriptor.close()
            guard result == 0 else { throw Errno(rawValue: reason) }
        } catch { throw failure("sync the \(what) \(path)", error) }
    }

    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// An empty file that only its owner may read.
    static func create(_ path: String) throws(StoreError) {
        do {
            try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: [.ownerRead, .ownerWrite]
            ).close()
        } catch { throw failure("create \(path)", error) }
    }

    static func copy(_ from: String, into to: String) throws(StoreError) {
        do {
            let source = try FileDescriptor.open(FilePath(from), .readOnly, options: .closeOnExec)
            defer { try? source.close() }
            let target = try FileDescriptor.open(FilePath(to), .writeOnly, options: .closeOnExec)
            defer { try? target.close() }
            var buffer = [UInt8](repeating: 0, count: 1 << 20)
            while true {
                let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe source.read(into: $0) }
                if count == 0 { return }
                try target.writeAll(buffer.prefix(count))
            }
        } catch { throw failure("copy \(from) to \(to)", error) }
    }

    /// What root has made in somebody's directory is to be usable by him: the service's user.
    static func giveToOwnerOfDirectory(_ path: String) throws(StoreError) {
        var facts = stat()
        guard geteuid() == 0, unsafe stat(directory(of: path), &facts) == 0, facts.st_uid != 0 else { return }
        guard unsafe chown(path, facts.st_uid, facts.st_gid) == 0 else { throw failure("give \(path) to its directory's owner", Errno(rawValue: errno)) }
    }

    /// A second name for the same file. Throws `backup_exists` when it is taken.
    static func link(_ path: String, as name: String) throws(StoreError) {
        guard unsafe Glibc.link(path, name) != 0 else { return }
        let reason = Errno(rawValue: errno)
        if reason == .fileExists { throw StoreError(.backupExists, message: "\(name) is there already; name another file or remove it") }
        throw failure("give \(path) the name \(name)", reason)
    }

    /// Replaces what had the name.
    static func rename(_ path: String, to name: String) throws(StoreError) {
        guard unsafe Glibc.rename(path, name) == 0 else { throw failure("rename \(path) to \(name)", Errno(rawValue: errno)) }
    }

    /// Nothing happens when it is not there.
    static func remove(_ path: String) throws(StoreError) {
        guard unsafe unlink(path) != 0, errno != ENOENT else { return }
        throw failure("remove \(path)", Errno(rawValue: errno))
    }

    /// The names in a directory, sorted.
    static func names(in directory: String) throws(StoreError) -> [String] {
        guard let stream = unsafe opendir(directory) else { throw failure("read the directory \(directory)", Errno(rawValue: errno)) }
        defer { _ = unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            names.append(
                unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                    unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
                })
        }
        return names.sorted()
    }

    private static func failure(_ what: String, _ error: any Error) -> StoreError {
        StoreError(.backupFailed, message: "cannot \(what): \((error as? Errno)?.description ?? "\(error)")")
    }
}
