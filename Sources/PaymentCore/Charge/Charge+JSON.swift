extension Charge {
    /// Writes the charge's members into an open object: the one place that names them, for notifications, the operator API and the CLI. Amounts in minor units,
    /// times as ISO 8601, null for what is not known.
    package func writeMembers(to writer: inout JSONWriter, version: Int) {
        writer.member("id", id)
        writer.member("status", status.word)
        writer.member("result", status.result.rawValue)
        writer.member("version", version)
        writer.member("currency", currency)
        writer.member("amount", amount)
        writer.member("authorized", authorized)
        writer.member("captured", captured)
        writer.member("refunded", refunded)
        writer.member("voided", voided)
        writer.member("chargedBack", chargedBack)
        writer.member("fundsState", fundsState)
        writer.member("paymentMethod", paymentMethod)
        writer.member("merchantId", merchantId)
        writer.member("merchantPaymentChargeReference", merchantPaymentChargeReference)
        writer.member("orderReferenceNumber", orderReferenceNumber)
        writer.member("failureCode", failureCode)
        writer.member("anomalies", anomalies)
        writer.member("createdAt", createdAt.iso8601)
        writer.member("updatedAt", updatedAt.iso8601)
    }
}
