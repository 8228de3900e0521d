import PaymentCore

extension Life {
    /// The body of one webhook: the CloudEvents envelope and PPRO's data.
    func body(of step: LifeStep, id: String, time: Instant) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { envelope in
            envelope.member("specversion", "1.0.2")
            envelope.member("source", LifeSettings.source)
            envelope.member("id", id)
            envelope.member("type", step.rawValue)
            envelope.member("subject", chargeId)
            envelope.member("time", time.iso8601)
            envelope.member("datacontenttype", "application/json")
            envelope.key("data")
            envelope.object { data in writeData(of: step, to: &data) }
        }
        return writer.bytes
    }

    private func writeData(of step: LifeStep, to data: inout JSONWriter) {
        data.member("type", step.rawValue)
        data.member("paymentChargeId", chargeId)
        data.member("paymentChargeStatus", step.status)
        data.member("paymentMethod", "JENIUS_PAY")
        data.member("merchantId", merchantId)
        data.member("merchantPaymentChargeReference", "\(orderReference)-attempt-1")
        data.member("orderReferenceNumber", orderReference)
        data.member("paymentSessionId", sessionId)
        data.key("amount")
        data.object { money in
            money.member("value", amount.value)
            money.member("currency", amount.currency)
        }
        switch step {
        case .created: writeCreation(to: &data)
        case .authenticationPending:
            data.member("authorizationId", authorizationId)
            writeRedirect(to: &data)
        case .authorizationSucceeded:
            data.member("authorizationId", authorizationId)
            data.member("isMultiStep", false)
        case .authorizationFailed:
            data.member("authorizationId", authorizationId)
            writeFailure(to: &data)
        case .captureSucceeded:
            data.member("captureId", captureId)
            data.member("merchantCaptureReference", "\(orderReference)-capture")
        case .discarded:
            // No `merchantDiscardReference`: it was the clock that discarded, not the merchant.
            data.member("authorizationId", authorizationId)
            data.member("discardType", "AUTHENTICATION_TIMEOUT")
        }
    }

    private func writeCreation(to data: inout JSONWriter) {
        data.member("paymentMedium", "ECOMMERCE")
        data.member("initiator", "CONSUMER")
        data.member("paymentDescriptor", "Toko Contoh \(orderReference)")
        data.key("order")
        data.object { order in
            order.key("orderItems")
            order.array { items in
                items.object { item in
                    item.member("name", "Kopi \"Gayo\" 250 g")
                    item.member("quantity", 1)
                    item.member("amount", amount.value)
                }
            }
            order.key("industryData")
            order.array { _ in }
            order.member("orderReferenceNumber", orderReference)
        }
        writeConsumer(to: &data)
        data.key("authenticationSettings")
        data.array { settings in
            settings.object { setting in
                setting.member("type", "REDIRECT")
                setting.key("settings")
                setting.object { $0.member("returnUrl", "https://shop.example.com/return?order=\(orderReference)") }
            }
        }
        data.key("instrument")
        data.object { instrument in
            instrument.member("id", instrumentId)
            instrument.member("type", "PASSTHROUGH_WALLET")
        }
    }

    private func writeConsumer(to data: inout JSONWriter) {
        data.key("consumer")
        data.object { json in
            json.member("name", consumer.name)
            json.member("email", consumer.email)
            json.member("phone", consumer.phone)
            json.member("country", "ID")
            json.member("locale", "id-ID")
            json.member("merchantConsumerReference", consumer.reference)
            json.key("billingAddress")
            json.object { address in
                address.member("street", consumer.street)
                address.member("postalCode", "10110")
                address.member("city", "Jakarta")
                address.member("country", "ID")
            }
        }
    }

    private func writeRedirect(to data: inout JSONWriter) {
        data.key("authenticationMethods")
        data.array { methods in
            methods.object { method in
                method.member("type", "REDIRECT")
                method.key("details")
                method.object { details in
                    details.member("requestUrl", "https://wallet.example.com/jenius-pay/\(authorizationId)")
                    details.member("requestMethod", "GET")
                }
            }
        }
    }

    private func writeFailure(to data: inout JSONWriter) {
        data.key("failure")
        data.object { failure in
            failure.member("failureType", "PROVIDER_DECLINE")
            failure.member("failureCode", failureCode)
            failure.member("providerFailureCode", "51")
            failure.member("failureMessage", "The payment was not authorized.")
            failure.member("isRetryable", false)
        }
    }
}
