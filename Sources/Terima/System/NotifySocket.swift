import Dispatch
import Glibc
import SystemPackage

/// Tells systemd how the service is (sd_notify(3)): one datagram for each report, to the Unix socket that systemd names in `NOTIFY_SOCKET`.
final class NotifySocket: Sendable {
    /// A path, or a name in the abstract namespace, which is written with a leading `@`.
    let name: String
    // Reports come from event loops, too, and a datagram waits while the receiver's queue is full.
    private let queue = DispatchQueue(label: "terima.notify")
    private let onFailure: @Sendable (Errno) -> Void

    /// - Parameter onFailure: systemd does not listen; called on a queue of its own.
    init(name: String, onFailure: @escaping @Sendable (Errno) -> Void) {
        (self.name, self.onFailure) = (name, onFailure)
    }

    /// Sends a report, each line `NAME=value`. Any thread, never blocks; reports keep their order.
    func send(_ lines: [String]) {
        queue.async { [self] in
            do throws(Errno) { try Self.send(Array(lines.joined(separator: "\n").utf8), to: name) } catch { onFailure(error) }
        }
    }

    private static func send(_ bytes: [UInt8], to name: String) throws(Errno) {
        var (address, size) = try address(name)
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        defer { close(descriptor) }
        let sent = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, size)
            }
        }
        guard sent == bytes.count else { throw Errno(rawValue: errno) }
    }

    /// As unix(7) says: the size of an abstract name decides where it ends, and its first byte is NUL.
    private static func address(_ name: String) throws(Errno) -> (sockaddr_un, socklen_t) {
        var address = sockaddr_un()
        var bytes = Array(name.utf8)
        guard let first = bytes.first, first == UInt8(ascii: "/") || first == UInt8(ascii: "@") else { throw .invalidArgument }
        if first == UInt8(ascii: "@") { bytes[0] = 0 } else { bytes.append(0) }
        guard bytes.count <= MemoryLayout.size(ofValue: address.sun_path) else { throw .fileNameTooLong }
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        return (address, socklen_t(MemoryLayout<sa_family_t>.size + bytes.count))
    }
}
