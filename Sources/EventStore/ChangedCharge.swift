/// A charge that changed, by the names under which somebody may wait for it.
package struct ChangedCharge: Sendable, Equatable {
    package var id: String
    /// Its `merchantPaymentChargeReference`, once it is known.
    package var reference: String?

    package init(id: String, reference: String? = nil) {
        self.id = id
        self.reference = reference
    }
}
