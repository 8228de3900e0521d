/// Whether the store can take events.
package enum StoreHealth: Sendable, Equatable {
    case well
    /// Events are taken, but not for ever if nothing is done. `reason` is the `StoreError` code that it will come to.
    case strained(reason: String, sentence: String)
    /// `reason` is a `StoreError` code (`storage_full`, …). Left when the store can take events again, unless the error is final.
    case unwell(reason: String, sentence: String)

    package var takesEvents: Bool {
        switch self {
        case .well, .strained: true
        case .unwell: false
        }
    }
}
