import Glibc

/// A socket as systemd hands it over: bound to a free port of the loopback address, listening.
enum ListeningSocket {
    struct Failure: Error { var code: Int32 }

    static func open() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, size) == 0 && listen(descriptor, 16) == 0 && getsockname(descriptor, address, &size) == 0
            }
        }
        guard result else { throw Failure(code: errno) }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}
