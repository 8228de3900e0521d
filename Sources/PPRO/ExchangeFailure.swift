import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix

/// Why an attempt brought no answer. Only these words leave: an error's own text may hold a URL.
enum ExchangeFailure: String, Error, Sendable, Equatable {
    case timeout = "no answer in time"
    case connection = "the connection could not be made or broke"
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
        case is HTTPParserError: self = .notHTTP
        default:
            // NIOSSL is the client's own dependency, not ours: its errors are known by their module.
            self = String(reflecting: type(of: error)).hasPrefix("NIOSSL.") ? .tls : .connection
        }
    }

    private init(client error: HTTPClientError) {
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout, .connectTimeout, .getConnectionFromPoolTimeout: self = .timeout
        case .tlsHandshakeTimeout: self = .tls
        case .cancelled, .alreadyShutdown: self = .canceled
        case .invalidURL, .emptyHost, .emptyScheme, .missingSocketPath: self = .badURL
        default: self = .connection
        }
    }

    /// A host may have several addresses, each with its own failure: the first tells.
    private init(connection error: NIOConnectionError) {
        if let first = error.connectionErrors.first {
            self.init(first.error)
        } else {
            self = error.dnsAError != nil || error.dnsAAAAError != nil ? .nameNotFound : .timeout
        }
    }

    /// Whether another attempt may find it otherwise.
    var isWorthAnotherAttempt: Bool {
        switch self {
        case .timeout, .connection, .nameNotFound, .notHTTP: true
        case .tls, .tooLong, .badURL, .canceled: false
        }
    }
}
