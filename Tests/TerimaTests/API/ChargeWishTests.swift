import EventStore
import PaymentCore
import TestSupport
import Testing

@testable import Terima

@Suite struct ChargeWishTests {
    private func wish(_ parameters: (String, String)...) throws -> ChargeWish? { try ChargeWish(Parameters(parameters)) }

    @Test func theParametersAreRead() throws {
        #expect(try wish() == nil)
        #expect(try wish(("wait", "30s")) == ChargeWish(.result, milliseconds: 30_000))
        #expect(try wish(("wait", "1m"), ("until", "result")) == ChargeWish(.result, milliseconds: 60_000))
        #expect(try wish(("wait", "0s"), ("until", "change")) == ChargeWish(.change(after: 0), milliseconds: 0))
        #expect(try wish(("until", "change"), ("version", "4"), ("wait", "250ms")) == ChargeWish(.change(after: 4), milliseconds: 250))
    }

    @Test func whatMeansNothingIsRefused() {
        for (parameters, detail) in [
            ([("until", "result")], "'until' goes with 'wait'"),
            ([("version", "1")], "'version' goes with 'wait' and 'until=change'"),
            ([("wait", "30s"), ("version", "1")], "'version' goes with 'until=change'; a result is waited for whatever the version"),
            ([("wait", "30s"), ("until", "result"), ("version", "1")], "'version' goes with 'until=change'; a result is waited for whatever the version"),
            ([("wait", "61s")], "'wait' must be a duration like 30s, at most 1m; it was '61s'"),
            ([("wait", "30")], "'wait' must be a duration like 30s, at most 1m; it was '30'"),
            ([("wait", "")], "'wait' has an empty value"), ([("wait", "1s"), ("wait", "2s")], "'wait' is given twice"),
            ([("wait", "30s"), ("until", "paid")], "'until' must be one of result, change; it was 'paid'"),
            ([("wait", "30s"), ("until", "")], "'until' has an empty value"),
            ([("wait", "30s"), ("until", "result,change")], "'until' is one word: result or change"),
            ([("wait", "30s"), ("until", "change"), ("version", "-1")], "'version' must be a whole number from 0 to 9223372036854775807; it was '-1'"),
        ] {
            #expect(throws: Problem(.badRequest, detail)) { try ChargeWish(Parameters(parameters)) }
        }
    }

    /// - Parameter statuses: of charges under one reference, the newest first.
    private func chosen(_ aim: ChargeWish.Aim, _ statuses: ChargeStatus...) throws -> String? {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let store = try EventStore.open(path: directory.file("terima.db"))
        defer { store.close() }
        try store.write("test") { transaction throws in
            for (number, status) in statuses.enumerated().reversed() {
                var charge = Charge(id: "charge_\(number)", status: status, createdAt: Template.now, updatedAt: Template.now)
                charge.merchantPaymentChargeReference = "pay-1"
                // The version is 1 for the newest, 2 for the one before it, and so on.
                let seq = try transaction.insertCharge(charge)
                try transaction.updateCharge(seq, charge, version: number + 1)
            }
        }
        let reader = try Reader.open(path: store.path)
        return try ChargeWish(aim, milliseconds: 0).fulfilled("pay-1", reader)?.row.charge.id
    }

    @Test func oneChargeIsTheAnswerOnceItIsDecided() throws {
        for status in ChargeStatus.published {
            #expect(try chosen(.result, status) == (status.result == .pending ? nil : "charge_0"), "\(status)")
        }
        #expect(try chosen(.result, ChargeStatus("NEW_WORD")) == nil)
        #expect(try chosen(.result) == nil)
    }

    /// Of several attempts under one reference, one that was paid is the answer; else the newest.
    @Test func severalChargesShareAReference() throws {
        #expect(try chosen(.result, .authenticationPending, .failed) == nil)
        #expect(try chosen(.result, .authenticationPending, .captured) == "charge_1")
        #expect(try chosen(.result, .failed, .captured) == "charge_1")
        #expect(try chosen(.result, .failed, .discarded) == "charge_0")
        #expect(try chosen(.result, .captured, .captured) == "charge_0")
        #expect(try chosen(.result, .failed, .capturePending, .captured) == "charge_1")
        #expect(try chosen(.result, .authenticationPending, .refunded) == nil)
    }

    @Test func aChangeIsAnyLaterVersion() throws {
        #expect(try chosen(.change(after: 0), .captured) == "charge_0")
        #expect(try chosen(.change(after: 1), .captured) == nil)
        #expect(try chosen(.change(after: 1), .authenticationPending, .failed) == "charge_1")
        #expect(try chosen(.change(after: 0), .authenticationPending, .failed) == "charge_0")
        #expect(try chosen(.change(after: 2), .authenticationPending, .failed) == nil)
    }
}
