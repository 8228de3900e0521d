import NIOCore
import NIOPosix
import SystemPackage

/// Why something could not be done, in the system's words where it was the system that said no.
enum Reason {
    static func text(_ error: any Error) -> String {
        switch error {
        case let error as IOError: Errno(rawValue: error.errnoCode).description
        // One for each address that the name has; they are all alike, or the first says enough.
        case let error as NIOConnectionError: error.connectionErrors.first.map { text($0.error) } ?? "\(error)"
        default: "\(error)"
        }
    }
}
