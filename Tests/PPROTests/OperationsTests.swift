import PaymentCore
import Testing

@testable import PPRO

@Suite struct OperationsTests {
    private let list =
        #"{"data":[{"id":"x_1","amount":9007199254740993,"status":"CAPTURED"},{"id":"x_2","amount":1,"status":"ON_ITS_WAY","#
        + #""failure":{"failureCode":"INSUFFICIENT_FUNDS"},"new":1}],"_links":{}}"#

    private static let listings: [(name: String, kind: OperationFact.Kind, call: @Sendable (PPROClient) async throws -> [RemoteOperation])] = [
        ("authorizations", OperationFact.Kind.authorization, { try await $0.authorizations(of: "charge_1") }),
        ("captures", .capture, { try await $0.captures(of: "charge_1") }), ("refunds", .refund, { try await $0.refunds(of: "charge_1") }),
        ("voids", .void, { try await $0.voids(of: "charge_1") }),
    ]

    @Test(arguments: listings)
    func lists(_ name: String, _ kind: OperationFact.Kind, _ call: @Sendable (PPROClient) async throws -> [RemoteOperation]) async throws {
        try await Rig.run([.json(list)]) { rig async throws in
            let operations = try await call(rig.client)
            #expect(
                operations == [
                    RemoteOperation(kind: kind, id: "x_1", amount: 9_007_199_254_740_993, status: "CAPTURED"),
                    RemoteOperation(kind: kind, id: "x_2", amount: 1, status: "ON_ITS_WAY", failureCode: "INSUFFICIENT_FUNDS"),
                ])
            #expect(rig.api.received.map(\.target) == ["/v1/payment-charges/charge_1/\(name)"])
        }
    }

    private static let creations: [(name: String, body: String, call: @Sendable (PPROClient) async throws -> RemoteOperation)] = [
        (
            "captures", #"{"amount":250,"merchantCaptureReference":"c \"1\""}"#,
            { try await $0.capture("charge_1", amount: 250, reference: #"c "1""#, idempotencyKey: Rig.idempotencyKey()) }
        ),
        ("refunds", #"{"amount":250}"#, { try await $0.refund("charge_1", amount: 250, method: "MOCK", idempotencyKey: Rig.idempotencyKey()) }),
        (
            "refunds", #"{"amount":250,"merchantRefundReference":"r"}"#,
            { try await $0.refund("charge_1", amount: 250, reference: "r", idempotencyKey: Rig.idempotencyKey()) }
        ),
        (
            "voids", #"{"amount":250,"merchantVoidReference":"v"}"#,
            { try await $0.void("charge_1", amount: 250, reference: "v", idempotencyKey: Rig.idempotencyKey()) }
        ),
    ]

    @Test(arguments: creations)
    func creates(_ name: String, _ body: String, _ call: @Sendable (PPROClient) async throws -> RemoteOperation) async throws {
        try await Rig.run([.status(504), .json(#"{"id":"x_1","amount":250,"status":"FAILED","failure":{"failureCode":"NO"}}"#)]) { rig async throws in
            let operation = try await call(rig.client)
            #expect(operation.id == "x_1")
            #expect(operation.amount == 250)
            #expect(operation.state == .failed)
            #expect(operation.failureCode == "NO")
            #expect(rig.api.received.map(\.target) == Array(repeating: "/v1/payment-charges/charge_1/\(name)", count: 2))
            #expect(rig.api.received.map(\.text) == [body, body])
            #expect(Set(rig.api.received.map { $0.header("request-idempotency-key") }) == ["00000000-0000-4000-8000-000000000001"])
        }
    }

    @Test func whatAMethodCannotDoIsNotAskedFor() async throws {
        try await Rig.run([.status(500)]) { rig async throws in
            let key = Rig.idempotencyKey()
            let errors = [
                try await rig.failure { client throws(AuthorityError) in
                    try await client.capture("charge_1", amount: 1, method: "JENIUS_PAY", idempotencyKey: key)
                },
                try await rig.failure { client throws(AuthorityError) in
                    try await client.refund("charge_1", amount: 1, method: "JENIUS_PAY", idempotencyKey: key)
                },
                try await rig.failure { client throws(AuthorityError) in try await client.void("charge_1", amount: 1, method: "JENIUS_PAY", idempotencyKey: key)
                },
                try await rig.failure { client throws(AuthorityError) in try await client.refund("charge_1", amount: 0, idempotencyKey: key) },
                try await rig.failure { client throws(AuthorityError) in try await client.refund("../x", amount: 1, idempotencyKey: key) },
                try await rig.failure { client throws(AuthorityError) in
                    try await client.refund("charge_1", amount: 1, reference: "", idempotencyKey: key)
                },
                try await rig.failure { client throws(AuthorityError) in try await client.captures(of: "") },
                try await rig.failure { client throws(AuthorityError) in try await client.fundsStatuses(of: "a/b") },
                try await rig.failure { client throws(AuthorityError) in try await client.instrument(id: "a b") },
            ]
            #expect(errors.map(\.code) == Array(repeating: "refused", count: 9))
            #expect(errors[1].message == "create refund: JENIUS_PAY has no refunds")
            #expect(rig.api.received.isEmpty)
        }
    }

    @Test(arguments: [
        "{}", "null", #"{"data":null}"#, #"{"data":[{"id":"x","amount":"1","status":"A"}]}"#, #"{"data":[{"id":"x","amount":1.5,"status":"A"}]}"#,
        #"{"data":[{"id":"","amount":1,"status":"A"}]}"#, #"{"data":[{"id":"x","amount":1}]}"#, #"{"data":[[]]}"#,
    ]) func whatIsNoListOfOperationsIsAnError(_ body: String) async throws {
        try await Rig.run([.json(body)]) { rig async throws in
            let error = try await rig.failure { client throws(AuthorityError) in try await client.refunds(of: "charge_1") }
            #expect(error.code == "unreadable")
        }
    }

    @Test func theListsOfAnUnknownChargeAreRefused() async throws {
        try await Rig.run([.status(404)]) { rig async throws in
            let error = try await rig.failure { client throws(AuthorityError) in try await client.captures(of: "charge_1") }
            #expect(error == AuthorityError(code: "refused", message: "list captures: PPRO knows no such charge"))
        }
    }

    @Test func fundsStatuses() async throws {
        let element = #"{"operationId":"capture_1","operationType":"CAPTURE","fundsStatus":"CAPTURE_FUNDS_RECEIVED","merchantPaymentChargeReference":"r"}"#
        let other = #"{"paymentOperationId":"x_1","paymentOperationType":"GIFT","fundsState":"GIFT_LOST"}"#
        for body in ["[\(element),\(other)]", #"{"data":[\#(element),\#(other)]}"#] {
            try await Rig.run([.json(body)]) { rig async throws in
                let statuses = try await rig.client.fundsStatuses(of: "charge_1")
                #expect(statuses.map(\.operationId) == ["capture_1", "x_1"])
                #expect(statuses.map(\.status) == ["CAPTURE_FUNDS_RECEIVED", "GIFT_LOST"])
                #expect(statuses.map(\.kind) == [.capture, nil])
                #expect(statuses.first?.merchantPaymentChargeReference == "r")
                #expect(rig.api.received.map(\.target) == ["/v1/payment-charges/charge_1/funds-statuses"])
            }
        }
        try await Rig.run([.json(#"[{"operationId":"x"}]"#)]) { rig async throws in
            let error = try await rig.failure { client throws(AuthorityError) in try await client.fundsStatuses(of: "charge_1") }
            #expect(error == AuthorityError(code: "unreadable", message: "a funds status has no operationType"))
        }
    }

    @Test func instruments() async throws {
        let body = #"{"id":"instr_1","type":"PASSTHROUGH_WALLET","details":{"number":"4444"}}"#
        try await Rig.run([.json(body), .status(404), .json("{}")]) { rig async throws in
            let instrument = try #require(try await rig.client.instrument(id: "instr_1"))
            #expect(instrument == PaymentInstrument(id: "instr_1", type: "PASSTHROUGH_WALLET", json: Array(body.utf8)))
            #expect(!(String(describing: instrument) + String(reflecting: instrument)).contains("4444"))
            #expect(try await rig.client.instrument(id: "instr_2") == nil)
            let error = try await rig.failure { client throws(AuthorityError) in try await client.instrument(id: "instr_3") }
            #expect(error.code == "unreadable")
            #expect(rig.api.received.map(\.target) == (1...3).map { "/v1/payment-instruments/instr_\($0)" })
        }
    }
}
