import PaymentCore
import Testing

@testable import Provider

@Suite struct WebhookQueueTests {
    private static let start = Instant(milliseconds: 1_000_000)

    private func makeQueue(timeScale: Double = 1, seed: UInt64 = 1, _ change: (inout WebhookTrouble) -> Void = { _ in }) -> WebhookQueue {
        var trouble = WebhookTrouble()
        change(&trouble)
        return WebhookQueue(rules: ProviderRules(timeScale: timeScale), trouble: trouble, seed: seed)
    }

    private func webhook(_ number: Int, charge: String = "charge_1") -> Webhook {
        Webhook(
            id: "\(charge)/\(number)", chargeId: charge, type: "T", url: "http://shop.test/", time: Self.start, body: Array("body of \(charge)/\(number)".utf8),
            chargeNumber: Int(charge.drop { !$0.isNumber }) ?? 0, number: number)
    }

    /// Answers everything with 2xx until nothing more comes; returns the ids in the order of sending.
    private func drain(_ queue: inout WebhookQueue, from start: Instant = start) -> [String] {
        var sent: [String] = []
        var now = start
        while true {
            let attempts = queue.due(at: now)
            for attempt in attempts {
                sent.append(attempt.webhook.id)
                queue.finish(attempt, .acknowledged(.accepted), at: now)
            }
            guard attempts.isEmpty else { continue }
            guard let next = queue.nextDue else { return sent }
            now = next
        }
    }

    @Test func aChargesWebhooksGoOneAfterTheOther() {
        var queue = makeQueue()
        queue.add([webhook(1), webhook(2), webhook(1, charge: "charge_2")], at: Self.start)
        let first = queue.due(at: Self.start)
        #expect(first.map(\.webhook.id) == ["charge_1/1", "charge_2/1"])
        #expect(queue.due(at: Self.start).isEmpty)
        queue.finish(first[0], .refused(status: 500, error: nil), at: Self.start)
        // A failed attempt holds nobody up.
        #expect(queue.due(at: Self.start).map(\.webhook.id) == ["charge_1/2"])
    }

    @Test func itIsRepeatedOnPPROsLadder() {
        var queue = makeQueue()
        queue.add([webhook(1)], at: Self.start)
        var now = Self.start
        var waits: [Int64] = []
        var attempts = 0
        while let attempt = queue.due(at: now).first {
            attempts += 1
            queue.finish(attempt, .unanswered("connection refused"), at: now)
            guard let next = queue.nextDue else { break }
            #expect(queue.due(at: next.advanced(byMilliseconds: -1)).isEmpty)
            waits.append(next.milliseconds(since: now) / 1000)
            now = next
        }
        #expect(attempts == 15)
        #expect(waits == (0..<14).map { 15 << $0 })
        #expect(waits.reduce(0, +) / 3600 == 68)
        let record = queue.log.newest(charge: nil).first
        #expect(record?.state == .dead)
        #expect(record?.attempts.count == 15)
        #expect(record?.attempts.last?.result == "connection refused")
    }

    @Test func theLadderCanBeScaled() {
        var queue = makeQueue(timeScale: 0.001)
        queue.add([webhook(1)], at: Self.start)
        if let attempt = queue.due(at: Self.start).first { queue.finish(attempt, .refused(status: 503, error: "busy"), at: Self.start) }
        #expect(queue.nextDue == Self.start.advanced(byMilliseconds: 15))
        #expect(queue.log.newest(charge: nil).first?.attempts.first?.result == "503 busy")
    }

    /// Each rung is scaled, not the first one alone: 15 s would be less than a millisecond.
    @Test func theLadderIsScaledRungByRung() {
        var queue = makeQueue(timeScale: 0.000_01)
        queue.add([webhook(1)], at: Self.start)
        var now = Self.start
        var waits: [Int64] = []
        while let attempt = queue.due(at: now).first {
            queue.finish(attempt, .refused(status: 500, error: nil), at: now)
            guard let next = queue.nextDue else { break }
            waits.append(next.milliseconds(since: now))
            now = next
        }
        #expect(waits == [1, 1, 1, 1, 2, 5, 10, 19, 38, 77, 154, 307, 614, 1_229])
    }

