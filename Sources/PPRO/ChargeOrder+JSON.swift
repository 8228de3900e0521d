internal import PaymentCore

extension ChargeOrder {
    /// The body of `POST /v1/payment-charges`. The same order always gives the same bytes, as a kept idempotency key asks for.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("paymentMethod", paymentMethod)
            writer.member("paymentMedium", paymentMedium)
            writer.member(ifThere: "paymentDescriptor", paymentDescriptor)
            writer.member(ifThere: "merchantPaymentChargeReference", merchantPaymentChargeReference)
            writer.key("amount")
            writer.object { writer in
                writer.member("value", amount.value)
                writer.member("currency", amount.currency)
            }
            writer.key("consumer")
            consumer.write(to: &writer)
            if orderReferenceNumber != nil || shippingAddress != nil || !items.isEmpty {
                writer.key("order")
                writeOrder(to: &writer)
            }
            if !authentications.isEmpty {
                writer.key("authenticationSettings")
                writer.array { writer in
                    for authentication in authentications { authentication.write(to: &writer) }
                }
            }
            if let autoCapture { writer.member("autoCapture", autoCapture) }
            writer.member(ifThere: "webhooksUrl", webhooksUrl)
        }
        return writer.bytes
    }

    private func writeOrder(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member(ifThere: "orderReferenceNumber", orderReferenceNumber)
            if !items.isEmpty {
                writer.key("orderItems")
                writer.array { writer in
                    for item in items {
                        writer.object { writer in
                            writer.member("name", item.name)
                            writer.member("quantity", Int64(item.quantity))
                            writer.member("amount", item.amount)
                        }
                    }
                }
            }
            if let shippingAddress {
                writer.key("shippingAddress")
                shippingAddress.write(to: &writer)
            }
        }
    }
}

extension ChargeOrder.Consumer {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member(ifThere: "name", name)
            writer.member(ifThere: "email", email)
            writer.member(ifThere: "phone", phone)
            writer.member(ifThere: "country", country)
            writer.member(ifThere: "locale", locale)
            writer.member(ifThere: "merchantConsumerReference", merchantConsumerReference)
        }
    }
}

extension ChargeOrder.Address {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member(ifThere: "street", street)
            writer.member(ifThere: "postalCode", postalCode)
            writer.member(ifThere: "city", city)
            writer.member(ifThere: "country", country)
        }
    }
}

extension ChargeOrder.Authentication {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", type)
            if let returnUrl {
                writer.key("settings")
                writer.object { $0.member("returnUrl", returnUrl) }
            }
        }
    }
}

extension JSONWriter {
    /// Nothing at all for nil.
    fileprivate mutating func member(ifThere key: String, _ value: String?) {
        if let value { member(key, value) }
    }
}
