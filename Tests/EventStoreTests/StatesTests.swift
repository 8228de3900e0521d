import PaymentCore
import Testing

@testable import EventStore

@Suite struct StatesTests {
    @Test func aChargeIsReadAsItWasWritten() throws {
        let fixture = try Fixture()
        var charge = Sample.charge("charge_1")
        try fixture.store.write("test") { transaction throws in
            #expect(try transaction.charge(id: "charge_1") == nil)
            let seq = try transaction.insertCharge(charge)
            let stored = try #require(try transaction.charge(id: "charge_1"))
            #expect(stored.seq == seq)
            #expect(stored.version == 1)
            #expect(stored.charge == charge)
            charge = Charge(id: "charge_1", status: ChargeStatus("A_WORD_UNKNOWN"), createdAt: Sample.at(1), updatedAt: Sample.at(2))
            charge.captured = .max
            try transaction.updateCharge(seq, charge, version: 2)
            let updated = try #require(try transaction.charge(id: "charge_1"))
            #expect(updated.version == 2)
            #expect(updated.charge == charge)
        }
    }

    @Test func anAgreementIsReadAsItWasWritten() throws {
        let fixture = try Fixture()
        var agreement = Agreement(id: "agr_1", status: .active, createdAt: Sample.at(1), updatedAt: Sample.at(2))
        agreement.paymentMethod = "JENIUSPAY"
        agreement.merchantId = "merchant"
        agreement.merchantPaymentAgreementReference = "reference"
        agreement.failureCode = "code"
        agreement.anomalies = 3
        try fixture.store.write("test") { transaction throws in
            let seq = try transaction.insertAgreement(agreement)
            #expect(try transaction.agreement(id: "agr_1")?.agreement == agreement)
            agreement.status = .revokedByConsumer
            agreement.failureCode = nil
            try transaction.updateAgreement(seq, agreement, version: 2)
            #expect(try transaction.agreement(id: "agr_1")?.agreement == agreement)
            #expect(try transaction.agreement(id: "agr_1")?.version == 2)
            #expect(try transaction.agreement(id: "agr_2") == nil)
        }
    }

    @Test func aTransactionThatThrowsLeavesNothing() throws {
        struct Stop: Error {}
        let fixture = try Fixture()
        #expect(throws: Stop.self) {
            try fixture.store.write("test") { transaction throws in
                _ = try transaction.insertCharge(Sample.charge("charge_1"))
                throw Stop()
            }
        }
        #expect(try fixture.integer("SELECT count(*) FROM charge") == 0)
        #expect(fixture.store.health == .well)
    }

    @Test func anAsynchronousWriteGivesItsResultAndItsError() async throws {
        struct Stop: Error {}
        let fixture = try Fixture()
        #expect(try await fixture.store.writeAsync("test") { try $0.insertCharge(Sample.charge("charge_1")) } == 1)
        await #expect(throws: Stop.self) { try await fixture.store.writeAsync("test") { _ in throw Stop() } }
        do {
            _ = try await fixture.store.writeAsync("twice") { try $0.insertCharge(Sample.charge("charge_1")) }
            Issue.record("a second row")
        } catch let error as StoreError {
            #expect(error.code == "constraint")
            #expect(error.during == "twice")
            #expect(error.sql?.contains("INSERT INTO charge") == true)
            #expect(!error.description.contains("charge_1"))
        }
    }
}
