internal import PaymentCore

extension ProviderCharge {
    /// The source of every event, as PPRO's published examples have it.
    static let eventSource = "https://www.ppro.com"

    /// The body of a webhook about the charge as it stands now: the CloudEvents envelope and PPRO's data.
    /// - Parameter operation: What the event is about; nil for what is about the authorization.
    func eventBody(_ type: EventType, id eventId: String, time: Instant, merchantId: String, operation: ChargeOperation?) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { envelope in
            envelope.member("specversion", "1.0.2")
            envelope.member("source", Self.eventSource)
            envelope.member("id", eventId)
            envelope.member("type", type.rawValue)
            envelope.member("subject", id)
            envelope.member("time", time.iso8601)
            envelope.member("datacontenttype", "application/json")
            envelope.key("data")
            envelope.object { data in
                if type == .chargebackSucceeded { return writeChargeback(type, merchantId, to: &data) }
                writeCommon(type, merchantId, to: &data)
                writeAmount(operation?.amount ?? request.amount.value, to: &data)
                writeDetails(type, operation, to: &data)
            }
        }
        return writer.bytes
    }

    private func writeCommon(_ type: EventType, _ merchantId: String, to data: inout JSONWriter) {
        data.member("type", type.rawValue)
        data.member("paymentChargeId", id)
        data.member("paymentChargeStatus", status.word)
        data.member("paymentMethod", request.method)
        data.member("merchantId", merchantId)
        data.member(ifThere: "merchantPaymentChargeReference", request.reference)
        data.member(ifThere: "orderReferenceNumber", request.orderReference)
        data.member("paymentSessionId", sessionId)
    }

    /// It has no status, and nothing else of what other events have.
    private func writeChargeback(_ type: EventType, _ merchantId: String, to data: inout JSONWriter) {
        data.member("type", type.rawValue)
        data.member("paymentChargeId", id)
        data.member("merchantId", merchantId)
        writeAmount(chargebacks.last ?? 0, to: &data)
    }

    private func writeAmount(_ value: Int64, to data: inout JSONWriter) {
        data.key("amount")
        data.object { amount in
            amount.member("value", value)
            amount.member("currency", request.amount.currency)
        }
    }

    private func writeDetails(_ type: EventType, _ operation: ChargeOperation?, to data: inout JSONWriter) {
        switch type {
        case .chargeCreated: writeCreation(to: &data)
        case .fundsStateChanged:
            data.member("paymentOperationId", operation?.id)
            data.member("paymentOperationType", operation?.kind.rawValue.uppercased())
            data.member("fundsState", operation?.fundsState)
            if operation?.kind == .refund { data.member(ifThere: "merchantRefundReference", operation?.reference) }
        case .chargeCaptureSucceeded, .chargeCaptureFailed, .chargeRefundPending, .chargeRefundSucceeded, .chargeRefundFailed, .chargeVoidSucceeded,
            .chargeVoidFailed:
            guard let operation else { return }
            data.member("\(operation.kind.rawValue)Id", operation.id)
            if let name = operation.kind.referenceName { data.member(ifThere: name, operation.reference) }
            writeFailure(operation.failure, to: &data)
        default:
            data.member(ifThere: "authorizationId", operations(.authorization).first?.id)
            switch type {
            case .chargeAuthenticationPending:
                data.key("authenticationMethods")
                writeAuthenticationMethods(to: &data)
            case .chargeAuthorizationSucceeded: data.member("isMultiStep", request.course.requiresCapture)
            case .chargeAuthorizationFailed: writeFailure(failure, to: &data)
            case .chargeDiscarded, .chargeDiscardFailed:
                data.member(ifThere: "discardType", operations(.discard).last?.discardType)
                data.member(ifThere: "merchantDiscardReference", operations(.discard).last?.reference)
            default: break
            }
        }
    }

    private func writeCreation(to data: inout JSONWriter) {
        data.member("paymentMedium", request.medium)
        data.member("initiator", request.initiator)
        data.member(ifThere: "paymentDescriptor", request.descriptor)
        data.member("order", raw: request.order)
        data.member("consumer", raw: request.consumer)
        data.member("authenticationSettings", raw: request.authenticationSettings)
        data.key("instrument")
        data.object { instrument in
            instrument.member("id", instrumentId)
            instrument.member("type", ProviderBook.instrumentType)
        }
    }

    private func writeFailure(_ failure: ChargeFailure?, to data: inout JSONWriter) {
        guard let failure else { return }
        data.key("failure")
        failure.write(to: &data)
    }
}
