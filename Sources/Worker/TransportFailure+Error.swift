import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import PaymentCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension TransportFailure {
    /// The code for an error of the client's. Only codes leave this place: an error's text may hold a URL with a token in it.
    init(_ error: any Error) {
        switch error {
        case let error as HTTPClientError: self.init(client: error)
        case let error as NIOConnectionError: self.init(connection: error)
        case let error as IOError: self.init(errno: error.errnoCode)
        case ChannelError.connectTimeout: self = .connectTimeout
        case is ChannelError: self = .connectionReset
        case is HTTPParserError: self = .invalidResponse
        default:
            // NIOSSL is the client's own dependency, not ours: its errors are known by their module.
            self = String(reflecting: type(of: error)).hasPrefix("NIOSSL.") ? .tlsError : .other
        }
    }

    private init(client error: HTTPClientError) {
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout: self = .timeout
        case .connectTimeout, .getConnectionFromPoolTimeout: self = .connectTimeout
        case .tlsHandshakeTimeout: self = .tlsError
        case .remoteConnectionClosed, .uncleanShutdown: self = .connectionReset
        case .cancelled, .alreadyShutdown: self = .canceled
        default: self = .other
        }
    }

    /// A host may have several addresses, each with its own failure: the first tells.
    private init(connection error: NIOConnectionError) {
        if let first = error.connectionErrors.first {
            self.init(first.error)
        } else {
            self = error.dnsAError != nil || error.dnsAAAAError != nil ? .nameNotFound : .connectTimeout
        }
    }

    private init(errno code: CInt) {
        switch code {
        case ECONNREFUSED: self = .connectionRefused
        case ECONNRESET, EPIPE, ECONNABORTED: self = .connectionReset
        case EHOSTUNREACH, ENETUNREACH: self = .unreachable
        case ETIMEDOUT: self = .connectTimeout
        default: self = .other
        }
    }
}
