import Glibc

/// Ends the process at once, without running anything that could touch the database again.
enum ProcessExit {
    /// The exit code after a storage error that is final (sysexits' EX_IOERR).
    static let storageFailed: Int32 = 74

    static func now(_ code: Int32) -> Never { _exit(code) }
}
