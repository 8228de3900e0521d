import NIOHTTP1
import PaymentCore

/// Why a request was turned away: the closed list of `error` codes in answers, log lines and counters. The raw value is its place in tables, not a contract.
package enum Refusal: Int, Sendable, CaseIterable {
    case signatureMissing, signatureMalformed, signatureInvalid, signatureStale
    case bodyTooLarge, contentEncodingUnsupported
    case overloaded, storageUnavailable
    case notFound, methodNotAllowed
    case originInvalid
    case badRequest, headersTooLarge, requestTimeout
    /// No TLS came about, so this one is counted and logged but never answered.
    case tlsHandshakeFailed

    /// The stable word for programs.
    package var code: String {
        switch self {
        case .signatureMissing: "signature_missing"
        case .signatureMalformed: "signature_malformed"
        case .signatureInvalid: "signature_invalid"
        case .signatureStale: "signature_stale"
        case .bodyTooLarge: "body_too_large"
        case .contentEncodingUnsupported: "content_encoding_unsupported"
        case .overloaded: "overloaded"
        case .storageUnavailable: "storage_unavailable"
        case .notFound: "not_found"
        case .methodNotAllowed: "method_not_allowed"
        case .originInvalid: "origin_invalid"
        case .badRequest: "bad_request"
        case .headersTooLarge: "headers_too_large"
        case .requestTimeout: "request_timeout"
        case .tlsHandshakeFailed: "tls_handshake_failed"
        }
    }

    /// It would have been taken with another secret, or at another time. One without any signature was never PPRO's.
    var isAboutSignature: Bool { self == .signatureMalformed || self == .signatureInvalid || self == .signatureStale }

    var status: HTTPResponseStatus {
        switch self {
        case .signatureMissing, .signatureMalformed, .signatureInvalid, .signatureStale: .unauthorized
        case .bodyTooLarge: .payloadTooLarge
        case .contentEncodingUnsupported: .unsupportedMediaType
        case .overloaded, .storageUnavailable: .serviceUnavailable
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .originInvalid, .badRequest, .tlsHandshakeFailed: .badRequest
        case .headersTooLarge: .requestHeaderFieldsTooLarge
        case .requestTimeout: .requestTimeout
        }
    }

    /// Header fields that the status asks for (RFC 9110); `Allow` belongs to the resource and is not here.
    var fields: [(name: String, value: String)] {
        switch self {
        case .signatureMissing, .signatureMalformed, .signatureInvalid, .signatureStale: [("WWW-Authenticate", SignatureScheme.current.rawValue)]
        case .contentEncodingUnsupported: [("Accept-Encoding", "identity")]
        case .overloaded: [("Retry-After", "1")]
        case .storageUnavailable: [("Retry-After", "10")]
        default: []
        }
    }

    init(_ failure: VerificationFailure) {
        self =
            switch failure {
            case .missing, .legacyRefused: .signatureMissing
            case .malformed: .signatureMalformed
            case .invalid: .signatureInvalid
            case .stale: .signatureStale
            }
    }
}
