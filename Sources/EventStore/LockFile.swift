import Glibc
import PaymentCore
import SystemPackage

/// The exclusive lock of the one process that may write: `flock` on a file beside the database, with the holder's pid inside for people.
/// The lock goes with the process, however it ends; the file stays, since removing it would let two processes lock two files of one name.
final class LockFile: Sendable {
    private let descriptor: FileDescriptor
    /// When the last holder was last known to live; nil when there was none before.
    let lastAlive: Instant?

    /// Throws `database_locked`, naming the holder, or `database_unavailable`.
    init(path: String) throws(StoreError) {
        let isNew = unsafe access(path, F_OK) != 0
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
        let facts = isNew ? nil : Self.facts(descriptor)
        lastAlive = facts.map { Instant(milliseconds: Int64($0.st_mtim.tv_sec) * 1000 + Int64($0.st_mtim.tv_nsec) / 1_000_000) }
        do {
            try descriptor.resize(to: 0)
            try descriptor.writeAll(toAbsoluteOffset: 0, "\(getpid())\n".utf8)
        } catch {
            // The pid is for people only; the lock itself is held.
        }
        // Holding the lock is not yet living: a command takes it for a moment, a service may end before it listens.
        if let facts { Self.setTimes(descriptor, facts) }
    }

    deinit {
        // Closing alone would leave the lock to a child process that was just being started and has not reached its exec yet.
        flock(descriptor.rawValue, LOCK_UN)
        try? descriptor.close()
    }

    /// Says that the holder lives, on the file's own time of change: costs no write to the database and no sync.
    func markAlive() { _ = futimens(descriptor.rawValue, nil) }

    /// UTIME_OMIT, a macro that Swift does not import (utimensat(2)).
    private static let leaveAsItIs = (1 << 30) - 2

    /// Says that the holder was last known to live at that time.
    func setLastAlive(_ time: Instant) {
        let (seconds, rest) = time.milliseconds.quotientAndRemainder(dividingBy: 1000)
        var times = [timespec(tv_sec: 0, tv_nsec: Self.leaveAsItIs), timespec(tv_sec: Int(seconds), tv_nsec: Int(rest) * 1_000_000)]
        _ = unsafe times.withUnsafeMutableBufferPointer { unsafe futimens(descriptor.rawValue, $0.baseAddress) }
    }

    private static func facts(_ descriptor: FileDescriptor) -> stat? {
        var facts = stat()
        return unsafe fstat(descriptor.rawValue, &facts) == 0 ? facts : nil
    }

    private static func setTimes(_ descriptor: FileDescriptor, _ facts: stat) {
        let times = [facts.st_atim, facts.st_mtim]
        _ = unsafe times.withUnsafeBufferPointer { unsafe futimens(descriptor.rawValue, $0.baseAddress) }
    }

    private static func holder(_ descriptor: FileDescriptor) -> String? {
        let bytes = unsafe Array<UInt8>(unsafeUninitializedCapacity: 32) { buffer, count in
            count = unsafe (try? descriptor.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
        }
        let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self)
    }
}
