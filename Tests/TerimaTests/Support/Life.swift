import PaymentCore

/// PPRO's side of the tests: the bodies of its webhooks.
enum Life {
    /// 2026-06-03T11:23:00Z
    static let start: Int64 = 1_780_485_780_000

    static func event(_ type: String, id: String, at seconds: Int64, subject: String, data: String) -> [UInt8] {
        let time = Instant(milliseconds: start + seconds * 1000).iso8601
        return Array(
            #"{"specversion":"1.0.2","source":"https://www.ppro.com","id":"\#(id)","type":"\#(type)","subject":"\#(subject)","time":"\#(time)","data":\#(data)}"#
                .utf8)
    }

    /// An event of a charge of IDR 10,000.00; `id` where the usual `<charge>-<type>` will not do.
    static func charge(_ charge: String, _ type: String, at seconds: Int64, status: String, _ more: String = "", id: String? = nil) -> [UInt8] {
        let data =
            #"{"paymentChargeId":"\#(charge)","paymentChargeStatus":"\#(status)","paymentMethod":"JENIUS_PAY","#
            + #""amount":{"value":1000000,"currency":"IDR"}\#(more.isEmpty ? "" : "," + more)}"#
        return event("PAYMENT_CHARGE_" + type, id: id ?? "\(charge)-\(type)", at: seconds, subject: charge, data: data)
    }

    static func agreement(_ id: String, _ type: String, at seconds: Int64, status: String) -> [UInt8] {
        event(
            "PAYMENT_AGREEMENT_" + type, id: "\(id)-\(type)", at: seconds, subject: id,
            data: #"{"paymentAgreementId":"\#(id)","paymentAgreementStatus":"\#(status)","merchantPaymentAgreementReference":"abo-1"}"#)
    }

    static func report(_ id: String) -> [UInt8] {
        event("REPORT_PROCESSED", id: "event-\(id)", at: 0, subject: id, data: #"{"reportId":"\#(id)","status":"PROCESSED", "rows":[1,2]}"#)
    }
}
