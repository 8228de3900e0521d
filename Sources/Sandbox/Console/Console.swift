import SystemPackage

/// Standard output and standard error, unbuffered: a script that follows the output sees each line when it is written.
enum Console {
    static func line(_ text: String) { write(text, to: .standardOutput) }

    /// For what is not the command's answer.
    static func note(_ text: String) { write(text, to: .standardError) }

    private static func write(_ text: String, to descriptor: FileDescriptor) {
        // A reader that went away (`| head`) is no reason to stop taking notifications.
        _ = try? descriptor.writeAll(Array(text.utf8) + [UInt8(ascii: "\n")])
    }
}
