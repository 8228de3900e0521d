import PaymentCore
import TestSupport
import Testing

/// Thousands of seeded random lives. A failure names its seed: `SplitMix64(seed:).life()` makes that life again.
@Suite struct FoldPropertyTests {
    private static let seeds: ClosedRange<UInt64> = 1...2000

    private func fold(_ events: [ChargeEvent]) -> Folded<Charge>? { Charge.fold(id: "charge_1", events: events) }

    @Test func orderOfArrivalNeverMatters() throws {
        for seed in Self.seeds {
            var random = SplitMix64(seed: seed)
            let life = random.life()
            let told = try #require(fold(life))
            for _ in 0..<2 {
                let arrived = life.shuffled(using: &random)
                try #require(fold(arrived) == told, "seed \(seed)")
                // Arrived in another order, they are numbered otherwise as well.
                let numbered = arrived.enumerated().map { ChargeEvent(seq: Int64($0), id: $1.id, facts: $1.facts) }
                try #require(fold(numbered)?.state == told.state, "seed \(seed)")
            }
        }
    }

    @Test func aRepeatIsNothing() throws {
        for seed in Self.seeds {
            var random = SplitMix64(seed: seed)
            let life = random.life()
            let told = try #require(fold(life))
            let again = try #require(fold(random.repeating(life).shuffled(using: &random)))
            try #require(again.state == told.state, "seed \(seed)")
            try #require(again.anomalous.count == told.anomalous.count, "seed \(seed)")
        }
    }

    @Test func theOrderIsTheLaws() throws {
        for seed in Self.seeds {
            var random = SplitMix64(seed: seed)
            let life = random.life()
            let ordered = try inOrder(life)
            try #require(ordered.count == life.count, "seed \(seed)")
            for (a, b) in zip(ordered, ordered.dropFirst()) {
                let (first, second) = (FoldOracle.place(a), FoldOracle.place(b))
                let isOrdered = first == second ? !b.id.utf8.lexicographicallyPrecedes(a.id.utf8) : first < second
                try #require(isOrdered, "seed \(seed): \(a.seq) before \(b.seq)")
            }
        }
    }

    @Test func sumsStatusAndAnomaliesAreThoseOfTheOracle() throws {
        for seed in Self.seeds {
            var random = SplitMix64(seed: seed)
            let life = random.life()
            let folded = try #require(fold(life))
            let charge = folded.state
            let ordered = try inOrder(life)
            let sums = [charge.authorized, charge.captured, charge.refunded, charge.voided, charge.chargedBack]
            let expected = [OperationFact.Kind.authorization, .capture, .refund, .void, .chargeback].map { FoldOracle.total($0, ordered) }
            try #require(sums == expected, "seed \(seed)")
            let (word, anomalous) = FoldOracle.status(ordered)
            try #require(charge.status.word.utf8.elementsEqual(word.utf8), "seed \(seed)")
            let hasHugeAmounts = life.contains { ($0.facts.amount?.value ?? 0) > 1_000_000 }
            if !hasHugeAmounts { try #require(folded.anomalous == anomalous.union(FoldOracle.unsound(ordered)), "seed \(seed)") }
            try #require(charge.createdAt == ordered.first?.facts.time, "seed \(seed)")
        }
    }

    /// The events taken one by one in fold order: each step obeys the rules.
    @Test func everyStepObeysTheRules() throws {
        for seed in Self.seeds.prefix(1000) {
            var random = SplitMix64(seed: seed)
            let ordered = try inOrder(random.life())
            var before = try #require(fold(Array(ordered.prefix(1))))
            for count in 1..<max(ordered.count, 1) {
                let after = try #require(fold(Array(ordered.prefix(count + 1))))
                let (from, to) = (before.state.status, after.state.status)
                if FoldOracle.finals.contains(from.word) { try #require(to == from, "seed \(seed): a final status was left") }
                try #require(after.anomalous.isSuperset(of: before.anomalous), "seed \(seed)")
                try #require(after.state.anomalies == after.anomalous.count, "seed \(seed)")
                var untimed = after.state
                untimed.updatedAt = before.state.updatedAt
                let changed = untimed != before.state
                try #require(after.state.updatedAt == (changed ? ordered[count].facts.time : before.state.updatedAt), "seed \(seed)")
                before = after
            }
        }
    }

    /// The lives must hold what they are to try; else everything above is true of nothing.
    @Test func theLivesAreWildEnough() {
        var anomalous = 0
        var final = 0
        var unknown = 0
        var saturated = 0
        for seed in Self.seeds {
            var random = SplitMix64(seed: seed)
            guard let folded = fold(random.life()) else { continue }
            if !folded.anomalous.isEmpty { anomalous += 1 }
            if folded.state.status.isFinal { final += 1 }
            if !folded.state.status.isKnown { unknown += 1 }
            if folded.state.captured == .max || folded.state.authorized == .max || folded.state.chargedBack == .max { saturated += 1 }
        }
        #expect(anomalous > 500 && anomalous < 2000)
        #expect(final > 300)
        #expect(unknown > 50)
        #expect(saturated > 10)
    }

    private func inOrder(_ life: [ChargeEvent]) throws -> [ChargeEvent] {
        try #require(fold(life)).order.compactMap { seq in life.first { $0.seq == seq } }
    }
}
