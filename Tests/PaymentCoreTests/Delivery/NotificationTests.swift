import PaymentCore
import Testing

extension DeliveryTests {
    struct NotificationTests {
        private let cause = Notification.Cause(
            source: "https://www.ppro.com", id: "DBmK364tFeNGuHIJM9Fb4", type: "PAYMENT_CHARGE_CAPTURE_SUCCEEDED",
            time: Instant(milliseconds: 1_780_485_827_123))

        private var charge: Charge {
            var charge = Charge(
                id: "charge_mXC6KnPKOY6MuyBf7dwaY", status: ChargeStatus("CAPTURED"), createdAt: Instant(milliseconds: 1_780_485_800_000),
                updatedAt: Instant(milliseconds: 1_780_485_827_123))
            charge.currency = "IDR"
            charge.amount = 1_000_000
            charge.authorized = 1_000_000
            charge.captured = 1_000_000
            charge.paymentMethod = "JENIUS_PAY"
            charge.merchantId = "merch_1"
            charge.merchantPaymentChargeReference = "pay \"1\""
            charge.orderReferenceNumber = "order/1"
            return charge
        }

        private let chargeText =
            #"{"id":"charge_mXC6KnPKOY6MuyBf7dwaY","status":"CAPTURED","result":"paid","version":3,"currency":"IDR","amount":1000000,"#
            + #""authorized":1000000,"captured":1000000,"refunded":0,"voided":0,"chargedBack":0,"fundsState":null,"paymentMethod":"JENIUS_PAY","merchantId":"merch_1","#
            + #""merchantPaymentChargeReference":"pay \"1\"","orderReferenceNumber":"order/1","failureCode":null,"anomalies":0,"#
            + #""createdAt":"2026-06-03T11:23:20.000Z","updatedAt":"2026-06-03T11:23:47.123Z"}"#

        private let causeText = #"{"source":"https://www.ppro.com","id":"DBmK364tFeNGuHIJM9Fb4","type":"PAYMENT_CHARGE_CAPTURE_SUCCEEDED"}"#

        private func envelope(type: String, subject: String, rest: String) -> String {
            #"{"specversion":"1.0","id":"ntf_1","source":"terima","type":"\#(type)","subject":"\#(subject)","#
                + #""time":"2026-06-03T11:23:47.123Z""# + rest + "}"
        }

