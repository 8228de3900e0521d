import PaymentCore
import Testing

@testable import Provider

/// PPRO's rules for every request.
@Suite struct APITests {
    private static let key = "0190a1b2-c3d4-4e5f-8a6b-7c8d9e0f1a2b"

    @Test func whoHasNoKeyGetsNothing() {
        var rig = Rig()
        let changes: [(inout APIRequest) -> Void] = [
            { $0.authorization = nil }, { $0.authorization = "Bearer other" }, { $0.authorization = "Basic \(Rig.key)" }, { $0.authorization = Rig.key },
            { $0.merchantId = nil }, { $0.merchantId = "merch_other" },
        ]
        for change in changes {
            for path in ["v1/payment-charges/charge_1", "v1/nothing"] {
                var request = rig.request(.get, path)
                change(&request)
                let answer = rig.ask(request)
                #expect(answer.status == 401)
                #expect(answer.text == #"{"message":"Unauthorized"}"#)
                #expect(answer.header("X-RateLimit-Remaining") == "1000000")
            }
        }
        var request = rig.request(.get, "v1/payment-charges/charge_1")
        request.authorization = "bearer \(Rig.key)"
        #expect(rig.ask(request).status == 404)
        #expect("\(rig.state.settings.key)" == "(secret)")
        #expect(!String(reflecting: rig.state.settings).contains(Rig.key))
    }

    @Test(arguments: [
        "v1/payment-charges/charge_1", "v1/payment-charges/charge_1/captures", "v1/payment-charges/charge_1/funds-statuses",
        "v1/payment-instruments/instr_1", "v1/nothing", "v1", "sandbox/wallet/charge_1", "sandbox", "sandbox/charges/charge_1", "nothing",
    ]) func whatIsNotThereIs404(path: String) throws {
        var rig = Rig()
        let answer = rig.get(path)
        #expect(answer.status == 404)
        #expect(try answer.json.members.map(\.key) == ["status", "failureMessage", "timestamp"])
        #expect(try answer.json["status"]?.integerValue == 404)
        #expect(try answer.json["timestamp"]?.string == Rig.start.iso8601)
    }

    @Test func operationsOnWhatIsNotThereAre404() {
        var rig = Rig()
        for list in ["captures", "refunds", "voids", "authorizations"] {
            #expect(rig.post("v1/payment-charges/charge_1/\(list)", #"{"amount":1}"#).status == 404)
        }
    }

    @Test func otherMethodsAreNamed() {
        var rig = Rig()
        #expect(rig.ask(rig.request(.other("DELETE"), "v1/payment-charges/charge_1")).failureMessage == "the path takes GET")
        #expect(rig.ask(rig.request(.other("PUT"), "v1/payment-charges")).failureMessage == "the path takes GET and POST")
        let answer = rig.post("v1/payment-instruments/instr_1", "{}")
        #expect(answer.status == 405)
        #expect(answer.header("Allow") == "GET, HEAD")
        #expect(rig.ask(rig.request(.other("PUT"), "v1/payment-charges")).header("Allow") == "GET, HEAD, POST")
    }

    @Test func listsHavePagesNewestFirst() throws {
        var rig = Rig()
        var ids: [String] = []
        for _ in 0..<23 { ids.append(try rig.create(Orders.jeniusPay()).id) }
        _ = try rig.create(Orders.jeniusPay().replacing("attempt-1", with: "attempt-2"))
        var seen: [String] = []
        var page: String? = "1"
        while let asked = page {
            let answer = rig.get("v1/payment-charges", ("merchantPaymentChargeReference", "attempt-1"), ("page", asked))
            #expect(answer.status == 200)
            let data = try #require(try answer.json["data"]).elements
            #expect(data.count <= ProviderBook.pageSize)
            for element in data { seen.append(try RemoteCharge(element).id) }
            page = try answer.json["nextPage"]?.numberText
        }
        #expect(seen == ids.reversed())
        #expect(try rig.get("v1/payment-charges", ("merchantPaymentChargeReference", "nobody")).json["data"]?.elements.isEmpty == true)
        #expect(rig.get("v1/payment-charges").failureMessage.contains("merchantPaymentChargeReference"))
        #expect(rig.get("v1/payment-charges", ("merchantPaymentChargeReference", "a"), ("page", "0")).status == 400)
    }

    @Test func theOldestChargeIsForgottenOnceThereAreTooMany() throws {
        var rig = Rig(rules: ProviderRules(maximumCharges: 2))
        let ids = [try rig.create(Orders.jeniusPay()).id, try rig.create(Orders.jeniusPay()).id, try rig.create(Orders.jeniusPay()).id]
        #expect(rig.get("v1/payment-charges/\(ids[0])").status == 404)
        let list = rig.get("v1/payment-charges", ("merchantPaymentChargeReference", "attempt-1"))
        #expect(try list.json["data"]?.elements.count == 2)
        rig.wait(hours: 6)
        #expect(try rig.charge(ids[2]).status == .discarded)
    }

    // Idempotency

    @Test func aReplayIsAnsweredFromMemory() throws {
        var rig = Rig()
        let first = rig.post("v1/payment-charges", Orders.jeniusPay(), key: Self.key)
        let id = try RemoteCharge(try first.json).id
        _ = try rig.click("decision=approve", on: id)
        let second = rig.post("v1/payment-charges", Orders.jeniusPay(), key: Self.key.uppercased())
        #expect(second.status == 200)
        #expect(second.body == first.body)
        #expect(first.header("Request-Idempotency") == nil)
        #expect(second.header("Request-Idempotency") == "true")
        #expect(rig.state.book.charges.count == 1)
    }

