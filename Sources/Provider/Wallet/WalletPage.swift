internal import PaymentCore

/// The page of the mock wallet: what is to be paid, and three buttons. One document without anything to load, and without a word about the consumer.
struct WalletPage: Sendable {
    enum State: Sendable, Equatable {
        /// The consumer can decide.
        case open
        /// Approved; the provider takes its time.
        case confirming
        case approved
        case declined
        case expired

        init(_ status: ChargeStatus) {
            switch status {
            case .authorizationProcessing, .authenticationPending: self = .open
            case .authorizationAsync: self = .confirming
            case .failed: self = .declined
            case .discarded, .discardProcessing: self = .expired
            default: self = .approved
            }
        }
    }

    var merchant: String
    /// As people read it: `IDR 10,000.00`.
    var amount: String
    var method: String
    /// What the consumer and the shop call the payment.
    var reference: String
    var descriptor: String?
    var chargeId: String
    var type: ChargeCourse.Authentication
    var state: State
    var failureCode: String?
    var returnUrl: String?
    /// When the consumer's time is over.
    var until: Instant?
    var now: Instant
    var hasWrongCode = false
    /// What the consumer chose when it could not be done any more.
    var tooLate: WalletDecision?

    var html: String {
        WalletFrame.html(
            title: title,
            main: """
                \(state == .open ? open : decided)
                \(details)
                \(state == .open ? form : back)
                """, foot: "<code>\(escaped(chargeId))</code>")
    }

    private var title: String {
        switch state {
        case .open: "Pay \(amount)"
        case .confirming: "Payment being confirmed"
        case .approved: "Payment approved"
        case .declined: "Payment declined"
        case .expired: "Payment expired"
        }
    }

    private var open: String {
        """
        <h1>Pay <strong>\(escaped(merchant))</strong></h1>
        \(amountLine)
        """
    }

    private var amountLine: String {
        let parts = amount.split(separator: " ", maxSplits: 1)
        return #"<p class="amount" id="amount"><span class="currency">\#(escaped(String(parts.first ?? "")))</span> \#(escaped(String(parts.last ?? "")))</p>"#
    }

    private var decided: String {
        let (mark, word) =
            switch state {
            case .open, .confirming: (#"<path d="M12 7v5.5l3.5 2"/>"#, "wait")
            case .approved: (#"<path d="M7.5 12.5l3 3 6-6.5"/>"#, "good")
            case .declined: (#"<path d="M8.5 8.5l7 7m0-7l-7 7"/>"#, "bad")
            case .expired: (#"<path d="M12 7v5.5M12 16.2v.1"/>"#, "wait")
            }
        return """
            <div class="result \(word)" role="status">
            <svg viewBox="0 0 24 24" width="56" height="56" aria-hidden="true"><circle cx="12" cy="12" r="10.5"/>\(mark)</svg>
            <h1>\(title)</h1>
            <p>\(escaped(explanation))</p>
            \(tooLateNotice)</div>
            \(amountLine)
            """
    }

    private var explanation: String {
        switch state {
        case .open: ""
        case .confirming: "You have approved. The bank is confirming it."
        case .approved: "You can go back to the shop."
        case .declined: failureCode.map { "No money was taken. PPRO's word for it is \($0)." } ?? "No money was taken."
        case .expired: "Nobody confirmed it in time. No money was taken."
        }
    }

    private var tooLateNotice: String {
        guard let tooLate else { return "" }
        let button = tooLate == .decline ? "Decline" : "Approve"
        let word = state == .declined ? "was declined" : state == .expired ? "had expired" : "was approved"
        return #"<p class="error" role="alert">\#(button) came too late: the payment \#(word) before. Nothing has changed.</p>"# + "\n"
    }

    private var details: String {
        var rows = [("Reference number", reference), ("Merchant", merchant)]
        if let descriptor { rows.append(("Description", descriptor)) }
        rows.append(("Payment method", Self.name(method)))
        if state == .open, let until { rows.append(("Confirm by", time(until))) }
        return "<dl>\n"
            + rows.map { "<div><dt>\($0.0)</dt><dd>\(escaped($0.1))</dd></div>\n" }.joined() + "</dl>"
    }

    private var form: String {
        """
        <form method="post">
        \(type == .multiFactor ? codeField : hint)
        <button class="approve" name="decision" value="approve">Approve</button>
        <button class="decline" name="decision" value="decline" formnovalidate>Decline</button>
        <button class="abandon" name="decision" value="abandon" formnovalidate>Abandon: leave without deciding</button>
        </form>
        """
    }

    private var hint: String { type == .scanCode ? #"<p class="hint">You have scanned the shop's code with your phone.</p>"# : "" }

    private var codeField: String {
        let wrong = #"<p class="error" id="wrong" role="alert">That is not the code. Try again.</p>"#
        return """
            <label for="code">Code</label>
            <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required \
            aria-describedby="\(hasWrongCode ? "wrong about" : "about")"\(hasWrongCode ? #" aria-invalid="true""# : "")>
            \(hasWrongCode ? wrong : "")<p class="hint" id="about">In the sandbox the right code is 123.</p>
            """
    }

    private var back: String {
        guard let returnUrl else { return #"<p class="hint">You can close this page.</p>"# }
        return #"<p class="back"><a class="approve" href="\#(escaped(returnUrl))">Back to the shop</a></p>"#
    }

    /// `JENIUS_PAY` as people write it.
    private static func name(_ word: String) -> String {
        word.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst().lowercased() }.joined(separator: " ")
    }

    /// `3 Jun, 17:23 UTC`, and within the hour `17:23:47 UTC`.
    private func time(_ instant: Instant) -> String {
        let text = instant.iso8601
        if instant.milliseconds(since: now).magnitude < 3_600_000 { return "\(text.dropFirst(11).prefix(8)) UTC" }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard let month = Int(text.dropFirst(5).prefix(2)), let day = Int(text.dropFirst(8).prefix(2)), months.indices.contains(month - 1) else { return text }
        return "\(day) \(months[month - 1]), \(text.dropFirst(11).prefix(5)) UTC"
    }

    private func escaped(_ text: String) -> String { WalletFrame.escaped(text) }
}
