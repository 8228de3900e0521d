import Glibc
import Testing

@testable import Terima

@Suite struct SystemdTests {
    private func systemd(_ environment: [String: String], first: CInt = 3) throws -> Systemd {
        try Systemd(environment: environment, processId: 4_711, firstDescriptor: first, logger: .silent)
    }

    private func refused(_ body: () throws -> Systemd) -> String? {
        do { _ = try body() } catch { return "\(error)" }
        return nil
    }

    @Test func withoutSystemdThereIsNothing() throws {
        let none = try systemd([:])
        #expect(none.listener == nil && none.notify == nil && none.watchdogMicroseconds == nil)
    }

    @Test func whatIsMeantForAnotherProcessIsNotTaken() throws {
        let other = try systemd(["LISTEN_PID": "4712", "LISTEN_FDS": "1", "WATCHDOG_PID": "4712", "WATCHDOG_USEC": "30000000"])
        #expect(other.listener == nil && other.watchdogMicroseconds == nil)
    }

    @Test func watchdogAndNotifySocketAreTaken() throws {
        let given = try systemd(["NOTIFY_SOCKET": "@/run/notify", "WATCHDOG_PID": "4711", "WATCHDOG_USEC": "30000000"])
        #expect(given.notify?.name == "@/run/notify")
        #expect(given.watchdogMicroseconds == 30_000_000)
        #expect(try systemd(["WATCHDOG_USEC": "5"]).watchdogMicroseconds == 5)
        #expect(refused { try systemd(["WATCHDOG_USEC": "soon"]) }?.contains("WATCHDOG_USEC: must be a number of microseconds") == true)
    }

    @Test func aListeningSocketIsTakenAndNotHandedOn() throws {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        let environment = ["LISTEN_PID": "4711", "LISTEN_FDS": "1"]
        // Not yet listening.
        #expect(refused { try systemd(environment, first: socket) }?.contains("is no socket that accepts connections") == true)
        #expect(listen(socket, 1) == 0)
        #expect(try systemd(environment, first: socket).listener == socket)
        #expect(fcntl(socket, F_GETFD) & FD_CLOEXEC != 0)
    }

    @Test func whatCannotTakeWebhooksIsRefused() throws {
        let environment = ["LISTEN_PID": "4711", "LISTEN_FDS": "1"]
        let datagrams = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(datagrams) }
        for descriptor in [datagrams, -1] {
            #expect(refused { try systemd(environment, first: descriptor) }?.contains("LISTEN_FDS: descriptor \(descriptor) is no socket") == true)
        }
        for count in ["0", "2", "many"] {
            let error = refused { try systemd(["LISTEN_PID": "4711", "LISTEN_FDS": count]) }
            #expect(
                error
                    == "configuration: LISTEN_FDS: systemd hands over \(count) sockets; terima.socket must have exactly one ListenStream=, for webhooks (bad_value)"
            )
        }
    }
}
