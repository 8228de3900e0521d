import Glibc
import SystemPackage

/// Space set aside in a file beside the database, given back to the disk when that is full: while new events are refused, what was accepted before can still be
/// applied, told and recorded. Its first line names the database, so that a missing one, or the files of another, are noticed.
final class DiskReserve {
    private let path: String
    private let descriptor: FileDescriptor
    private let bytes: Int64
    /// The space is set aside.
    private(set) var isHeld = false

    private static let heading = "terima database "
    private static let noteBytes = heading.utf8.count + 33

    /// The id of the database that was last seen at `path`; nil when none was.
    static func note(database path: String) -> String? {
        guard let descriptor = try? FileDescriptor.open(FilePath(file(path)), .readOnly, options: [.closeOnExec]) else { return nil }
        defer { try? descriptor.close() }
        let text = unsafe String(unsafeUninitializedCapacity: noteBytes) { buffer in
            unsafe (try? descriptor.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
        }
        guard text.utf8.count == noteBytes, text.hasPrefix(heading), text.hasSuffix("\n") else { return nil }
        return String(text.dropFirst(heading.count).dropLast())
    }

    /// Where the reserve of a database lies.
    static func file(_ database: String) -> String { database + ".reserve" }

    /// Notes the database's id (32 hexadecimal digits) durably and sets the space aside if the disk has it; that it has not is no error.
    init(database: String, id: String, bytes: Int64) throws(StoreError) {
        path = Self.file(database)
        self.bytes = bytes
        let known = Self.note(database: database)
        do {
            descriptor = try FileDescriptor.open(FilePath(path), .readWrite, options: [.create, .closeOnExec], permissions: [.ownerRead, .ownerWrite])
        } catch {
            throw StoreError(.databaseUnavailable, message: "cannot open \(path): \(error)")
        }
        if known != id {
            do { try descriptor.writeAll(toAbsoluteOffset: 0, "\(Self.heading)\(id)\n".utf8) } catch {
                let isFull = error as? Errno == .noSpace || error as? Errno == .diskQuotaExceeded
                throw StoreError(isFull ? .storageFull : .storageIO, message: "cannot write \(path): \(error)")
            }
        }
        isHeld = allocate()
        if known != id, fsync(descriptor.rawValue) != 0 { throw StoreError(.syncFailed, message: "cannot sync \(path): \(Errno(rawValue: errno))") }
    }

    deinit { try? descriptor.close() }

    /// Gives the space back to the disk.
    func release() {
        isHeld = false
        try? descriptor.resize(to: Int64(Self.noteBytes))
    }

    /// Sets the space aside again, once the disk has half as much more: what was just released must not look like space. False: it has not.
    func restore() -> Bool {
        guard !isHeld else { return true }
        var disk = statvfs()
        guard unsafe fstatvfs(descriptor.rawValue, &disk) == 0 else { return false }
        let (free, overflow) = Int64(clamping: disk.f_bavail).multipliedReportingOverflow(by: Int64(clamping: disk.f_frsize))
        guard overflow || free >= bytes + bytes / 2 else { return false }
        isHeld = allocate()
        return isHeld
    }

    private func allocate() -> Bool {
        guard posix_fallocate(descriptor.rawValue, 0, Int(clamping: bytes)) != 0 else { return true }
        // A part of it would only make the disk fuller.
        release()
        return false
    }
}
