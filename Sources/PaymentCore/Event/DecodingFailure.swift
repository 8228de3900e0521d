/// Why a signed body cannot be read as an event. The event is stored as *failed* with this reason; no value from the body is part of it.
package enum DecodingFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Not one strict RFC 8259 JSON text.
    case json(JSONError)
    /// JSON, but no object.
    case notAnObject
    /// A field that is needed is absent, null or an empty string; the field's path, e.g. `data.amount.value`.
    case missing(String)
    /// A field that is needed has another JSON type; the field's path.
    case wrongType(String)
    /// `time` is no RFC 3339 date and time.
    case badTime
    /// `specversion` is not 1.x.
    case unsupportedSpecversion
    /// `source` begins with `terima:`, which only terima itself may say.
    case reservedSource

    /// A stable word for programs.
    package var code: String {
        switch self {
        case .json: "invalid_json"
        case .notAnObject: "not_an_object"
        case .missing: "missing_field"
        case .wrongType: "wrong_type"
        case .badTime: "bad_time"
        case .unsupportedSpecversion: "unsupported_specversion"
        case .reservedSource: "reserved_source"
        }
    }

    /// `code: a sentence for people`.
    package var description: String {
        switch self {
        case .json(let error): "\(code): \(error)"
        case .notAnObject: "\(code): the body is JSON but not an object"
        case .missing(let field): "\(code): \(field) is missing or empty"
        case .wrongType(let field): "\(code): \(field) has an unexpected JSON type"
        case .badTime: "\(code): time is not an RFC 3339 date and time"
        case .unsupportedSpecversion: "\(code): specversion is not 1.x"
        case .reservedSource: "\(code): source begins with 'terima:', which no webhook may claim"
        }
    }
}