    @Test func droppedIsNeverSent() {
        var queue = makeQueue { $0.drop = 1 }
        queue.add([webhook(1), webhook(2)], at: Self.start)
        #expect(drain(&queue).isEmpty)
        #expect(queue.log.newest(charge: nil).map(\.state) == [.dropped, .dropped])
    }

    @Test func duplicatesAreSentTwice() {
        var queue = makeQueue { $0.duplicate = 1 }
        queue.add([webhook(1), webhook(2)], at: Self.start)
        #expect(drain(&queue) == ["charge_1/1", "charge_1/1", "charge_1/2", "charge_1/2"])
        #expect(queue.log.newest(charge: "charge_1").map(\.trouble) == [["duplicate"], [], ["duplicate"], []])
    }

    @Test func reorderedGoesAfterTheNext() {
        var queue = makeQueue { $0.reorder = 1 }
        queue.add([webhook(1), webhook(2), webhook(3), webhook(4)], at: Self.start)
        #expect(drain(&queue) == ["charge_1/2", "charge_1/1", "charge_1/4", "charge_1/3"])
    }

    @Test func reorderedGoesAnywayWhenThereIsNoNext() {
        var queue = makeQueue { $0.reorder = 1 }
        queue.add([webhook(1)], at: Self.start)
        #expect(queue.due(at: Self.start.advanced(byMilliseconds: 4_999)).isEmpty)
        #expect(queue.due(at: Self.start.advanced(byMilliseconds: 5_000)).map(\.webhook.id) == ["charge_1/1"])
    }

    @Test func delayedHoldsNobodyUp() {
        // Of two webhooks, seeds are found that delay the first alone.
        let order = (0..<50).map { seed -> [String] in
            var queue = makeQueue(seed: UInt64(seed)) { $0.delay = 0.5 }
            queue.add([webhook(1), webhook(2)], at: Self.start)
            return drain(&queue)
        }
        #expect(order.contains(["charge_1/2", "charge_1/1"]))
        #expect(order.allSatisfy { $0.count == 2 })
        var queue = makeQueue { $0.delay = 1 }
        queue.add([webhook(1)], at: Self.start)
        #expect(queue.due(at: Self.start).isEmpty)
        #expect(queue.due(at: Self.start.advanced(byMilliseconds: 30_000)).count == 1)
    }

