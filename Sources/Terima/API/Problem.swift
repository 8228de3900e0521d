import EventStore
import PaymentCore

/// A refusal of the operator API, as RFC 9457 problem details.
package struct Problem: Error, Sendable, Equatable {
    package enum Code: String, Sendable, CaseIterable {
        case badRequest = "bad_request"
        case unauthorized
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case unavailable = "storage_unavailable"
        case serviceDown = "service_down"
        case tooManyWaiting = "too_many_waiting"
        case notConfigured = "ppro_not_configured"
        case pproUnavailable = "ppro_unavailable"
        case purged
        case backupExists = "backup_exists"
        case backupFailed = "backup_failed"
        case maintenanceRunning = "maintenance_running"
        case internalError = "internal_error"
    }

    package var code: Code
    /// What was wrong and what to do about it, for this one occurrence.
    package var detail: String

    package init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// The problem as seen from an error of the layers below.
    package init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as StoreError where error.kind == .backupExists: self.init(.backupExists, error.message)
        case let error as StoreError where error.kind == .backupFailed || error.kind == .backupInvalid: self.init(.backupFailed, error.message)
        case let error as StoreError where error.kind == .maintenanceRunning: self.init(.maintenanceRunning, error.message)
        case let error as StoreError where error.kind == .interrupted: self.init(.serviceDown, error.message)
        case let error as StoreError: self.init(.unavailable, "the database answered: \(error)")
        default: self.init(.internalError, "\(error)")
        }
    }

    package var status: Int {
        switch code {
        case .badRequest: 400
        case .unauthorized: 401
        case .notFound: 404
        case .methodNotAllowed: 405
        case .unavailable, .serviceDown, .tooManyWaiting: 503
        case .purged: 410
        case .notConfigured, .backupExists, .maintenanceRunning: 409
        case .pproUnavailable: 502
        case .internalError, .backupFailed: 500
        }
    }

    package var title: String {
        switch code {
        case .badRequest: "The request cannot be understood"
        case .unauthorized: "A valid bearer token is needed"
        case .notFound: "There is no such thing"
        case .methodNotAllowed: "The path is not for this method"
        case .unavailable: "The database cannot be used"
        case .serviceDown: "terima is not running"
        case .tooManyWaiting: "No more requests can wait"
        case .notConfigured: "PPRO's API is not configured"
        case .pproUnavailable: "PPRO cannot be asked"
        case .purged: "The body is no longer stored"
        case .backupExists: "There is a file of that name"
        case .backupFailed: "The backup could not be made"
        case .maintenanceRunning: "Another backup, purge or erasure is under way"
        case .internalError: "terima made a mistake"
        }
    }

    /// The document of media type `application/problem+json`.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.member("type", "urn:terima:problem:\(code.rawValue)")
            $0.member("title", title)
            $0.member("status", status)
            $0.member("detail", detail)
            $0.member("code", code.rawValue)
        }
        return writer.bytes
    }
}
