internal import PaymentCore

extension ProviderCharge {
    /// As `GET /v1/payment-charges/{id}` answers it.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("paymentMethod", request.method)
            writer.member("paymentMedium", request.medium)
            writer.member("scheduleType", request.scheduleType ?? "UNSCHEDULED")
            writer.member(ifThere: "paymentDescriptor", request.descriptor)
            writer.member(ifThere: "merchantPaymentChargeReference", request.reference)
            writer.member("instrumentId", instrumentId)
            writer.member("currency", request.amount.currency)
            writer.member("country", request.country)
            writer.member("status", status.word)
            writer.member("consumer", raw: request.consumer)
            writer.member("order", raw: request.order)
            writer.key("failure")
            if let failure { failure.write(to: &writer) } else { writer.null() }
            writer.key("authenticationMethods")
            writeAuthenticationMethods(to: &writer)
            for kind in OperationKind.allCases {
                writer.key(kind.listName)
                writeList(kind, to: &writer)
            }
            writer.member("createdAt", createdAt.iso8601)
            writer.member("updatedAt", updatedAt.iso8601)
            writeLinks(to: &writer)
        }
    }

    func writeList(_ kind: OperationKind, to writer: inout JSONWriter) {
        writer.array { writer in
            for operation in operations where operation.kind == kind { operation.write(to: &writer) }
        }
    }

    /// What the consumer can do now; nothing once that is over.
    func writeAuthenticationMethods(to writer: inout JSONWriter) {
        writer.array { writer in
            guard isAwaitingConsumer, let type = request.course.authentication else { return }
            writer.object { writer in
                writer.member("type", type.rawValue)
                writer.key("details")
                writer.object { details in
                    switch type {
                    case .redirect:
                        details.member("requestUrl", walletUrl)
                        details.member("requestMethod", "GET")
                    case .scanCode:
                        details.member("codeType", "QR")
                        details.member("codePayload", walletUrl)
                    // PPRO's answer has no details for it: the shop asks for the code itself.
                    case .multiFactor: break
                    }
                }
            }
        }
    }

    /// Settlement state of every capture and refund that succeeded.
    func writeFundsStatuses(to writer: inout JSONWriter) {
        writer.array { writer in
            for operation in operations {
                guard let state = operation.fundsState else { continue }
                writer.object { writer in
                    writer.member("operationId", operation.id)
                    writer.member("operationType", operation.kind.rawValue.uppercased())
                    writer.member("fundsStatus", state)
                    writer.member(ifThere: "merchantPaymentChargeReference", request.reference)
                    if operation.kind == .refund { writer.member(ifThere: "merchantRefundReference", operation.reference) }
                }
            }
        }
    }

    private func writeLinks(to writer: inout JSONWriter) {
        let path = "/v1/payment-charges/\(id)"
        writer.key("_links")
        writer.object { links in
            for (name, href) in [("self", path)] + ["authorizations", "captures", "refunds", "voids", "funds-statuses"].map({ ($0, "\(path)/\($0)") }) {
                links.key(name)
                links.object { $0.member("href", href) }
            }
        }
    }
}

extension JSONWriter {
    /// A member that is JSON already; `null` for nil.
    mutating func member(_ key: String, raw value: [UInt8]?) {
        self.key(key)
        if let value { raw(value) } else { null() }
    }
}
