import Logging
import SystemPackage

/// Standard output and standard error of a command.
enum Console {
    /// Writes bytes to standard output. A reader that went away (`| head`) ends the writing without a complaint.
    static func write(_ bytes: some Sequence<UInt8>) throws {
        do { try FileDescriptor.standardOutput.writeAll(Array(bytes)) } catch Errno.brokenPipe { throw BrokenPipe() }
    }

    static func line(_ text: String) throws { try write(Array(text.utf8) + [0x0A]) }

    static func lines(_ lines: [String]) throws { try write(lines.flatMap { Array($0.utf8) + [0x0A] }) }

    /// One line on standard error, for what is not the answer itself.
    static func note(_ text: String) { _ = try? FileDescriptor.standardError.writeAll(Array(text.utf8) + [0x0A]) }

    /// Thrown when nobody reads standard output any more; the command then ends quietly.
    struct BrokenPipe: Error {}
}
