import PaymentCore
import Testing

@testable import Provider

@Suite struct WalletTests {
    private func page(_ rig: inout Rig, _ id: String) throws -> APIAnswer {
        let token = try #require(rig.state.book.charges[id]?.token)
        return rig.get("wallet/\(token)")
    }

    @Test func thePageSaysWhatIsToBePaid() throws {
        var rig = Rig()
        let id = try rig.create(Orders.jeniusPay()).id
        let page = try page(&rig, id)
        #expect(page.status == 200)
        #expect(page.content == .html)
        for text in [
            #"<span class="currency">IDR</span> 10,000.00"#, "<title>Pay IDR 10,000.00", "Toko Contoh", "order-1", "Jenius Pay", "Confirm by",
            "3 Jun, 17:23 UTC", #"<form method="post">"#, #"value="approve""#, #"value="decline""#, #"value="abandon""#, id,
        ] { #expect(page.text.contains(text), "\(text)") }
        for text in ["Siti", "siti@example.id", "<script", "http-equiv"] { #expect(!page.text.contains(text), "\(text)") }
        #expect(page.header("Referrer-Policy") == "no-referrer")
        #expect(page.header("Content-Security-Policy")?.hasPrefix("default-src 'none'") == true)
    }

    @Test func whatTheShopSendsIsTextOnThePage() throws {
        var rig = Rig(rules: ProviderRules(merchantName: "<b>&\"'"))
        let body = Orders.jeniusPay(more: #","paymentDescriptor":"</dd><script>alert(1)</script>""#).replacing("order-1", with: "<i>1</i>")
        let text = try page(&rig, try rig.create(body).id).text
        #expect(!text.contains("<script") && !text.contains("<i>") && !text.contains("<b>"))
        #expect(text.contains("&lt;i&gt;1&lt;/i&gt;") && text.contains("&lt;b&gt;&amp;&quot;&#39;"))
    }

    @Test func twoClicksAreOne() throws {
        var rig = Rig()
        let id = try rig.create(Orders.jeniusPay()).id
        let answers = [
            try rig.click("decision=approve", on: id), try rig.click("decision=approve", on: id), try rig.click("decision=decline", on: id),
        ]
        #expect(answers.map(\.status) == [303, 303, 409])
        #expect(answers.map { $0.header("Location") } == [Orders.returnUrl, Orders.returnUrl, nil])
        #expect(answers[2].content == .html && answers[2].text.contains("Decline came too late: the payment was approved before."))
        rig.wait(milliseconds: 1_000)
        #expect(try rig.charge(id).status == .captured)
        #expect(rig.told(id).count == 4)
    }

    /// The second of two clicks leads where the first did; another choice is told what has become of the payment.
    @Test func aChoiceThatCannotBeDoneAnyMoreSaysWhy() throws {
        var rig = Rig()
        let declined = try rig.create(Orders.jeniusPay()).id
        #expect(try ["decline", "decline", "approve", "abandon"].map { try rig.click("decision=\($0)", on: declined).status } == [303, 303, 409, 303])
        #expect(try rig.click("decision=approve", on: declined).text.contains("Approve came too late: the payment was declined before."))
        // Approved, and then the bank said no: that is no other choice.
        let refused = try rig.create(Orders.mock("requiresAuthentication=true", amount: 300_002)).id
        #expect(try ["approve", "approve", "decline"].map { try rig.click("decision=\($0)", on: refused).status } == [303, 303, 409])
    }

    @Test(arguments: [("approve", "Payment approved"), ("decline", "Payment declined")]) func aDecidedChargeSaysSo(decision: String, title: String) throws {
        var rig = Rig()
        let id = try rig.create(Orders.jeniusPay()).id
        _ = try rig.click("decision=\(decision)", on: id)
        let page = try page(&rig, id)
        #expect(page.status == 200)
        #expect(page.text.contains(title))
        #expect(page.text.contains(#"href="https://shop.test/return?order=1""#))
        #expect(!page.text.contains("<form"))
    }

    @Test func timeOverIsSaidToo() throws {
        var rig = Rig()
        let id = try rig.create(Orders.jeniusPay()).id
        rig.wait(hours: 6)
        #expect(try page(&rig, id).text.contains("Payment expired"))
        let slow = try rig.create(Orders.mock("requiresAuthentication=true;providerConfirmation=true")).id
        _ = try rig.click("decision=approve", on: slow)
        #expect(try page(&rig, slow).text.contains("Payment being confirmed"))
    }

    @Test func aWrongCodeAsksAgain() throws {
        var rig = Rig()
        let body = Orders.mock("requiresAuthentication=true;authenticationType=MULTI_FACTOR")
        let id = try rig.create(body).id
        #expect(try page(&rig, id).text.contains(#"<label for="code">"#))
        for form in ["decision=approve&code=321", "decision=approve&code=", "decision=approve"] {
            let answer = try rig.click(form, on: id)
            #expect(answer.status == 422)
            #expect(answer.text.contains("That is not the code") && answer.text.contains(#"aria-invalid="true""#))
        }
        #expect(try rig.charge(id).status == .authenticationPending)
        #expect(try rig.click("decision=approve&code=123", on: id).status == 303)
        #expect(try rig.charge(id).status == .captureProcessing)
    }

    @Test func withoutAShopToGoBackToThePageIsShownAgain() throws {
        var rig = Rig()
        let body =
            #"{"paymentMethod":"MOCK","amount":{"value":1,"currency":"JPY"},"#
            + #""paymentDescriptor":"requiresAuthentication=true;authenticationType=SCAN_CODE"}"#
        let id = try rig.create(body).id
        #expect(try page(&rig, id).text.contains(#"<span class="currency">JPY</span> 1</p>"#))
        let next = try #require(try rig.click("decision=approve", on: id).header("Location"))
        #expect(next.hasPrefix("http://pay.test:9100/wallet/"))
        #expect(try page(&rig, id).text.contains("You can close this page"))
    }

    @Test func nonsenseIsRefused() throws {
        var rig = Rig()
        let id = try rig.create(Orders.jeniusPay()).id
        for form in ["", "decision=", "decision=steal", "x", "=&=&", "%"] {
            let answer = try rig.click(form, on: id)
            #expect(answer.status == 400 && answer.content == .html && answer.text.contains("That was not understood"))
        }
        var request = rig.request(.post, "wallet/unknown")
        request.body = Array("decision=approve".utf8)
        for answer in [rig.ask(request), rig.get("wallet/unknown")] {
            #expect(answer.status == 404 && answer.content == .html && answer.text.contains("There is no payment behind this link"))
            #expect(answer.header("Content-Security-Policy") != nil)
        }
        #expect(try rig.charge(id).status == .authenticationPending)
    }

    /// A charge without a consumer to ask has no page.
    @Test func notEveryChargeHasAPage() throws {
        var rig = Rig()
        let id = try rig.create(Orders.mock()).id
        #expect(try page(&rig, id).status == 404)
        #expect(rig.get("sandbox/wallet/\(id)").status == 404)
    }

    @Test func linksAreWhereTheClientAsked() throws {
        var named = Rig { $0.publicUrl = "https://pay.example" }
        #expect(try named.create(Orders.jeniusPay()).authenticationLink?.url.hasPrefix("https://pay.example/wallet/") == true)
        var rig = Rig()
        var request = rig.request(.post, "v1/payment-charges")
        request.body = Array(Orders.jeniusPay().utf8)
        request.idempotencyKey = rig.newKey()
        for host in ["evil\"/><script>", "", ":", "::1", "a:b", "[::1]:99999", "user@host"] {
            request.host = host
            request.idempotencyKey = rig.newKey()
            #expect(try RemoteCharge(try rig.ask(request).json).authenticationLink?.url.hasPrefix("http://127.0.0.1/wallet/") == true)
        }
    }
}