    @Test func damagedIsSignedWholeAndSentBroken() {
        var queue = makeQueue { $0.corrupt = 1 }
        for number in 0..<50 { queue.add([webhook(number, charge: "charge_\(number)")], at: Self.start) }
        let attempts = queue.due(at: Self.start)
        #expect(attempts.count == 50)
        for attempt in attempts { #expect(attempt.damaged != nil && attempt.damaged != attempt.webhook.body) }
        #expect(attempts.contains { $0.damaged?.count == $0.webhook.body.count } && attempts.contains { ($0.damaged?.count ?? 0) < $0.webhook.body.count })
    }

    /// Everything at once: nothing is lost but what was dropped, nothing is sent that was not there.
    @Test(arguments: 0..<20) func allTroubleTogether(seed: Int) {
        var queue = makeQueue(seed: UInt64(seed)) {
            ($0.drop, $0.duplicate, $0.reorder, $0.delay) = (0.2, 0.3, 0.3, 0.3)
        }
        var ids: Set<String> = []
        for number in 1...30 {
            for charge in 1...5 {
                queue.add([webhook(number, charge: "charge_\(charge)")], at: Self.start)
                ids.insert("charge_\(charge)/\(number)")
            }
        }
        let sent = drain(&queue)
        let dropped = Set(queue.log.newest(charge: nil).filter { $0.state == .dropped }.map(\.id))
        #expect(Set(sent).union(dropped) == ids)
        #expect(Set(sent).isDisjoint(with: dropped))
        #expect(!dropped.isEmpty && sent.count > Set(sent).count)
        #expect(queue.log.newest(charge: nil).allSatisfy { $0.state != .waiting })
    }

    /// What became of each webhook of a queue: its trouble, and which attempts were damaged.
    private func fates(_ queue: WebhookQueue) -> [String: [String]] {
        var fates: [String: [String]] = [:]
        for record in queue.log.newest(charge: nil) {
            fates[record.id, default: []].append(([record.state.rawValue] + record.trouble + record.attempts.map { "\($0.isDamaged)" }).joined(separator: " "))
        }
        return fates.mapValues { $0.sorted() }
    }

    /// Fast answers or slow ones, one charge after the other or all mixed: the seed gives each event the same trouble.
    @Test(arguments: 0..<10) func troubleDoesNotGoByTime(seed: Int) {
        func trouble(_ trouble: inout WebhookTrouble) {
            (trouble.drop, trouble.duplicate, trouble.reorder, trouble.delay, trouble.corrupt) = (0.2, 0.3, 0.3, 0.3, 0.3)
        }
        var mixed = makeQueue(seed: UInt64(seed), trouble)
        for number in 1...10 {
            for charge in 1...5 { mixed.add([webhook(number, charge: "charge_\(charge)")], at: Self.start) }
        }
        _ = drain(&mixed)
        var slow = makeQueue(seed: UInt64(seed), trouble)
        var now = Self.start
        for charge in (1...5).reversed() {
            for number in 1...10 {
                now = now.advanced(byMilliseconds: 60_000)
                slow.add([webhook(number, charge: "charge_\(charge)")], at: now)
                for attempt in slow.due(at: now) { slow.finish(attempt, .acknowledged(.accepted), at: now) }
            }
        }
        _ = drain(&slow, from: now)
        #expect(fates(mixed) == fates(slow))
        #expect(fates(mixed).values.contains { $0 != ["delivered false"] })
    }

    @Test func whatIsStillToBeSentSurvivesARestart() throws {
        var queue = makeQueue()
        let webhooks = (1...4).map { number in
            var webhook = webhook(number)
            webhook.body = Array(#"{"n": \#(number), "ü":[1.50]}"#.utf8)
            return webhook
        }
        queue.add(webhooks, at: Self.start)
        // The first was refused, the second is delivered, the third is under way, the fourth waits.
        for reply in [WebhookReply.refused(status: 503, error: nil), .acknowledged(.accepted)] {
            queue.finish(try #require(queue.due(at: Self.start).first), reply, at: Self.start)
        }
        #expect(queue.due(at: Self.start).map(\.webhook.number) == [3])
        let rows = queue.takeKept().filter { $0.json != nil }
        #expect(queue.takeKept().isEmpty)
        var again = makeQueue()
        try again.resume(rows)
        #expect(again.nextDue == Self.start.advanced(byMilliseconds: 15_000))
        #expect(drain(&again) == ["charge_1/3", "charge_1/4", "charge_1/1"])
        var bodies = makeQueue()
        try bodies.resume(rows)
        #expect(bodies.due(at: Self.start).first?.webhook == webhooks[2])
        #expect(throws: StateFileError.self) { try bodies.resume([KeptRow(kind: .webhook, id: "9", json: Array("{}".utf8))]) }
    }

    @Test func thereIsAnEndToWhatIsUnderWay() {
        var queue = makeQueue()
        for number in 0..<100 { queue.add([webhook(1, charge: "charge_\(number)")], at: Self.start) }
        let first = queue.due(at: Self.start)
        #expect(first.count == WebhookQueue.maximumUnderWay)
        queue.finish(first[0], .acknowledged(.accepted), at: Self.start)
        #expect(queue.due(at: Self.start).count == 1)
    }

    @Test func theLogIsBounded() {
        var queue = makeQueue { $0.drop = 1 }
        for number in 0..<5_000 { queue.add([webhook(number)], at: Self.start) }
        let records = queue.log.newest(charge: nil)
        #expect(records.count == WebhookLog.maximumRecords)
        #expect(records.first?.id == "charge_1/4999")
    }

    @Test func theHeapIsInOrder() {
        var heap = DueHeap<Int>()
        var dice = SeededGenerator(seed: 3, stream: 1)
        for number in 0..<500 { heap.push(number, at: Instant(milliseconds: Int64(dice.below(50)))) }
        var popped: [(due: Instant, item: Int)] = []
        while let next = heap.pop(by: Instant(milliseconds: 100)) { popped.append(next) }
        #expect(popped.count == 500)
        #expect(zip(popped, popped.dropFirst()).allSatisfy { ($0.due, $0.item) < ($1.due, $1.item) })
        heap.push(1, at: Instant(milliseconds: 5))
        #expect(heap.pop(by: Instant(milliseconds: 4)) == nil)
    }
}
