import Glibc

/// Tells when files have been changed and have come to rest: a certificate and its key are written one after the other, and belong together only then.
struct FileWatch: Sendable {
    /// What changes when a file is written or another takes its place.
    struct Stamp: Equatable, Sendable {
        var device: UInt64
        var inode: UInt64
        var size: Int64
        var seconds: Int
        var nanoseconds: Int

        /// nil when there is no such file, or it may not be looked at. Links are followed.
        static func of(_ path: String) -> Stamp? {
            var info = stat()
            guard unsafe stat(path, &info) == 0 else { return nil }
            return Stamp(
                device: UInt64(info.st_dev), inode: UInt64(info.st_ino), size: Int64(info.st_size), seconds: info.st_mtim.tv_sec,
                nanoseconds: info.st_mtim.tv_nsec)
        }
    }

    private var taken: [Stamp?]
    private var seen: [Stamp?]

    /// - Parameter stamps: of the files before they were read.
    init(_ stamps: [Stamp?]) { (taken, seen) = (stamps, stamps) }

    /// The files are read again for another reason.
    mutating func take(_ stamps: [Stamp?]) { (taken, seen) = (stamps, stamps) }

    /// One look, every few seconds. True once for each change, at the first look at which nothing moves any more: the files are to be read then. A change that
    /// turns out to be of no use is not told again.
    mutating func look(_ stamps: [Stamp?]) -> Bool {
        defer { seen = stamps }
        guard stamps != taken, stamps == seen else { return false }
        taken = stamps
        return true
    }
}
