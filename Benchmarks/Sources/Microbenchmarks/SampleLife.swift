import PaymentCore

/// The events of one Jenius Pay charge, from its creation to its refund, as PPRO sends them.
struct SampleLife {
    /// How many lives a benchmark takes turns with.
    static let variety = 8
    /// When everything in these benchmarks is received, signed and told.
    static let now = Instant(milliseconds: 1_780_000_200_000)

    let created: [UInt8]
    let captured: [UInt8]
    /// All six, in the order in which they happened.
    let events: [[UInt8]]

    static func several() -> [SampleLife] {
        var ids = RandomID(seed: 7)
        return (0..<variety).map { _ in SampleLife(&ids) }
    }

    init(_ ids: inout RandomID) {
        let charge = ids.next("charge_")
        let base = Self.base(charge: charge, value: 1_000_000 + ids.number() % 1_000_000, &ids)
        let authorization = #""authorizationId":"\#(ids.next("authz_"))""#
        let capture = ids.next("capture_")
        func event(_ second: Int, _ type: String, _ status: String, _ more: String) -> [UInt8] {
            Array(
                #"""
                {"specversion":"1.0.2","source":"https://www.ppro.com","id":"\#(ids.next())","type":"\#(type)","subject":"\#(charge)",\#
                "time":"2026-05-28T20:29:\#(second).123Z","datacontenttype":"application/json",\#
                "data":{"type":"\#(type)","paymentChargeStatus":"\#(status)",\#(base),\#(more)}}
                """#.utf8)
        }
        created = event(10, "PAYMENT_CHARGE_CREATED", "AUTHORIZATION_PROCESSING", Self.creation(charge: charge))
        captured = event(
            26, "PAYMENT_CHARGE_CAPTURE_SUCCEEDED", "CAPTURED",
            #"""
            "captureId":"\#(capture)","merchantCaptureReference":"capture-1-of-\#(charge.suffix(8))","paymentDescriptor":"Toko Contoh",\#
            "paymentMedium":"ECOMMERCE","initiator":"CONSUMER","merchantConsumerReference":"consumer-of-\#(charge.suffix(8))",\#
            "instrument":{"id":"\#(ids.next("instr_"))","type":"PASSTHROUGH_WALLET","details":{"type":"PASSTHROUGH_WALLET"}}
            """#)
        events = [
            created,
            event(
                15, "PAYMENT_CHARGE_AUTHENTICATION_PENDING", "AUTHENTICATION_PENDING",
                #"""
                \#(authorization),"authenticationMethods":[{"type":"REDIRECT","details":{\#
                "requestUrl":"https://wallet.example.com/jenius-pay/\#(ids.next())","requestMethod":"GET"}}]
                """#),
            event(25, "PAYMENT_CHARGE_AUTHORIZATION_SUCCEEDED", "CAPTURE_PROCESSING", #"\#(authorization),"isMultiStep":false"#),
            captured,
            event(
                40, "FUNDS_STATE_CHANGED", "CAPTURED",
                #""paymentOperationId":"\#(capture)","paymentOperationType":"CAPTURE","fundsState":"CAPTURE_FUNDS_RECEIVED""#),
            event(
                55, "PAYMENT_CHARGE_REFUND_SUCCEEDED", "REFUNDED",
                #""refundId":"\#(ids.next("refund_"))","merchantRefundReference":"refund-1-of-\#(charge.suffix(8))""#),
        ]
    }

    /// What every event about the charge repeats.
    private static func base(charge: String, value: UInt64, _ ids: inout RandomID) -> String {
        #"""
        "paymentChargeId":"\#(charge)","paymentMethod":"JENIUS_PAY","merchantId":"merch_0123456789","paymentSessionId":"\#(ids.next("sess_"))",\#
        "merchantPaymentChargeReference":"payment-\#(charge.suffix(8))-attempt-1","orderReferenceNumber":"order-\#(charge.suffix(8))",\#
        "amount":{"value":\#(value),"currency":"IDR"}
        """#
    }

    private static func creation(charge: String) -> String {
        let items = (1...22).map { #"{"name":"Kopi \"Gayo\" 250 g, sangrai \#($0 + 10)","quantity":\#($0 % 3 + 1),"amount":\#(100_000 + $0)}"# }
        return #"""
            "paymentMedium":"ECOMMERCE","initiator":"CONSUMER","paymentDescriptor":"Toko Contoh",\#
            "order":{"orderItems":[\#(items.joined(separator: ","))],"industryData":[],"orderReferenceNumber":"order-\#(charge.suffix(8))"},\#
            "consumer":{"name":"Siti Pelanggan","email":"siti@example.com","phone":"+628111111111","country":"ID","locale":"id-ID",\#
            "billingAddress":{"street":"Jl. Contoh No. 45","postalCode":"12190","city":"Jakarta Selatan","country":"ID"}},\#
            "authenticationSettings":[{"type":"REDIRECT","settings":{"returnUrl":"https://shop.example.com/return?order=\#(charge.suffix(8))"}}]
            """#
    }
}

extension SampleLife {
    /// The decoded events, with their facts, as the fold gets them.
    func chargeEvents() throws -> [ChargeEvent] {
        try events.enumerated().map { offset, body in
            let event = EventDecoder.decode(body: body, receivedAt: Self.now)
            return ChargeEvent(seq: Int64(offset + 1), id: event.identity.id, facts: try event.facts())
        }
    }
}

extension Event {
    func facts() throws -> EventFacts {
        guard case .readable(let facts) = content else { throw BenchmarkError("a sample event cannot be read: \(content)") }
        return facts
    }
}
