import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// Why an attempt brought no answer. Only these words leave: an error's own text may hold a URL.
enum ExchangeFailure: String, Error, Sendable, Equatable {
    case timeout = "no answer in time"
    case notConnected = "the connection could not be made"
    case connection = "the connection broke"
    case nameNotFound = "the host's name is not known"
    case tls = "the TLS handshake failed"
    case notHTTP = "what came back is not HTTP"
    case tooLong = "the answer is longer than 1 MiB"
    case badURL = "the URL cannot be used"
    case canceled = "given up by the caller"

    init(_ error: any Error) {
        switch error {
        case is AnswerCollector.TooLong: self = .tooLong
        case let error as HTTPClientError: self.init(client: error)
        case let error as NIOConnectionError: self.init(connection: error)
        // No other of the system's errors comes before there is a connection only.
        case let error as IOError where error.errnoCode == ECONNREFUSED: self = .notConnected
        case is HTTPParserError: self = .notHTTP
        default: self = Self.isHandshake(error) ? .tls : .connection
        }
    }

    /// Whether TLS was never established. NIOSSL is the client's own dependency, not ours: its errors are known by their names.
    private static func isHandshake(_ error: any Error) -> Bool {
        switch String(reflecting: type(of: error)) {
        case "NIOSSL.NIOSSLError": "\(error)".hasPrefix("handshakeFailed") || "\(error)".hasPrefix("unableToValidateCertificate")
        case "NIOSSL.NIOSSLExtraError": true
        default: false
        }
    }

    private init(client error: HTTPClientError) {
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout: self = .timeout
        case .connectTimeout, .getConnectionFromPoolTimeout: self = .notConnected
        case .tlsHandshakeTimeout: self = .tls
        case .cancelled, .alreadyShutdown: self = .canceled
        case .invalidURL, .emptyHost, .emptyScheme, .missingSocketPath: self = .badURL
        default: self = .connection
        }
    }

    /// A host may have several addresses, each with its own failure.
    private init(connection error: NIOConnectionError) {
        let isNamed = !error.connectionErrors.isEmpty || (error.dnsAError == nil && error.dnsAAAAError == nil)
        self = isNamed ? .notConnected : .nameNotFound
    }

    /// Whether another attempt may find it otherwise.
    var isWorthAnotherAttempt: Bool {
        switch self {
        case .timeout, .notConnected, .connection, .nameNotFound, .notHTTP: true
        case .tls, .tooLong, .badURL, .canceled: false
        }
    }

    /// Whether the request may have reached PPRO.
    var mayHaveArrived: Bool {
        switch self {
        case .timeout, .connection, .notHTTP, .tooLong, .canceled: true
        case .notConnected, .nameNotFound, .tls, .badURL: false
        }
    }
}
