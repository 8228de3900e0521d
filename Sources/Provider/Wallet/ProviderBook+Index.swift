internal import PaymentCore

/// What people see at `/`: the latest charges, and the way to the wallet page of each that waits for its consumer.
extension ProviderBook {
    /// Charges on the page.
    private static let pageCharges = 30

    func indexPage() -> String {
        let latest = order.suffix(Self.pageCharges).reversed().compactMap { charges[$0] }
        let list = latest.isEmpty ? #"<p class="hint">None yet: POST /v1/payment-charges creates one.</p>"# : list(latest)
        return WalletFrame.html(
            title: "Payments",
            main: """
                <h1>The latest payments of <strong>\(WalletFrame.escaped(rules.merchantName))</strong></h1>
                \(list)
                <p class="hint">As JSON: <a href="/sandbox/charges">charges</a>, <a href="/sandbox/requests">requests</a>, \
                <a href="/sandbox/webhooks">webhooks</a></p>
                """)
    }

    private func list(_ charges: [ProviderCharge]) -> String {
        let items = charges.map { charge in
            let reference = charge.request.orderReference ?? charge.request.reference
            let wallet = #"<br><a href="/sandbox/wallet/\#(charge.id)">Open the wallet page</a>"#
            return """
                <li><p><span>\(WalletFrame.escaped(Currency.format(charge.request.amount)))</span> <span>\(charge.status.word)</span></p>
                <p>\(charge.request.method)\(reference.map { " for " + WalletFrame.escaped($0) } ?? ""), <span>\(charge.createdAt.iso8601)</span><br>
                <code>\(charge.id)</code>\(charge.isAwaitingConsumer ? wallet : "")\(silence(charge.id) == nil ? "" : "<br>No webhooks: it names no URL for them.")</p></li>
                """
        }
        return "<ul class=\"charges\">\n" + items.joined(separator: "\n") + "\n</ul>"
    }
}