    @Test func anotherRequestWithTheSameKeyIsAConflict() throws {
        var rig = Rig()
        _ = rig.post("v1/payment-charges", Orders.mock("requiresCapture=true"), key: Self.key)
        #expect(rig.post("v1/payment-charges", Orders.mock(amount: 7), key: Self.key).status == 409)
        let id = try #require(rig.state.book.order.first)
        #expect(rig.post("v1/payment-charges/\(id)/captures", Orders.mock("requiresCapture=true"), key: Self.key).status == 409)
    }

    @Test func aRequestUnderWayIsAConflict() {
        var rig = Rig()
        var request = rig.request(.post, "v1/payment-charges")
        request.body = Array(Orders.mock().utf8)
        request.idempotencyKey = Self.key
        guard case .admitted(let ticket) = rig.state.admit(request, at: rig.now) else { return #expect(Bool(false), "not admitted") }
        #expect(rig.ask(request).status == 409)
        #expect(rig.state.perform(ticket, at: rig.now).answer.status == 200)
        #expect(rig.ask(request).header("Request-Idempotency") == "true")
        #expect(rig.state.book.charges.count == 1)
    }

    @Test func keysAreKeptForADay() {
        var rig = Rig()
        _ = rig.post("v1/payment-charges", Orders.mock(), key: Self.key)
        rig.wait(milliseconds: 24 * 3_600_000 - 1)
        #expect(rig.post("v1/payment-charges", Orders.mock(), key: Self.key).header("Request-Idempotency") == "true")
        rig.wait(milliseconds: 1)
        #expect(rig.post("v1/payment-charges", Orders.mock(), key: Self.key).header("Request-Idempotency") == nil)
        #expect(rig.state.book.charges.count == 2)
    }

    @Test func aRefusedKeyIsFreeAgain() {
        var rig = Rig()
        #expect(rig.post("v1/payment-charges", "{}", key: Self.key).status == 400)
        #expect(rig.post("v1/payment-charges", Orders.mock(), key: Self.key).status == 200)
    }

    @Test(arguments: [nil, "", "1", "0190a1b2-c3d4-1e5f-8a6b-7c8d9e0f1a2b", "0190a1b2-c3d4-4e5f-ca6b-7c8d9e0f1a2b", "0190a1b2c3d44e5f8a6b7c8d9e0f1a2b"])
    func keysAreUUIDsOfVersion4(key: String?) {
        var rig = Rig()
        var request = rig.request(.post, "v1/payment-charges")
        request.body = Array(Orders.mock().utf8)
        request.idempotencyKey = key
        let answer = rig.ask(request)
        #expect(answer.status == 400)
        #expect(answer.failureMessage.contains("Request-Idempotency-Key"))
    }

    @Test func theLedgerIsBounded() {
        var rig = Rig()
        var ledger = IdempotencyLedger()
        var keys: [String] = []
        for _ in 0..<(IdempotencyLedger.maximumKeys + 1) {
            keys.append(rig.newKey())
            _ = ledger.begin(keys[keys.count - 1], request: [1], at: Rig.start)
        }
        #expect(ledger.begin(keys[1], request: [1], at: Rig.start) == .underWay)
        #expect(ledger.begin(keys[0], request: [2], at: Rig.start) == .unused)
    }

    // Limits

    @Test func readsAndWritesHaveBucketsOfTheirOwn() {
        var rig = Rig(burst: 2)
        let reads = (0..<3).map { _ in rig.get("v1/payment-charges/charge_1") }
        #expect(reads.map(\.status) == [404, 404, 429])
        #expect(reads.map { $0.header("X-RateLimit-Remaining") } == ["1", "0", "0"])
        for (name, value) in [("X-RateLimit-Requested-Tokens", "1"), ("X-RateLimit-Burst-Capacity", "2"), ("X-RateLimit-Replenish-Rate", "5")] {
            #expect(reads.map { $0.header(name) } == [value, value, value])
        }
        #expect(reads[2].header("Retry-After") == nil)
        #expect((try? reads[2].json["status"]?.integerValue) == 429)
        #expect(rig.post("v1/payment-charges", Orders.mock()).status == 200)
        rig.wait(milliseconds: 199)
        #expect(rig.get("v1/payment-charges/charge_1").status == 429)
        rig.wait(milliseconds: 1)
        #expect(rig.get("v1/payment-charges/charge_1").status == 404)
        #expect(RateLimit(perSecond: 5) == RateLimit(perSecond: 5, burst: 10))
    }

    @Test func theWalletAndTheLogsHaveNoLimit() throws {
        var rig = Rig(burst: 1)
        let id = try rig.create(Orders.jeniusPay()).id
        for _ in 0..<20 { #expect(rig.get("sandbox/requests").status == 200) }
        for _ in 0..<20 { #expect(try rig.click("decision=abandon", on: id).status == 303) }
        #expect(rig.get("sandbox/requests").header("X-RateLimit-Remaining") == nil)
    }

    // Failing on demand

    @Test func halfOfTheFailuresComeWhenAllIsDone() {
        var rig = Rig { $0.failRate = 1 }
        let statuses = (0..<100).map { _ in rig.post("v1/payment-charges", Orders.mock()).status }
        let (before, after) = (statuses.count { $0 == 500 }, statuses.count { $0 == 504 })
        #expect(before + after == 100 && before > 30 && after > 30)
        #expect(rig.state.book.charges.count == after)
    }

    /// As a client should: the same key until there is an answer.
    @Test func aClientThatRepeatsItsKeyCreatesOneCharge() {
        var rig = Rig { $0.failRate = 0.7 }
        for _ in 0..<20 {
            let key = rig.newKey()
            while rig.post("v1/payment-charges", Orders.mock(), key: key).status != 200 {}
        }
        #expect(rig.state.book.charges.count == 20)
    }
}