        @Test func chargeThatChangedItsStatus() {
            let told = Notification.chargeChanged(
                id: "ntf_1", charge: charge, version: 3, previous: ChargeStatus("AUTHENTICATION_PENDING"), cause: cause)
            #expect(
                String(decoding: told.body, as: UTF8.self)
                    == envelope(
                        type: "charge.captured", subject: "charge_mXC6KnPKOY6MuyBf7dwaY",
                        rest: #","datacontenttype":"application/json","data":{"version":3,"previousStatus":"AUTHENTICATION_PENDING","charge":"#
                            + chargeText + #","cause":"# + causeText + "}"))
            #expect(told.id == "ntf_1")
            #expect(told.type == "charge.captured")
            #expect(told.subject == "charge_mXC6KnPKOY6MuyBf7dwaY")
            #expect(told.version == 3)
            #expect(told.previousStatus == "AUTHENTICATION_PENDING")
            #expect(told.status == "CAPTURED")
        }

        @Test func chargeThatChangedOtherwise() {
            let told = Notification.chargeChanged(id: "ntf_1", charge: charge, version: 3, previous: ChargeStatus("CAPTURED"), cause: cause)
            #expect(
                String(decoding: told.body, as: UTF8.self)
                    == envelope(
                        type: "charge.updated", subject: "charge_mXC6KnPKOY6MuyBf7dwaY",
                        rest: #","datacontenttype":"application/json","data":{"version":3,"previousStatus":"CAPTURED","charge":"#
                            + chargeText + #","cause":"# + causeText + "}"))
            #expect(told.previousStatus == "CAPTURED")
            #expect(told.status == "CAPTURED")
        }

        @Test func firstVersionHasNoPreviousStatus() {
            let told = Notification.chargeChanged(id: "ntf_1", charge: charge, version: 3, previous: nil, cause: cause)
            #expect(told.type == "charge.captured")
            #expect(told.previousStatus == nil)
            #expect(
                String(decoding: told.body, as: UTF8.self)
                    == envelope(
                        type: "charge.captured", subject: "charge_mXC6KnPKOY6MuyBf7dwaY",
                        rest: #","datacontenttype":"application/json","data":{"version":3,"previousStatus":null,"charge":"#
                            + chargeText + #","cause":"# + causeText + "}"))
        }

        @Test func typeIsTheStatusInLowerCaseEvenForAWordUnknown() {
            var charge = charge
            for (word, type) in [
                ("AUTHENTICATION_PENDING", "charge.authentication_pending"), ("Half_Captured2", "charge.half_captured2"),
                ("\u{130}\u{C9}X", "charge.\u{130}\u{C9}x"), ("", "charge."),
            ] {
                charge.status = ChargeStatus(word)
                let told = Notification.chargeChanged(id: "ntf_1", charge: charge, version: 1, previous: nil, cause: cause)
                #expect(told.type == type)
                #expect(told.status == word)
            }
        }

        private var agreement: Agreement {
            var agreement = Agreement(
                id: "agr_1", status: AgreementStatus("ACTIVE"), createdAt: Instant(milliseconds: 1_780_485_800_000),
                updatedAt: Instant(milliseconds: 1_780_485_827_123))
            agreement.paymentMethod = "DANA"
            agreement.merchantPaymentAgreementReference = "abo-1"
            return agreement
        }

        @Test(arguments: [(nil, "agreement.active"), ("AUTHENTICATION_PENDING", "agreement.active"), ("ACTIVE", "agreement.updated")] as [(String?, String)])
        func agreements(previous: String?, type: String) {
            var cause = cause
            cause.type = "PAYMENT_AGREEMENT_ACTIVE"
            let told = Notification.agreementChanged(
                id: "ntf_1", agreement: agreement, version: 2, previous: previous.map { AgreementStatus($0) }, cause: cause)
            let previousText = previous.map { "\"\($0)\"" } ?? "null"
            let state =
                #"{"id":"agr_1","status":"ACTIVE","version":2,"paymentMethod":"DANA","merchantId":null,"#
                + #""merchantPaymentAgreementReference":"abo-1","failureCode":null,"anomalies":0,"#
                + #""createdAt":"2026-06-03T11:23:20.000Z","updatedAt":"2026-06-03T11:23:47.123Z"}"#
            #expect(
                String(decoding: told.body, as: UTF8.self)
                    == envelope(
                        type: type, subject: "agr_1",
                        rest: #","datacontenttype":"application/json","data":{"version":2,"previousStatus":\#(previousText),"agreement":\#(state),"#
                            + #""cause":{"source":"https://www.ppro.com","id":"DBmK364tFeNGuHIJM9Fb4","type":"PAYMENT_AGREEMENT_ACTIVE"}}"#))
            #expect(told.type == type)
            #expect(told.subject == "agr_1")
            #expect(told.version == 2)
            #expect(told.previousStatus == previous)
            #expect(told.status == "ACTIVE")
        }

        @Test func whatHasNoStateIsPassedOnByteForByte() {
            let facts = EventFacts(type: "REPORT_PROCESSED", subject: "report_1", time: cause.time, kind: .other)
            let data = Array(#"{ "reportId" : "report_1", "size": 1.50e1, "note":"\u00e9" }"#.utf8)
            let told = Notification.passedOn(id: "ntf_1", facts: facts, cause: cause, data: data)
            #expect(
                String(decoding: told.body, as: UTF8.self)
                    == envelope(
                        type: "ppro.REPORT_PROCESSED", subject: "report_1",
                        rest: #","datacontenttype":"application/json","data":{ "reportId" : "report_1", "size": 1.50e1, "note":"\u00e9" }"#))
            #expect(told.type == "ppro.REPORT_PROCESSED")
            #expect(told.subject == "report_1")
            #expect(told.version == nil)
            #expect(told.previousStatus == nil)
            #expect(told.status == nil)
        }

        @Test func withoutDataTheMemberIsLeftOut() {
            let facts = EventFacts(type: "REPORT_EXPIRED", subject: "report_1", time: cause.time, kind: .other)
            let told = Notification.passedOn(id: "ntf_1", facts: facts, cause: cause, data: [])
            #expect(String(decoding: told.body, as: UTF8.self) == envelope(type: "ppro.REPORT_EXPIRED", subject: "report_1", rest: ""))
        }

        @Test(arguments: [nil, ""] as [String?])
        func withoutSubjectTheEventNamesIt(subject: String?) {
            let facts = EventFacts(type: "NEW_THING", subject: subject, time: cause.time, kind: .other)
            let told = Notification.passedOn(id: "ntf_1", facts: facts, cause: cause, data: Array("1".utf8))
            #expect(told.subject == cause.id)
            #expect(
                String(decoding: told.body, as: UTF8.self)
                    == envelope(type: "ppro.NEW_THING", subject: cause.id, rest: #","datacontenttype":"application/json","data":1"#))
        }

        /// What is outside data stays data: the body is readable JSON with exactly these members whatever the words in it are.
        @Test func outsideWordsCannotBreakOut() throws {
            let evil = "\",\"type\":\"charge.captured\u{0}\n\\"
            let facts = EventFacts(type: evil, subject: evil, time: cause.time, kind: .other)
            let cause = Notification.Cause(source: evil, id: evil, type: evil, time: cause.time)
            var charge = charge
            charge.id = evil
            charge.status = ChargeStatus(evil)
            for told in [
                Notification.passedOn(id: "ntf_1", facts: facts, cause: cause, data: Array("null".utf8)),
                Notification.chargeChanged(id: "ntf_1", charge: charge, version: 1, previous: nil, cause: cause),
            ] {
                let root = try JSONDocument.parse(told.body).root
                #expect(root.members.map(\.key) == ["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"])
                #expect(root["subject"]?.string == evil)
                #expect(root["type"]?.string == told.type)
            }
        }
    }
}
