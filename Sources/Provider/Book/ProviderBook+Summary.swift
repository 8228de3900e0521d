internal import PaymentCore

/// What `/sandbox/charges` tells: enough to find a charge and to see how it stands, without personal data.
extension ProviderBook {
    static let maximumSummaries = 1_000

    /// Newest first.
    func summariesJSON(limit: Int) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("data")
            writer.array { writer in
                for charge in order.suffix(limit).reversed().compactMap({ charges[$0] }) { write(charge, to: &writer) }
            }
        }
        return writer.bytes
    }

    func summaryJSON(_ id: String) throws(Refusal) -> [UInt8] {
        let charge = try charge(id: id)
        var writer = JSONWriter()
        write(charge, to: &writer)
        return writer.bytes
    }

    /// Why nobody hears of a charge; nil when somebody does.
    func silence(_ id: String) -> String? {
        guard let charge = charges[id] else { return "there is no such payment charge" }
        guard charge.request.webhooksUrl ?? rules.webhooksUrl == nil else { return nil }
        return "no webhooks are sent: the charge names no webhooksUrl, and the sandbox was started without --webhooks-url"
    }

    private func write(_ charge: ProviderCharge, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", charge.id)
            writer.member("paymentMethod", charge.request.method)
            writer.member("status", charge.status.word)
            writer.member("merchantPaymentChargeReference", charge.request.reference)
            writer.member("currency", charge.request.amount.currency)
            writer.member("amount", charge.request.amount.value)
            writer.member("captured", charge.total(.capture))
            writer.member("refunded", charge.total(.refund))
            writer.member("voided", charge.total(.void))
            writer.member("chargedBack", charge.chargedBack)
            writer.key("fundsStates")
            writer.array { writer in
                for operation in charge.operations {
                    if let state = operation.fundsState { writer.string(state) }
                }
            }
            writer.member("wallet", charge.isAwaitingConsumer ? "/sandbox/wallet/\(charge.id)" : nil)
            writer.member("createdAt", charge.createdAt.iso8601)
            writer.member("updatedAt", charge.updatedAt.iso8601)
            writer.member(ifThere: "note", silence(charge.id))
        }
    }
}
