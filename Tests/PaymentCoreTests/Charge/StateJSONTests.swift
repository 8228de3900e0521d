import PaymentCore
import Testing

/// The field names and their order are the contract for scripts and shops.
@Suite struct StateJSONTests {
    private func text(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        writer.object(body)
        return writer.text
    }

    @Test func aWholeChargeIsWritten() {
        var charge = Charge(
            id: "charge_1", status: .captured, createdAt: Instant(milliseconds: 1_780_485_827_123), updatedAt: Instant(milliseconds: 1_780_485_828_000))
        charge.currency = "IDR"
        charge.amount = 7
        charge.authorized = 5
        charge.captured = 4
        charge.refunded = 3
        charge.voided = 2
        charge.chargedBack = 1
        charge.fundsState = "CAPTURE_FUNDS_RECEIVED"
        charge.paymentMethod = "JENIUS_PAY"
        charge.merchantId = "merch-1"
        charge.merchantPaymentChargeReference = "pay-1"
        charge.orderReferenceNumber = "order-1"
        charge.failureCode = "PROVIDER_ERROR"
        charge.anomalies = 6
        #expect(
            text { charge.writeMembers(to: &$0, version: 3) }
                == [
                    #"{"id":"charge_1","status":"CAPTURED","result":"paid","version":3,"currency":"IDR","amount":7,"authorized":5,"captured":4,"refunded":3,"#,
                    #""voided":2,"chargedBack":1,"fundsState":"CAPTURE_FUNDS_RECEIVED","paymentMethod":"JENIUS_PAY","merchantId":"merch-1","#,
                    #""merchantPaymentChargeReference":"pay-1","orderReferenceNumber":"order-1","failureCode":"PROVIDER_ERROR","anomalies":6,"#,
                    #""createdAt":"2026-06-03T11:23:47.123Z","updatedAt":"2026-06-03T11:23:48.000Z"}"#,
                ].joined())
    }

    @Test func whatIsNotKnownIsNull() {
        let charge = Charge(id: "c", status: ChargeStatus("ON_\"HOLD\""), createdAt: Instant(milliseconds: 0), updatedAt: Instant(milliseconds: 0))
        #expect(
            text { charge.writeMembers(to: &$0, version: 1) }
                == [
                    #"{"id":"c","status":"ON_\"HOLD\"","result":"pending","version":1,"currency":null,"amount":null,"authorized":0,"captured":0,"refunded":0,"#,
                    #""voided":0,"chargedBack":0,"fundsState":null,"paymentMethod":null,"merchantId":null,"merchantPaymentChargeReference":null,"#,
                    #""orderReferenceNumber":null,"failureCode":null,"anomalies":0,"createdAt":"1970-01-01T00:00:00.000Z","#,
                    #""updatedAt":"1970-01-01T00:00:00.000Z"}"#,
                ].joined())
    }

    @Test func aWholeAgreementIsWritten() {
        var agreement = Agreement(id: "agr_1", status: .active, createdAt: Instant(milliseconds: 0), updatedAt: Instant(milliseconds: 1))
        agreement.paymentMethod = "GOPAY"
        agreement.merchantId = "merch-1"
        agreement.merchantPaymentAgreementReference = "sub-1"
        #expect(
            text { agreement.writeMembers(to: &$0, version: 2) }
                == [
                    #"{"id":"agr_1","status":"ACTIVE","version":2,"paymentMethod":"GOPAY","merchantId":"merch-1","#,
                    #""merchantPaymentAgreementReference":"sub-1","failureCode":null,"anomalies":0,"createdAt":"1970-01-01T00:00:00.000Z","#,
                    #""updatedAt":"1970-01-01T00:00:00.001Z"}"#,
                ].joined())
    }
}
