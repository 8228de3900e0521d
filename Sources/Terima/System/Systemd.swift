import Glibc
import Logging

/// What systemd has given this process, as its environment tells; all of it is nil where something else has started it.
struct Systemd: Sendable {
    /// A socket that listens already: it stays open while the service restarts, so that nobody is refused (sd_listen_fds(3)).
    var listener: CInt?
    /// Where systemd wants to hear of the service.
    var notify: NotifySocket?
    /// How long systemd goes without a sign of life before it ends the service, in microseconds (sd_watchdog_enabled(3)).
    var watchdogMicroseconds: Int64?

    /// Nothing from systemd.
    init() {}

    /// - Parameters:
    ///   - environment: of the process, with `LISTEN_PID`, `LISTEN_FDS`, `NOTIFY_SOCKET`, `WATCHDOG_PID` and `WATCHDOG_USEC`.
    ///   - processId: variables that name another process are not for this one.
    ///   - firstDescriptor: where the sockets handed over begin.
    /// - Throws: `ConfigurationError` when the socket handed over is none that webhooks can come in by.
    init(environment: [String: String], processId: Int32, firstDescriptor: CInt = 3, logger: Logger) throws {
        if environment["LISTEN_PID"] == String(processId) {
            listener = try Self.listener(count: environment["LISTEN_FDS"] ?? "", first: firstDescriptor)
        }
        if let name = environment["NOTIFY_SOCKET"], !name.isEmpty {
            notify = NotifySocket(name: name) { logger.warning("systemd cannot be told", metadata: ["socket": "\(name)", "error": "\($0)"]) }
        }
        if environment["WATCHDOG_PID"].map({ $0 == String(processId) }) ?? true, let text = environment["WATCHDOG_USEC"] {
            guard let microseconds = Int64(text), microseconds > 0 else {
                throw ConfigurationError(.badValue, key: "WATCHDOG_USEC", "must be a number of microseconds; systemd sets it from WatchdogSec=")
            }
            watchdogMicroseconds = microseconds
        }
    }

    private static func listener(count: String, first: CInt) throws -> CInt {
        func bad(_ problem: String) -> ConfigurationError { ConfigurationError(.badValue, key: "LISTEN_FDS", problem) }
        guard count == "1" else { throw bad("systemd hands over \(count) sockets; terima.socket must have exactly one ListenStream=, for webhooks") }
        guard option(SO_TYPE, of: first) == Int32(SOCK_STREAM.rawValue), option(SO_ACCEPTCONN, of: first) == 1 else {
            throw bad("descriptor \(first) is no socket that accepts connections; terima.socket must have ListenStream= and Accept=no")
        }
        // A child of this process has no business with it.
        guard fcntl(first, F_SETFD, FD_CLOEXEC) == 0 else { throw bad("descriptor \(first) cannot be used") }
        return first
    }

    /// nil: no socket.
    private static func option(_ name: CInt, of descriptor: CInt) -> CInt? {
        var (value, size) = (CInt(0), socklen_t(MemoryLayout<CInt>.size))
        return unsafe getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : nil
    }
}
