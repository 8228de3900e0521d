internal import PaymentCore

/// Why something failed, in PPRO's words.
struct ChargeFailure: Sendable, Equatable {
    var type = "PROVIDER_DECLINE"
    var code: String
    /// The provider's own.
    var providerCode: String
    var message: String

    static let canceledByConsumer = ChargeFailure(code: "CANCELED_BY_CONSUMER", providerCode: "17", message: "The consumer canceled the payment.")
    static let declined = ChargeFailure(code: "GENERIC_DECLINE", providerCode: "05", message: "The provider declined.")
    static let insufficientFunds = ChargeFailure(code: "INSUFFICIENT_FUNDS", providerCode: "51", message: "There is not enough money.")

    /// What `MOCK` makes of an amount: from 300000 to 400000 always fails, with INSUFFICIENT_FUNDS when it ends in 02. PPRO names no other ending than 01
    /// (GENERIC_DECLINE); every other fails with that.
    static func ofMock(amount: Int64) -> ChargeFailure? {
        guard (300_000...400_000).contains(amount) else { return nil }
        return amount % 100 == 2 ? insufficientFunds : declined
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("failureType", type)
            writer.member("failureCode", code)
            writer.member("providerFailureCode", providerCode)
            writer.member("failureMessage", message)
            writer.member("isRetryable", false)
        }
    }
}
