/// Whether the store can take events.
package enum StoreHealth: Sendable, Equatable {
    case well
    /// `reason` is a `StoreError` code (`storage_full`, …). Left by the next write that succeeds, unless the error is final.
    case unwell(reason: String, sentence: String)
}
