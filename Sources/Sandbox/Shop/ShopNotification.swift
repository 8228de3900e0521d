import PaymentCore

/// A notification as the shop reads it: CloudEvents 1.0 from terima.
struct ShopNotification: Sendable, Equatable {
    /// A charge as the notification shows it; amounts in minor units.
    struct Charge: Sendable, Equatable {
        var id: String
        var status: String
        var result: String
        var currency: String?
        var authorized: Int64
        var captured: Int64
        var refunded: Int64
        var chargedBack: Int64
        var fundsState: String?
        var paymentMethod: String?
        var orderReference: String?
        var failureCode: String?
    }

    /// `webhook-id`: the same over all attempts.
    var id: String
    var type: String
    var subject: String
    /// When it happened at PPRO; nil when the notification does not say it.
    var time: Instant?
    var version: Int64?
    var previousStatus: String?
    /// Nil for agreements and for what is only passed on.
    var charge: Charge?
    /// The status of a charge or an agreement.
    var status: String?

    /// - Parameter id: the `webhook-id` header, which the signature covers.
    /// - Returns: nil when the body is no notification of terima's.
    init?(id: String, body: [UInt8]) {
        guard let root = try? JSONDocument.parse(body).root, let type = root["type"]?.string, let subject = root["subject"]?.string else { return nil }
        self.id = id
        self.type = type
        self.subject = subject
        time = root["time"]?.string.flatMap(Instant.init(iso8601:))
        guard let data = root["data"], !type.hasPrefix("ppro.") else { return }
        version = data["version"]?.integerValue
        previousStatus = data["previousStatus"]?.string
        charge = data["charge"].flatMap(Charge.init)
        status = charge?.status ?? data["agreement"]?["status"]?.string
    }

    /// What the shop calls the thing: its own order where there is one, else PPRO's id.
    var orderName: String { charge?.orderReference ?? subject }
}

extension ShopNotification.Charge {
    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let status = json["status"]?.string, let result = json["result"]?.string else { return nil }
        self.id = id
        self.status = status
        self.result = result
        currency = json["currency"]?.string
        authorized = json["authorized"]?.integerValue ?? 0
        captured = json["captured"]?.integerValue ?? 0
        refunded = json["refunded"]?.integerValue ?? 0
        chargedBack = json["chargedBack"]?.integerValue ?? 0
        fundsState = json["fundsState"]?.string
        paymentMethod = json["paymentMethod"]?.string
        orderReference = json["orderReferenceNumber"]?.string
        failureCode = json["failureCode"]?.string
    }
}
