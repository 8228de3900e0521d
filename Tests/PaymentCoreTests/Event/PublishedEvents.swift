import PaymentCore

/// One body for each type, made from the fields that PPRO publishes (not recorded traffic), with nested objects that must not be mistaken for the members
/// beside them.
enum PublishedEvents {
    static let source = "https://www.ppro.com"
    static let id = "DBmK364tFeNGuHIJM9Fb4"
    static let time = "2026-06-03T11:23:47.123Z"
    static let charge = "charge_mXC6KnPKOY6MuyBf7dwaY"
    static let agreement = "agr_8sKq2LmN4pRtVwXyZ0aBc"

    /// The whole body, `id` as it is to stand in JSON; `data` without it is `dataOf(type)`.
    static func body(_ type: EventType, id: String = id, data: String? = nil) -> String {
        """
        {
          "specversion": "1.0.2", "source": "\(source)", "id": "\(id)", "type": "\(type.rawValue)",
          "subject": "\(subject(type))", "time": "\(time)", "datacontenttype": "application/json",
          "data": \(data ?? dataOf(type))
        }
        """
    }

    static func subject(_ type: EventType) -> String {
        switch type {
        case .instrumentCreated, .instrumentDetailsUpdated, .instrumentDeleted: "instr_5Hn2kQvYx8RtLmPw3Zs7D"
        case .reportProcessed, .reportFailed, .reportExpired: "report_2Kd9sLqPzXcVbNm4Tr6Ww"
        default: type.kind == .agreement ? agreement : charge
        }
    }

    static func dataOf(_ type: EventType) -> String {
        switch type.kind {
        case .charge: type == .chargebackSucceeded ? chargeback : chargeData(type)
        case .agreement: agreementData(type)
        case .other: type.rawValue.hasPrefix("REPORT") ? reportData(type) : instrumentData(type)
        }
    }

    /// A likely status: PPRO does not publish which one comes with which type.
    static func status(_ type: EventType) -> String {
        switch type {
        case .chargeCreated: "AUTHORIZATION_PROCESSING"
        case .chargeAuthenticationPending, .chargeDiscardFailed: "AUTHENTICATION_PENDING"
        case .chargeProviderConfirmationPending: "AUTHORIZATION_ASYNC"
        case .chargeAuthorizationSucceeded, .chargeVoidFailed, .chargeCaptureFailed: "CAPTURE_PENDING"
        case .chargeAuthorizationFailed: "FAILED"
        case .chargeDiscarded: "DISCARDED"
        case .chargeVoidSucceeded: "VOIDED"
        case .chargeCaptureSucceeded, .chargeRefundFailed, .fundsStateChanged: "CAPTURED"
        case .chargeRefundPending: "REFUND_PROCESSING"
        case .chargeRefundSucceeded: "REFUNDED"
        case .chargeFailed: "DECLINED"
        case .chargeSuccess: "SUCCESS"
        default: ""
        }
    }

    private static let failure = """
        "failure": { "failureType": "PROVIDER_DECLINE", "failureCode": "INSUFFICIENT_FUNDS", "providerFailureCode": "51", "failureMessage": "Not enough money",
          "isRetryable": true }
        """

    private static let chargeback = """
        { "paymentChargeId": "\(charge)", "merchantId": "merch-123", "amount": { "value": 400000, "currency": "IDR" } }
        """

    private static func chargeData(_ type: EventType) -> String {
        """
        { "paymentChargeId": "\(charge)", "paymentChargeStatus": "\(status(type))", "paymentMethod": "JENIUS_PAY", "merchantId": "merch-123",
          "merchantPaymentChargeReference": "pay-\\u0031", "orderReferenceNumber": "order-1", "type": "\(type.rawValue)",
          "paymentSessionId": "sess_77aBcD", "somethingNew": [1.5e3, { "amount": false }],
          "amount": { "currency": "IDR", "value": 1000000 }, \(added(type)) }
        """
    }

