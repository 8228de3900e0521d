/// What the shop is told: one CloudEvents 1.0 event in JSON, whose bytes are fixed when the change is committed and stay the same over all attempts.
package struct Notification: Sendable, Equatable {
    /// `ntf_…` (`NotificationID`): the CloudEvents `id` and the `webhook-id` of every attempt.
    package var id: String
    /// `charge.captured`, `charge.updated`, `agreement.active`, `ppro.REPORT_PROCESSED`, …
    package var type: String
    /// The id of the charge, agreement or other resource.
    package var subject: String
    /// The version of the charge or agreement; nil for what is passed on.
    package var version: Int?
    /// The status before the change; nil for the first version and for what is passed on.
    package var previousStatus: String?
    /// The status after the change; nil for what is passed on.
    package var status: String?
    /// The body of the request, exactly.
    package var body: [UInt8]

    /// The `Content-Type` of `body`.
    package static let contentType = "application/cloudevents+json"

    package init(id: String, type: String, subject: String, version: Int?, previousStatus: String?, status: String?, body: [UInt8]) {
        self.id = id
        self.type = type
        self.subject = subject
        self.version = version
        self.previousStatus = previousStatus
        self.status = status
        self.body = body
    }

    /// The event that made terima say something.
    package struct Cause: Sendable, Equatable {
        package var source: String
        package var id: String
        package var type: String
        /// Becomes the notification's `time`: when it happened at PPRO, not when terima came to tell it.
        package var time: Instant

        package init(source: String, id: String, type: String, time: Instant) {
            self.source = source
            self.id = id
            self.type = type
            self.time = time
        }
    }

    /// Tells a charge's new version: `charge.<status>` when the status differs from `previous` or there is none, else `charge.updated`.
    package static func chargeChanged(id: String, charge: Charge, version: Int, previous: ChargeStatus?, cause: Cause) -> Notification {
        let change = Change(family: "charge", subject: charge.id, version: version, previousStatus: previous?.word, status: charge.status.word)
        return changed(id: id, change, cause: cause) { writer in
            charge.writeMembers(to: &writer, version: version)
        }
    }

    /// Tells an agreement's new version: `agreement.<status>` or `agreement.updated`.
    package static func agreementChanged(
        id: String, agreement: Agreement, version: Int, previous: AgreementStatus?, cause: Cause
    ) -> Notification {
        let change = Change(
            family: "agreement", subject: agreement.id, version: version, previousStatus: previous?.word, status: agreement.status.word)
        return changed(id: id, change, cause: cause) { writer in
            agreement.writeMembers(to: &writer, version: version)
        }
    }

    /// Passes on an event that has no state here: `ppro.<EVENT_TYPE>` with PPRO's own `data`, byte for byte.
    /// `data` must be one JSON value; empty (the event had none, or its payload was erased) leaves the member out, as CloudEvents allows.
    package static func passedOn(id: String, facts: EventFacts, cause: Cause, data: [UInt8]) -> Notification {
        let type = "ppro." + facts.type
        // CloudEvents refuses an empty subject, and the outbox one that is missing: the event's own id still names what this is about.
        let subject = facts.subject.flatMap { $0.isEmpty ? nil : $0 } ?? cause.id
        let body = envelope(id: id, type: type, subject: subject, time: cause.time, hasData: !data.isEmpty) { $0.raw(data) }
        return Notification(id: id, type: type, subject: subject, version: nil, previousStatus: nil, status: nil, body: body)
    }

    private struct Change {
        /// `charge` or `agreement`: the first word of the type and the name of the state in `data`.
        var family: String
        var subject: String
        var version: Int
        var previousStatus: String?
        var status: String
    }

    private static func changed(id: String, _ change: Change, cause: Cause, state: (inout JSONWriter) -> Void) -> Notification {
        let isUpdate = change.previousStatus.map { $0.hasSameBytes(as: change.status) } ?? false
        let type = change.family + "." + (isUpdate ? "updated" : lowerCase(change.status))
        let body = envelope(id: id, type: type, subject: change.subject, time: cause.time) { writer in
            writer.object { data in
                data.member("version", change.version)
                data.member("previousStatus", change.previousStatus)
                data.key(change.family)
                data.object(state)
                data.key("cause")
                data.object { writer in
                    writer.member("source", cause.source)
                    writer.member("id", cause.id)
                    writer.member("type", cause.type)
                }
            }
        }
        return Notification(
            id: id, type: type, subject: change.subject, version: change.version, previousStatus: change.previousStatus, status: change.status,
            body: body)
    }

    /// The one place for the order of the members.
    private static func envelope(
        id: String, type: String, subject: String, time: Instant, hasData: Bool = true, data: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.object { envelope in
            envelope.member("specversion", "1.0")
            envelope.member("id", id)
            envelope.member("source", "terima")
            envelope.member("type", type)
            envelope.member("subject", subject)
            envelope.member("time", time.iso8601)
            if hasData {
                envelope.member("datacontenttype", "application/json")
                envelope.key("data")
                data(&envelope)
            }
        }
        return writer.bytes
    }

    /// ASCII only: a word we do not know must not change with the Unicode tables of a toolchain.
    private static func lowerCase(_ word: String) -> String {
        String(decoding: word.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
