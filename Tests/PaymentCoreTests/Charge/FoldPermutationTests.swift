import PaymentCore
import Testing

@Suite struct FoldPermutationTests {
    @Test(arguments: Life.all.indices)
    func everyOrderOfArrivalGivesTheSameCharge(_ index: Int) throws {
        let life = Life.all[index]
        let told = try #require(Charge.fold(id: "charge_1", events: life.events))
        #expect(told.order == life.events.map(\.seq), "\(life.name): written in fold order")
        for arrived in permutations(life.events) {
            #expect(Charge.fold(id: "charge_1", events: arrived) == told, "\(life.name), arrived as \(arrived.map(\.seq))")
        }
    }

    @Test(arguments: Life.all.indices)
    func everyLifeEndsWhereItShould(_ index: Int) throws {
        let life = Life.all[index]
        let charge = try #require(Charge.fold(id: "charge_1", events: life.events)).state
        #expect(charge.status == life.status, "\(life.name)")
        #expect(charge.status.result == life.result, "\(life.name)")
        #expect(charge.authorized == life.authorized, "\(life.name)")
        #expect(charge.captured == life.captured, "\(life.name)")
        #expect(charge.refunded == life.refunded, "\(life.name)")
        #expect(charge.voided == life.voided, "\(life.name)")
        #expect(charge.chargedBack == life.chargedBack, "\(life.name)")
        #expect(charge.anomalies == life.anomalies, "\(life.name)")
    }

    /// Events come one by one, and each time the charge is folded from those that are there: the last fold decides, whatever was believed before.
    @Test(arguments: Life.all.indices)
    func aRepeatIsNothingAtAnyPlace(_ index: Int) throws {
        let life = Life.all[index]
        let told = try #require(Charge.fold(id: "charge_1", events: life.events))
        for repeated in life.events {
            for place in 0...life.events.count {
                var arrived = life.events
                arrived.insert(repeated, at: place)
                #expect(Charge.fold(id: "charge_1", events: arrived) == told, "\(life.name)")
                arrived[place].seq = 99
                #expect(Charge.fold(id: "charge_1", events: arrived)?.state == told.state, "\(life.name)")
            }
        }
    }
}
