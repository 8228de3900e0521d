extension Agreement {
    /// Writes the agreement's members into an open object: the one place that names them, for notifications, the operator API and the CLI. Times as ISO 8601,
    /// null for what is not known.
    package func writeMembers(to writer: inout JSONWriter, version: Int) {
        writer.member("id", id)
        writer.member("status", status.word)
        writer.member("version", version)
        writer.member("paymentMethod", paymentMethod)
        writer.member("merchantId", merchantId)
        writer.member("merchantPaymentAgreementReference", merchantPaymentAgreementReference)
        writer.member("failureCode", failureCode)
        writer.member("anomalies", anomalies)
        writer.member("createdAt", createdAt.iso8601)
        writer.member("updatedAt", updatedAt.iso8601)
    }
}
