import PaymentCore

/// PPRO's side of the tests: signed bodies are the receiver's business, so these are the bodies alone.
enum Life {
    /// 2026-06-03T11:23:00Z
    static let start: Int64 = 1_780_485_780_000

    static func event(
        _ type: String, id: String, at seconds: Int64, subject: String, data: String, source: String = "https://www.ppro.com"
    ) -> [UInt8] {
        let time = Instant(milliseconds: start + seconds * 1000).iso8601
        return Array(
            #"{"specversion":"1.0.2","source":"\#(source)","id":"\#(id)","type":"\#(type)","subject":"\#(subject)","time":"\#(time)","data":\#(data)}"#.utf8)
    }

    static func charge(_ charge: String, _ type: String, at seconds: Int64, status: String, _ more: String = "") -> [UInt8] {
        let data =
            #"{"paymentChargeId":"\#(charge)","paymentChargeStatus":"\#(status)","paymentMethod":"JENIUS_PAY","#
            + #""amount":{"value":1000000,"currency":"IDR"}\#(more.isEmpty ? "" : "," + more)}"#
        return event("PAYMENT_CHARGE_" + type, id: "\(charge)-\(type)-\(seconds)", at: seconds, subject: charge, data: data)
    }

    /// A Jenius Pay payment that goes through: four events, one a second.
    static func paid(_ id: String) -> [[UInt8]] {
        [
            charge(id, "CREATED", at: 0, status: "AUTHORIZATION_PROCESSING"),
            charge(id, "AUTHENTICATION_PENDING", at: 1, status: "AUTHENTICATION_PENDING", #""authorizationId":"authz_1""#),
            charge(id, "AUTHORIZATION_SUCCEEDED", at: 2, status: "CAPTURE_PROCESSING", #""authorizationId":"authz_1""#),
            charge(id, "CAPTURE_SUCCEEDED", at: 3, status: "CAPTURED", #""captureId":"capture_1""#),
        ]
    }

    static func agreement(_ id: String, _ type: String, at seconds: Int64, status: String) -> [UInt8] {
        event(
            "PAYMENT_AGREEMENT_" + type, id: "\(id)-\(type)", at: seconds, subject: id,
            data: #"{"paymentAgreementId":"\#(id)","paymentAgreementStatus":"\#(status)"}"#)
    }

    static func report(_ id: String) -> [UInt8] {
        event("REPORT_PROCESSED", id: "event-\(id)", at: 0, subject: id, data: #"{"reportId":"\#(id)","status":"PROCESSED", "rows":[1,2]}"#)
    }
}