    private static func added(_ type: EventType) -> String {
        switch type {
        case .chargeCreated:
            """
            "paymentMedium": "ECOMMERCE", "initiator": "CONSUMER", "paymentDescriptor": "Toko Batik", "instrument": { "id": "instr_1" },
            "order": { "orderItems": [ { "name": "Kemeja batik \\"Mega Mendung\\"", "quantity": 2, "amount": 500000 } ], "industryData": [],
              "orderReferenceNumber": "order-1" },
            "consumer": { "name": "Siti Nurhaliza Ré", "email": "siti@example.com", "phone": "+628111111111", "country": "ID", "locale": "id-ID",
              "taxIdentification": null, "billingAddress": { "street": "Jl. Sudirman 45", "postalCode": "12190", "city": "Jakarta", "country": "ID" } },
            "authenticationSettings": [ { "type": "REDIRECT", "settings": { "returnUrl": "https://shop.example/return" } } ]
            """
        case .chargeAuthenticationPending:
            """
            "authorizationId": "authz_1", "authenticationMethods": [ { "type": "REDIRECT",
              "details": { "requestUrl": "https://redirect.example/?a=1&b=2", "requestMethod": "POST" } } ]
            """
        case .chargeProviderConfirmationPending: #""authorizationId": "authz_1""#
        case .chargeAuthorizationSucceeded: #""authorizationId": "authz_1", "isMultiStep": true"#
        case .chargeAuthorizationFailed: #""authorizationId": "authz_1", "# + failure
        case .chargeDiscarded, .chargeDiscardFailed:
            #""authorizationId": "authz_1", "discardType": "AUTHENTICATION_TIMEOUT", "merchantDiscardReference": null"#
        case .chargeCaptureSucceeded: #""captureId": "capture_1", "merchantCaptureReference": "cap-1""#
        case .chargeCaptureFailed: #""captureId": "capture_1", "merchantCaptureReference": "cap-1", "# + failure
        case .chargeRefundPending, .chargeRefundSucceeded: #""refundId": "refund_1", "merchantRefundReference": "ref-1""#
        case .chargeRefundFailed: #""refundId": "refund_1", "merchantRefundReference": "ref-1", "# + failure
        case .chargeVoidSucceeded: #""voidId": "void_1", "merchantVoidReference": "void-1""#
        case .chargeVoidFailed: #""voidId": "void_1", "merchantVoidReference": "void-1", "# + failure
        case .fundsStateChanged:
            #""paymentOperationId": "capture_1", "paymentOperationType": "CAPTURE", "fundsState": "CAPTURE_FUNDS_RECEIVED""#
        case .chargeFailed: failure
        default: #""old": true"#
        }
    }

    private static func agreementData(_ type: EventType) -> String {
        let status =
            switch type {
            case .agreementCreated: "INITIALIZING"
            case .agreementAuthenticationPending: "AUTHENTICATION_PENDING"
            case .agreementActive, .agreementUpdated: "ACTIVE"
            case .agreementFailed: "FAILED"
            default: String(type.rawValue.dropFirst("PAYMENT_AGREEMENT_".count))
            }
        let added =
            switch type {
            case .agreementCreated:
                #""amount": { "value": "5000", "type": "MAX" }, "frequency": { "type": "MONTHLY", "interval": 1 }, "startDate": "2026-06-03""#
            case .agreementFailed: failure
            default: #""instrument": null"#
            }
        return """
            { "paymentAgreementId": "\(agreement)", "paymentAgreementStatus": "\(status)", "paymentMethod": "GOPAY", "paymentSessionId": "sess_77aBcD",
              "merchantPaymentAgreementReference": "sub-1", "merchantId": "merch-123", \(added) }
            """
    }

    private static func instrumentData(_ type: EventType) -> String {
        """
        { "paymentInstrumentId": "\(subject(type))", "merchantId": "merch-123", "details": { "type": "PASSTHROUGH_WALLET" },
          "\(type == .instrumentDeleted ? "deleteTimestamp" : "updateTimestamp")": "\(time)" }
        """
    }

    private static func reportData(_ type: EventType) -> String {
        """
        { "reportId": "\(subject(type))", "status": "\(type.rawValue.dropFirst("REPORT_".count))", "operationType": "SETTLEMENT", "merchantId": "merch-123",
          "startDate": "2026-06-01", "endDate": "2026-06-02", "downloadUrl": "https://reports.example/1", "contentLength": 1048576 }
        """
    }
}
