import Glibc
import SystemPackage

/// The exclusive lock of the one process that may write: `flock` on a file beside the database, with the holder's pid inside for people.
/// The lock goes with the process, however it ends; the file stays, since removing it would let two processes lock two files of one name.
final class LockFile: Sendable {
    private let descriptor: FileDescriptor

    /// Throws `database_locked`, naming the holder, or `database_unavailable`.
    init(path: String) throws(StoreError) {
        do {
            descriptor = try FileDescriptor.open(
                FilePath(path), .readWrite, options: [.create, .closeOnExec], permissions: [.ownerRead, .ownerWrite])
        } catch {
            throw StoreError(.databaseUnavailable, message: "cannot open the lock file \(path): \(error)")
        }
        guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            let holder = Self.holder(descriptor)
            try? descriptor.close()
            guard reason == EWOULDBLOCK else {
                throw StoreError(.databaseUnavailable, message: "cannot lock \(path): \(Errno(rawValue: reason))")
            }
            throw StoreError(
                .databaseLocked, message: "another terima\(holder.map { " (process \($0))" } ?? "") has the database open: it holds \(path)")
        }
        do {
            try descriptor.resize(to: 0)
            try descriptor.writeAll(toAbsoluteOffset: 0, "\(getpid())\n".utf8)
        } catch {
            // The pid is for people only; the lock itself is held.
        }
    }

    deinit {
        // Closing alone would leave the lock to a child process that was just being started and has not reached its exec yet.
        flock(descriptor.rawValue, LOCK_UN)
        try? descriptor.close()
    }

    private static func holder(_ descriptor: FileDescriptor) -> String? {
        let bytes = unsafe Array<UInt8>(unsafeUninitializedCapacity: 32) { buffer, count in
            count = unsafe (try? descriptor.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
        }
        let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self)
    }
}
