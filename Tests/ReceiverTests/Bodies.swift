import PaymentCore

/// Webhook bodies as small as they may be.
enum Bodies {
    /// A charge that was created.
    static func charge(id: String = "evt_1", charge: String = "charge_1", reference: String = "order-1") -> String {
        of(
            type: .chargeCreated, id: id,
            data: #"{"paymentChargeId":"\#(charge)","paymentChargeStatus":"AUTHORIZATION_PROCESSING","merchantPaymentChargeReference":"\#(reference)"}"#)
    }

    static func of(type: EventType, id: String) -> String {
        let data =
            switch type.kind {
            case .charge:
                #"{"paymentChargeId":"charge_1","authorizationId":"authz_1","captureId":"capture_1","refundId":"refund_1","voidId":"void_1","#
                    + #""amount":{"value":1000000,"currency":"IDR"}}"#
            case .agreement: #"{"paymentAgreementId":"agr_1","paymentAgreementStatus":"ACTIVE"}"#
            case .other: #"{"reportId":"report_1"}"#
            }
        return of(type: type, id: id, data: data)
    }

    private static func of(type: EventType, id: String, data: String) -> String {
        #"{"specversion":"1.0.2","source":"https://www.ppro.com","id":"\#(id)","type":"\#(type.rawValue)","time":"2026-06-03T11:23:47.123Z","data":\#(data)}"#
    }
}
