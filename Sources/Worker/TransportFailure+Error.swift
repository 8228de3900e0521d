import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
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
        case HTTPParserError.invalidEOFState: self = .connectionReset
        case is HTTPParserError: self = .invalidResponse
        case is AnswerLimit.Exceeded: self = .answerTooLarge
        case NIOSSLError.uncleanShutdown: self = .connectionReset
        case NIOSSLError.handshakeFailed(.sslError(let stack)):
            self = Self.isRefusedCertificate(stack) ? .tlsUntrusted : stack.contains(.eofDuringHandshake) ? .connectionReset : .tlsError
        case let error as NIOSSLExtraError where error == .failedToValidateHostname: self = .tlsWrongHost
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self = .tlsError
        default: self = .other
        }
    }

    /// BoringSSL says no more than this: whether the certificate has expired or nobody vouches for it stays inside.
    private static func isRefusedCertificate(_ stack: NIOBoringSSLErrorStack) -> Bool {
        stack.contains { $0.description.contains("CERTIFICATE_VERIFY_FAILED") }
    }

    private init(client error: HTTPClientError) {
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout: self = .timeout
        case .connectTimeout, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout: self = .connectTimeout
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
