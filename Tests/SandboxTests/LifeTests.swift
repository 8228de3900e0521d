import PaymentCore
import Testing

@testable import Sandbox

@Suite struct LifeTests {
    static let settings = LifeSettings(
        seed: 42, outcomes: LifeOutcome.allCases, currency: "IDR", amount: nil, orderPrefix: "T", end: Instant(milliseconds: 1_780_485_827_123))

    /// Every body read by the decoder that the receiver uses, then folded.
    private func charge(of life: Life) throws -> Folded<Charge> {
        let events = try life.events.enumerated().map { index, event in
            let decoded = EventDecoder.decode(body: event.body, receivedAt: event.time)
            #expect(decoded.identity == event.identity)
            guard case .readable(let facts) = decoded.content else { throw Unreadable() }
            #expect(facts.kind == .charge)
            #expect(facts.type == event.step.rawValue)
            #expect(facts.time == event.time)
            #expect(facts.amount == life.amount)
            return ChargeEvent(seq: Int64(index), id: event.identity.id, facts: facts)
        }
        return try #require(Charge.fold(id: life.chargeId, events: events))
    }

    struct Unreadable: Error {}

    @Test(arguments: [(LifeOutcome.paid, "CAPTURED", "paid"), (.declined, "FAILED", "failed"), (.timeout, "DISCARDED", "canceled")])
    func aLifeEndsAsItsOutcomeSays(outcome: LifeOutcome, status: String, result: String) throws {
        var settings = LifeTests.settings
        settings.outcomes = [outcome]
        for index in 0..<50 {
            let life = Life(index, of: settings)
            let folded = try charge(of: life)
            #expect(folded.state.status.word == status)
            #expect(folded.state.status.result.rawValue == result)
            #expect(folded.state.anomalies == 0)
            #expect(folded.state.captured == (outcome == .paid ? life.amount.value : 0))
            #expect(folded.state.orderReferenceNumber == "T-\(index + 1)")
            #expect(folded.state.failureCode == (outcome == .declined ? life.failureCode : nil))
            #expect(folded.state.paymentMethod == "JENIUS_PAY")
        }
    }

    @Test func theSameSeedGivesTheSameBytes() {
        for index in 0..<20 {
            #expect(Life(index, of: LifeTests.settings).events.map(\.body) == Life(index, of: LifeTests.settings).events.map(\.body))
        }
        var other = LifeTests.settings
        other.seed = 43
        #expect(Life(0, of: LifeTests.settings).chargeId != Life(0, of: other).chargeId)
    }

    /// Pinned, because outside checks name these ids.
    @Test func theIdsOfASeedStayWhatTheyAre() {
        let life = Life(0, of: LifeTests.settings)
        #expect(life.chargeId == "charge_LxU4f4Cj6idAEGtlXRe8f")
        #expect(life.events.first?.identity.id == "W70nf6CrxZk9EtTS585EI")
    }

    @Test func noIdIsGivenTwice() {
        let ids = (0..<2000).flatMap { Life($0, of: LifeTests.settings).events.map(\.identity.id) }
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.utf8.count == 21 })
    }

    @Test func amountsStayWithinWhatJeniusPayTakes() {
        for index in 0..<500 {
            let amount = Life(index, of: LifeTests.settings).amount
            #expect(amount.currency == "IDR")
            #expect((1_000_000...200_000_000).contains(amount.value))
        }
        var fixed = LifeTests.settings
        (fixed.amount, fixed.currency) = (100, "JPY")
        #expect(Life(3, of: fixed).amount == Money(value: 100, currency: "JPY"))
    }

    @Test func timesRunForwardAndEndBeforeTheEnd() throws {
        for index in 0..<100 {
            let life = Life(index, of: LifeTests.settings)
            let times = life.events.map(\.time)
            #expect(times == times.sorted())
            #expect(Set(times).count == times.count)
            let last = try #require(times.last)
            #expect(last <= LifeTests.settings.end)
            if life.outcome == .timeout { #expect(last.milliseconds(since: times[1]) == 6 * 3_600_000) }
        }
    }

    @Test func outcomesAreDealtOutInTurn() {
        #expect((0..<4).map { Life($0, of: LifeTests.settings).outcome } == [.paid, .declined, .timeout, .paid])
    }

    @Test func creationCarriesWhatPPROSends() throws {
        let event = try #require(Life(0, of: LifeTests.settings).events.first)
        let root = try JSONDocument.parse(event.body).root
        #expect(root["specversion"]?.string == "1.0.2")
        #expect(root["subject"]?.string == Life(0, of: LifeTests.settings).chargeId)
        let data = try #require(root["data"])
        for name in ["amount", "paymentMedium", "initiator", "paymentDescriptor", "order", "consumer", "authenticationSettings", "instrument"] {
            #expect(data[name] != nil, "\(name)")
        }
        for name in ["name", "country", "email", "phone"] { #expect(data["consumer"]?[name]?.string?.isEmpty == false, "\(name)") }
        #expect(data["instrument"]?["type"]?.string == "PASSTHROUGH_WALLET")
        #expect(data["authenticationSettings"]?.elements.first?["type"]?.string == "REDIRECT")
    }
}
