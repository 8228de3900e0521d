import Logging
import SystemPackage

/// What systemd's journal understands of lines on standard error (systemd.exec(5), sd-daemon(3)).
enum Journal {
    static var isBehindStandardError: Bool { isBehind(.standardError, environment: ProcessEnvironment.variables) }

    /// Whether a descriptor leads into the journal: `JOURNAL_STREAM` names the device and the inode of the one that does.
    static func isBehind(_ descriptor: FileDescriptor, environment: [String: String]) -> Bool {
        guard let stream = environment["JOURNAL_STREAM"], let facts = try? descriptor.stat() else { return false }
        return stream == "\(facts.deviceID.rawValue):\(facts.inode.rawValue)"
    }

    /// The level as the journal reads it at the beginning of a line, for `journalctl --priority`.
    static func prefix(_ level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: "<7>"
        case .info: "<6>"
        case .notice: "<5>"
        case .warning: "<4>"
        case .error: "<3>"
        case .critical: "<2>"
        }
    }
}
