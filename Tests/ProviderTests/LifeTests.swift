import PaymentCore
import Testing

@testable import Provider

/// Whatever is done to charges, what the API says and what the webhooks say fit together.
@Suite struct LifeTests {
    /// One of many things that merchants, consumers and time do.
    /// - Returns: The charge that it was done to.
    private func act(_ rig: inout Rig, _ dice: inout SeededGenerator, _ ids: inout [String]) throws -> String {
        if ids.isEmpty { ids.append(try rig.create(Orders.mock()).id) }
        let id = dice.element(of: ids, or: "charge_none")
        switch dice.below(10) {
        case 0:
            let descriptor = ["requiresAuthentication", "providerConfirmation", "requiresCapture"].map { "\($0)=\(dice.below(2) == 0)" }
            let amount = Int64(299_990 + dice.below(20))
            ids.append(try rig.create(Orders.mock(descriptor.joined(separator: ";"), amount: amount, more: #","merchantPaymentChargeReference":"r""#)).id)
        case 1: ids.append(try rig.create(Orders.jeniusPay(amount: Int64(1_000_000 + dice.below(1_000)))).id)
        case 2: _ = try rig.click(dice.element(of: ["decision=approve", "decision=decline", "decision=abandon"], or: ""), on: id)
        case 3...6:
            let list = dice.element(of: ["captures", "refunds", "voids"], or: "captures")
            _ = rig.post("v1/payment-charges/\(id)/\(list)", #"{"amount":\#(1 + dice.below(310_000))}"#)
        default: rig.wait(milliseconds: Int64(dice.element(of: [0, 1, 200, 5_000, 3_600_000], or: 0)))
        }
        return id
    }

    /// Every step that the status may take, as PPRO publishes them.
    private static let moves: [ChargeStatus: Set<ChargeStatus>] = [
        .authorizationProcessing: [.authenticationPending, .authorizationAsync, .capturePending, .captureProcessing, .failed],
        .authenticationPending: [.authorizationAsync, .capturePending, .captureProcessing, .discarded, .failed],
        .authorizationAsync: [.capturePending, .captureProcessing, .failed],
        .capturePending: [.captureProcessing, .captured, .voidProcessing, .voided, .failed],
        .captureProcessing: [.captured, .capturePending, .failed],
        .captured: [.refundProcessing, .refunded], .refundProcessing: [.refunded, .captured],
        // To CAPTURED by way of CAPTURE_PENDING, of which nobody is told.
        .voidProcessing: [.voided, .capturePending, .captured],
    ]

    @Test(arguments: 0..<40) func webhooksAndAnswersTellTheSame(seed: Int) throws {
        var rig = Rig(seed: UInt64(seed))
        var dice = SeededGenerator(seed: UInt64(seed), stream: 99)
        var ids: [String] = []
        var statuses: [String: ChargeStatus] = [:]
        for _ in 0..<150 {
            let id = try act(&rig, &dice, &ids)
            let charge = try rig.charge(id)
            if let before = statuses.updateValue(charge.status, forKey: id), before != charge.status {
                #expect(Self.canReach(before, charge.status), "\(before) to \(charge.status)")
            }
            let newest = try #require(rig.webhooks.last { $0.chargeId == id })
            #expect(newest.time <= charge.updatedAt)
        }
        rig.wait(hours: 100)
        for id in ids { try compare(rig.charge(id), rig.webhooks.filter { $0.chargeId == id }) }
    }

    /// In any number of steps.
    private static func canReach(_ from: ChargeStatus, _ to: ChargeStatus) -> Bool {
        var seen: Set<ChargeStatus> = [from]
        var open = [from]
        while let next = open.popLast() {
            for status in moves[next] ?? [] where seen.insert(status).inserted { open.append(status) }
        }
        return seen.contains(to)
    }

    /// A charge at rest, and the fold of all its webhooks.
    private func compare(_ charge: RemoteCharge, _ webhooks: [Webhook]) throws {
        let times = webhooks.map(\.time)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 }, "each change has its own millisecond")
        #expect(times.first == charge.createdAt)
        #expect(times.last == charge.updatedAt)
        var events: [ChargeEvent] = []
        for (index, webhook) in webhooks.enumerated() {
            let event = EventDecoder.decode(body: webhook.body, receivedAt: webhook.time)
            guard case .readable(let facts) = event.content else {
                Issue.record("\(event.content)")
                continue
            }
            #expect(event.identity == EventIdentity(source: "https://www.ppro.com", id: webhook.id))
            #expect(facts.kind == .charge && facts.time == webhook.time && facts.type == webhook.type && facts.subject == charge.id)
            events.append(ChargeEvent(seq: Int64(index), id: webhook.id, facts: facts))
        }
        let folded = try #require(Charge.fold(id: charge.id, events: events))
        #expect(folded.anomalous.isEmpty)
        let state = folded.state
        #expect(state.status == charge.status)
        func total(_ kind: OperationFact.Kind) -> Int64 {
            charge.operations.filter { $0.kind == kind && $0.state == .succeeded }.reduce(0) { $0 + $1.amount }
        }
        #expect(state.authorized == total(.authorization) && state.captured == total(.capture))
        #expect(state.refunded == total(.refund) && state.voided == total(.void))
        #expect(state.currency == charge.currency && state.paymentMethod == charge.paymentMethod)
        #expect(state.merchantPaymentChargeReference == charge.merchantPaymentChargeReference)
        #expect(state.orderReferenceNumber == charge.orderReferenceNumber)
    }

    @Test func theSameSeedTellsTheSameStory() throws {
        func story() throws -> [Webhook] {
            var rig = Rig(seed: 7)
            var dice = SeededGenerator(seed: 7, stream: 99)
            var ids: [String] = []
            for _ in 0..<100 { _ = try act(&rig, &dice, &ids) }
            return rig.webhooks
        }
        #expect(try story() == story())
    }

    /// Whatever was going on when the process ended: after a restart from what was kept, everything stands as it did and goes on as it would have.
    @Test(arguments: 0..<20) func aRestartChangesNothing(seed: Int) throws {
        var rig = Rig(seed: UInt64(seed))
        var dice = SeededGenerator(seed: UInt64(seed), stream: 99)
        var ids: [String] = []
        var kept: [String: KeptRow] = [:]
        for _ in 0..<60 {
            _ = try act(&rig, &dice, &ids)
            for row in rig.state.takeKept() { kept["\(row.kind) \(row.id)"] = row.json == nil ? nil : row }
        }
        var again = Rig(seed: UInt64(seed) + 1_000)
        again.now = rig.now
        try again.state.resume(Array(kept.values))
        #expect(again.state.book.order == rig.state.book.order)
        for id in ids { #expect(again.get("v1/payment-charges/\(id)").body == rig.get("v1/payment-charges/\(id)").body) }
        rig.wait(hours: 100)
        again.wait(hours: 100)
        for id in ids {
            #expect(try again.charge(id).status == rig.charge(id).status)
            // Ids of what happens afterwards are others.
            let funds = try [again.state, rig.state].map { try $0.book.charge(id: id).operations.map(\.fundsState) }
            #expect(funds[0] == funds[1])
        }
        let new = try again.create(Orders.mock()).id
        #expect(again.state.book.charges[new]?.number == ids.count + 1)
    }

    /// A terima that kept its database would take the ids of the run before for repeats.
    @Test func aRestartDrawsOtherIds() throws {
        func ids() throws -> Set<String> {
            let settings = ProviderSettings(
                rules: ProviderRules(webhooksUrl: "http://shop.test/"), key: ProviderKey(Rig.key), signingSecret: SigningSecret("ppro"), seed: 7)
            var rig = Rig { $0 = settings }
            let charge = try rig.create(Orders.mock())
            return Set(rig.webhooks.map(\.id) + [charge.id] + charge.operations.map(\.id))
        }
        #expect(try ids().isDisjoint(with: ids()))
    }

    /// The dice of two runs fall the same way, although one of them looks often and its charges take their time.
    @Test func theSameRequestsMeetTheSameTrouble() throws {
        func statuses(looking: Bool) -> [Int] {
            var rig = Rig(seed: 3) { $0.failRate = 0.5 }
            return (0..<40).map { _ in
                if looking { _ = rig.get("v1/payment-charges/charge_1") }
                return rig.post("v1/payment-charges", Orders.mock()).status
            }
        }
        #expect(statuses(looking: true) == statuses(looking: false))
    }

    @Test func theEnvelopeIsPPROs() throws {
        var rig = Rig()
        let id = try rig.create(Orders.jeniusPay()).id
        let root = try JSONDocument.parse(rig.webhooks[0].body).root
        #expect(root.members.map(\.key) == ["specversion", "source", "id", "type", "subject", "time", "datacontenttype", "data"])
        #expect(root["specversion"]?.string == "1.0.2")
        #expect(root["type"]?.string == "PAYMENT_CHARGE_CREATED")
        #expect(root["subject"]?.string == id)
        #expect(root["id"]?.string?.utf8.count == 21)
        let data = try #require(root["data"])
        #expect(data["paymentChargeStatus"]?.string == "AUTHORIZATION_PROCESSING")
        #expect(data["amount"]?["value"]?.integerValue == 1_000_000)
        #expect(data["merchantId"]?.string == ProviderRules.defaultMerchantId)
        #expect(data["consumer"]?["name"]?.string == "Siti Rahayu")
        #expect(data["order"]?["orderItems"]?.elements.count == 1)
        #expect(data["instrument"]?["type"]?.string == "PASSTHROUGH_WALLET")
        let pending = try JSONDocument.parse(rig.webhooks[1].body).root
        #expect(pending["data"]?["authenticationMethods"]?.elements.first?["details"]?["requestMethod"]?.string == "GET")
    }

    @Test func webhooksGoWhereTheChargeSays() throws {
        var rig = Rig()
        _ = try rig.create(Orders.jeniusPay(more: #","webhooksUrl":"https://shop.test/own""#))
        _ = try rig.create(Orders.jeniusPay())
        #expect(rig.webhooks.map(\.url) == Array(repeating: "https://shop.test/own", count: 2) + Array(repeating: "http://shop.test/default", count: 2))
    }
}
