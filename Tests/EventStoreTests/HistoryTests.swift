import PaymentCore
import Testing

@testable import EventStore

/// Reading the history on from any place.
@Suite struct HistoryTests {
    /// Five notifications: a1, p, a2, p, a3, each with a body of 15 bytes.
    private func fixture() async throws -> Fixture {
        let fixture = try Fixture()
        _ = await fixture.store.append(Sample.event("1"))
        try fixture.store.write("test") { transaction throws in
            for (number, type) in ["charge.captured", "ppro.REPORT_PROCESSED", "charge.updated", "ppro.REPORT_FAILED", "charge.refunded"].enumerated() {
                let notification = Sample.notification("\(number + 1)", type: type, version: nil)
                try transaction.enqueue(notification, about: .event, cause: 1, endpoints: [], now: Sample.start)
            }
        }
        return fixture
    }

    private func seqs(_ batch: HistoryBatch) -> [Int64] { batch.rows.map(\.seq) }

    @Test func itGoesOnAfterAnyPlace() async throws {
        let reader = try await fixture().reader()
        #expect(try reader.newestNotification() == 5)
        let first = try reader.notifications(after: 0, limit: 2)
        #expect(seqs(first) == [1, 2] && first.through == 2 && !first.isEnd)
        #expect(first.rows.first?.type == "charge.captured")
        #expect(first.rows.first?.body == Sample.notification("1").body)
        let rest = try reader.notifications(after: first.through, limit: 3)
        #expect(seqs(rest) == [3, 4, 5] && rest.through == 5 && rest.isEnd)
        for after: Int64 in [5, 6, .max] {
            #expect(try reader.notifications(after: after, limit: 10) == HistoryBatch(rows: [], through: after, isEnd: true))
        }
    }

    @Test func whatIsNotWantedIsPassedOver() async throws {
        let reader = try await fixture().reader()
        let charges = try reader.notifications(after: 1, types: [EventPattern("charge.*")].compactMap { $0 }, limit: 10)
        #expect(seqs(charges) == [3, 5] && charges.through == 5 && charges.isEnd)
        let failed = try reader.notifications(after: 0, types: [EventPattern("ppro.*_FAILED"), EventPattern("charge.updated")].compactMap { $0 }, limit: 10)
        #expect(seqs(failed) == [3, 4] && failed.through == 5)
        let none = try reader.notifications(after: 0, types: [EventPattern("agreement.*")].compactMap { $0 }, limit: 10)
        #expect(seqs(none) == [] && none.through == 5 && none.isEnd)
    }

    /// A filter that fits almost nothing, and large bodies, make many short turns.
    @Test func oneTurnIsBounded() async throws {
        let reader = try await fixture().reader()
        let types = [EventPattern("charge.refunded")].compactMap { $0 }
        var (position, found, turns): (Int64, [Int64], Int) = (0, [], 0)
        while true {
            let batch = try reader.notifications(after: position, types: types, limit: 10, span: 2)
            (position, found, turns) = (batch.through, found + seqs(batch), turns + 1)
            if batch.isEnd { break }
        }
        #expect(found == [5] && turns == 3)
        let small = try reader.notifications(after: 0, limit: 10, bytes: 20)
        #expect(seqs(small) == [1, 2] && small.through == 2 && !small.isEnd)
        #expect(try seqs(reader.notifications(after: 0, limit: 10, bytes: 1)) == [1])
    }

    @Test func anEmptyHistoryHasAnEnd() throws {
        let fixture = try Fixture()
        let reader = try fixture.reader()
        #expect(try reader.newestNotification() == 0)
        #expect(try reader.notifications(after: 0, limit: 10) == HistoryBatch(rows: [], through: 0, isEnd: true))
    }

    @Test func aNameIsAnIdOrAReferenceAndTheIdComesFirst() throws {
        let fixture = try Fixture()
        try fixture.store.write("test") { transaction throws in
            for (id, reference) in [("a", "pay-1"), ("b", "pay-2"), ("c", "pay-1"), ("d", "a")] {
                var charge = Sample.charge(id)
                charge.merchantPaymentChargeReference = reference
                charge.orderReferenceNumber = "pay-2"
                _ = try transaction.insertCharge(charge)
            }
        }
        let reader = try fixture.reader()
        func named(_ name: String) throws -> [String] { try reader.charges(named: name).map(\.charge.id) }
        #expect(try named("pay-1") == ["c", "a"])
        // Not those whose order has this number.
        #expect(try named("pay-2") == ["b"])
        #expect(try named("a") == ["a"])
        #expect(try named("nothing") == [])
    }
}
