import PaymentCore

extension Benchmark {
    /// The body that tells the shop a charge's new version.
    static let notification = Benchmark(name: "notification", few: 160, many: 1_600) { count in
        let charges = try charges()
        var checksum = Checksum()
        for index in 0..<count {
            let told = told(charges[index % charges.count])
            checksum.add(told.body.count)
            checksum.add(told.type.utf8.count)
        }
        return checksum
    }

    /// The headers that sign such a body, one secret.
    static let sign = Benchmark(name: "sign", few: 160, many: 1_600) { count in
        guard let secret = EndpointSecret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=") else {
            throw BenchmarkError("the sample secret is not well formed")
        }
        let notifications = try charges().map(told)
        var checksum = Checksum()
        for index in 0..<count {
            let notification = notifications[index % notifications.count]
            let headers = StandardWebhooks.headers(id: notification.id, at: SampleLife.now, body: notification.body, secrets: [secret])
            for header in headers { checksum.add(header.value.utf8.last ?? 0) }
        }
        return checksum
    }

    private static func charges() throws -> [Charge] {
        try SampleLife.several().map { life in
            guard let folded = Charge.fold(id: "charge_0123456789abcdefghijk", events: try life.chargeEvents()) else {
                throw BenchmarkError("a sample life does not fold into a charge")
            }
            return folded.state
        }
    }

    private static func told(_ charge: Charge) -> Notification {
        let cause = Notification.Cause(
            source: "https://www.ppro.com", id: "DBmK364tFeNGuHIJM9Fb4", type: "PAYMENT_CHARGE_REFUND_SUCCEEDED", time: SampleLife.now)
        return .chargeChanged(id: "ntf_01JZX0ABCDEFGHJKMNPQRSTVWX", charge: charge, version: 6, previous: ChargeStatus("CAPTURED"), cause: cause)
    }
}
