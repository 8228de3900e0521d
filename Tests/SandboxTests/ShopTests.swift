import PaymentCore
import SystemPackage
import Testing
import TestSupport

@testable import Sandbox

@Suite struct ShopTests {
    private func shop(_ trouble: Trouble = Trouble(), isJSON: Bool = true, book: ShopBook = ShopBook(), memory: ShopMemory? = nil, into lines: Collected)
        -> Shop
    {
        Shop(
            secrets: [Sent.secret], trouble: trouble, book: book, memory: memory, report: ShopReport(isJSON: isJSON, print: lines.append), now: { Sent.now })
    }

    private func decisions(_ lines: Collected) throws -> [String] {
        try lines.lines.map { try JSONDocument.parse(Array($0.utf8)).root["decision"]?.string ?? "" }
    }

    @Test func aNotificationIsAcceptedOnceAndOlderVersionsAreIgnored() async throws {
        let lines = Collected()
        let shop = shop(into: lines)
        let second = Sent.request(Sent.charge("CAPTURED", version: 2, previous: "AUTHENTICATION_PENDING", id: "ntf_2"))
        let first = Sent.request(Sent.charge("AUTHENTICATION_PENDING", version: 1, previous: nil, id: "ntf_1"))
        for request in [second, second, first, first] { #expect(try await shop.receive(request).status == 200) }
        #expect(try decisions(lines) == ["accepted", "duplicate", "older", "duplicate"])
    }

    @Test func whatIsNotSignedWithTheSecretIsRefused() async throws {
        let lines = Collected()
        let shop = shop(into: lines)
        let notification = Sent.charge("CAPTURED", version: 1, previous: nil)
        let good = Sent.request(notification)
        var tampered = good
        tampered.body[tampered.body.count - 3] ^= 1
        var unsigned = good
        unsigned.signatures = []
        var doubled = good
        doubled.ids += doubled.ids
        let requests = [
            (Sent.request(notification, signedWith: .generate()), "signature_invalid"),
            (tampered, "signature_invalid"),
            (unsigned, "signature_missing"),
            (doubled, "signature_malformed"),
            (Sent.request(notification, at: Sent.now.advanced(byMilliseconds: -3_600_000)), "signature_stale"),
        ]
        for (request, code) in requests {
            let event = try await shop.receive(request)
            #expect(event.status == 401)
            #expect(event.decision.error == code)
        }
        #expect(try await shop.receive(good).status == 200)
        #expect(try decisions(lines) == ["refused", "refused", "refused", "refused", "refused", "accepted"])
    }

    @Test func signedNonsenseIsUnreadable() async throws {
        let body = Array("[]".utf8)
        let nonsense = Notification(id: "ntf_1", type: "", subject: "", version: nil, previousStatus: nil, status: nil, body: body)
        #expect(try await shop(into: Collected()).receive(Sent.request(nonsense)).status == 400)
    }

    @Test func theFirstAttemptsOfEachNotificationFail() async throws {
        let lines = Collected()
        let shop = shop(Trouble(failFirst: 2), into: lines)
        let one = Sent.request(Sent.charge("AUTHENTICATION_PENDING", version: 1, previous: nil, id: "ntf_1"))
        let two = Sent.request(Sent.charge("CAPTURED", version: 2, previous: nil, id: "ntf_2"))
        var statuses: [Int] = []
        for request in [one, two, one, one, two, two] { statuses.append(try await shop.receive(request).status) }
        #expect(statuses == [500, 500, 500, 200, 500, 200])
        #expect(lines.lines.last?.contains(#""attempt":3"#) == true)
    }

    @Test func oneOrderFailsAndTheOthersDoNot() async throws {
        let shop = shop(Trouble(failOrder: "LOST-1", status: 404), into: Collected())
        let lost = Sent.request(Sent.charge("CAPTURED", version: 1, previous: nil, id: "ntf_1") { $0.orderReferenceNumber = "LOST-1" })
        for _ in 0..<3 { #expect(try await shop.receive(lost).status == 404) }
        #expect(try await shop.receive(Sent.request(Sent.charge("CAPTURED", version: 1, previous: nil, id: "ntf_2"))).status == 200)
    }

    @Test func storiesAreToldOrderByOrder() async throws {
        let lines = Collected()
        let shop = shop(isJSON: false, into: lines)
        let other = Sent.charge("FAILED", version: 1, previous: nil, id: "ntf_3") {
            ($0.id, $0.orderReferenceNumber) = ("charge_2", "DEMO-2")
        }
        let notifications = [
            Sent.charge("AUTHENTICATION_PENDING", version: 1, previous: nil, id: "ntf_1"),
            Sent.charge("CAPTURED", version: 2, previous: "AUTHENTICATION_PENDING", id: "ntf_2"), other,
        ]
        for notification in notifications { _ = try await shop.receive(Sent.request(notification)) }
        #expect(
            lines.lines == [
                "Order DEMO-1 (Jenius Pay, charge_1)",
                "  2026-06-03 11:23:47  Waiting for the customer to confirm in Jenius Pay.   (version 1)",
                "  2026-06-03 11:23:47  PAID: IDR 10,000.00. Ship it.   (version 2)",
                "Order DEMO-2 (Jenius Pay, charge_2)",
                "  2026-06-03 11:23:47  DECLINED: no money moved. The goods are free again.   (version 1)",
            ])
    }

    @Test func aRestartedShopRemembers() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let path = directory.file("shop.jsonl")
        let notification = Sent.request(Sent.charge("CAPTURED", version: 2, previous: nil, id: "ntf_2"))
        do {
            var book = ShopBook()
            let memory = try ShopMemory(path: path, into: &book)
            _ = try await shop(book: book, memory: memory, into: Collected()).receive(notification)
        }
        // A kill in the middle of a line must cost that line only.
        try directory.append(#"{"id":"ntf_torn","at":"2026"#, to: "shop.jsonl")
        let lines = Collected()
        do {
            var book = ShopBook()
            let memory = try ShopMemory(path: path, into: &book)
            let shop = shop(book: book, memory: memory, into: lines)
            _ = try await shop.receive(notification)
            _ = try await shop.receive(Sent.request(Sent.charge("AUTHENTICATION_PENDING", version: 1, previous: nil, id: "ntf_1")))
            _ = try await shop.receive(Sent.request(Sent.charge("REFUNDED", version: 3, previous: "CAPTURED", id: "ntf_3")))
        }
        #expect(try decisions(lines) == ["duplicate", "older", "accepted"])
        var book = ShopBook()
        _ = try ShopMemory(path: path, into: &book)
        let third = Sent.charge("REFUNDED", version: 3, previous: "CAPTURED", id: "ntf_3")
        #expect(book.find(try #require(ShopNotification(id: third.id, body: third.body))) == .duplicate)
    }
}
