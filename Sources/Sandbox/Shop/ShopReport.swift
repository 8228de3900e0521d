import PaymentCore

/// Prints what the shop saw: stories for people, or one JSON object a line for scripts.
struct ShopReport {
    private let isJSON: Bool
    private let print: (String) -> Void
    /// The title over the last sentence, so that it is not repeated under itself.
    private var lastTitle: String?

    init(isJSON: Bool, print: @escaping (String) -> Void) {
        self.isJSON = isJSON
        self.print = print
    }

    mutating func tell(_ event: ShopEvent, at now: Instant) {
        guard !isJSON else { return print(json(event, at: now)) }
        guard let notification = event.notification else {
            lastTitle = nil
            return print("Refused (\(event.status)): \(event.decision.code).")
        }
        let title = OrderStory.title(notification)
        if title != lastTitle { print(title) }
        lastTitle = title
        let version = notification.version.map { "   (version \($0))" } ?? ""
        let sentence =
            switch event.decision {
            case .accepted(let previous): OrderStory.sentence(notification, previous: previous) + version
            case .duplicate: "Told again; known already, nothing done." + version
            case .older(let known): "Told late: version \(notification.version ?? 0) after version \(known); nothing done."
            case .failed: "Trouble on demand: attempt \(event.attempt) answered with \(event.status)." + version
            case .refused(let code): "Refused (\(event.status)): \(code)."
            }
        print("  \(OrderStory.time(notification))  \(sentence)")
    }

    private func json(_ event: ShopEvent, at now: Instant) -> String {
        let charge = event.notification?.charge
        var writer = JSONWriter()
        writer.object { json in
            json.member("at", now.iso8601)
            json.member("decision", event.decision.word)
            json.member("answer", event.status)
            json.member("error", event.decision.error)
            json.member("attempt", event.attempt)
            json.member("id", event.notification?.id)
            json.member("type", event.notification?.type)
            json.member("subject", event.notification?.subject)
            json.member("version", event.notification?.version)
            json.member("status", event.notification?.status)
            json.member("order", charge?.orderReference)
            json.member("result", charge?.result)
            json.member("currency", charge?.currency)
            json.member("captured", charge?.captured)
            json.member("time", event.notification?.time?.iso8601)
        }
        return writer.text
    }
}
