import PaymentCore
import Testing

/// What may be missing or odd in a body, and what may not.
@Suite struct EnvelopeTests {
    private static let envelope: [(name: String, json: String)] = [
        ("specversion", #""1.0.2""#), ("source", #""https://www.ppro.com""#), ("id", #""evt-1""#), ("type", #""PAYMENT_CHARGE_CAPTURE_SUCCEEDED""#),
        ("subject", #""charge_envelope""#), ("time", #""2026-06-03T11:23:47.123Z""#),
        ("data", #"{"paymentChargeId":"charge_data","paymentChargeStatus":"CAPTURED","captureId":"capture_1","amount":{"value":5,"currency":"IDR"}}"#),
    ]

    /// The sound body with some members set to other JSON, or left out with nil.
    private static func body(_ changes: KeyValuePairs<String, String?>) -> [UInt8] {
        let members = envelope.compactMap { member in
            let json = changes.first { $0.key == member.name }.map(\.value) ?? member.json
            return json.map { "\"\(member.name)\":\($0)" }
        }
        return Array("{\(members.joined(separator: ","))}".utf8)
    }

    private func decode(_ changes: KeyValuePairs<String, String?>) -> Event { decode(Self.body(changes)) }

    private func decode(_ body: [UInt8]) -> Event { EventDecoder.decode(body: body, receivedAt: Instant(milliseconds: 0)) }

    private func facts(_ changes: KeyValuePairs<String, String?>) throws -> EventFacts {
        guard case .readable(let facts) = decode(changes).content else { throw Unreadable(content: decode(changes).content) }
        return facts
    }

    private struct Unreadable: Error { var content: Event.Content }

    struct Mistake: Sendable, CustomTestStringConvertible {
        var field: String
        var json: String?
        var failure: DecodingFailure
        var code: String
        var testDescription: String { "\(field): \(json ?? "left out")" }
    }

    static let mistakes: [Mistake] = ["specversion", "type", "time"].flatMap { field in
        [
            Mistake(field: field, json: nil, failure: .missing(field), code: "missing_field"),
            Mistake(field: field, json: "null", failure: .missing(field), code: "missing_field"),
            Mistake(field: field, json: #""""#, failure: .missing(field), code: "missing_field"),
            Mistake(field: field, json: "1", failure: .wrongType(field), code: "wrong_type"),
            Mistake(field: field, json: #"["x"]"#, failure: .wrongType(field), code: "wrong_type"),
        ]
    }

    static let namelessMistakes: [Mistake] = ["source", "id"].flatMap { field in
        [
            Mistake(field: field, json: nil, failure: .missing(field), code: "missing_field"),
            Mistake(field: field, json: "null", failure: .missing(field), code: "missing_field"),
            Mistake(field: field, json: #""""#, failure: .missing(field), code: "missing_field"),
            Mistake(field: field, json: "7", failure: .wrongType(field), code: "wrong_type"),
            Mistake(field: field, json: #"{"x":"y"}"#, failure: .wrongType(field), code: "wrong_type"),
        ]
    }

    private static let dataMistakes: [Mistake] = [
        Mistake(field: "specversion", json: #""0.3""#, failure: .unsupportedSpecversion, code: "unsupported_specversion"),
        Mistake(field: "specversion", json: #""10.0""#, failure: .unsupportedSpecversion, code: "unsupported_specversion"),
        Mistake(field: "specversion", json: #""1""#, failure: .unsupportedSpecversion, code: "unsupported_specversion"),
        Mistake(field: "time", json: #""yesterday""#, failure: .badTime, code: "bad_time"),
        Mistake(field: "time", json: #""2026-02-30T00:00:00Z""#, failure: .badTime, code: "bad_time"),
        Mistake(field: "data", json: "[]", failure: .wrongType("data"), code: "wrong_type"),
        Mistake(field: "data", json: #""x""#, failure: .wrongType("data"), code: "wrong_type"),
        Mistake(field: "data", json: #"{"paymentChargeId":7}"#, failure: .wrongType("data.paymentChargeId"), code: "wrong_type"),
        Mistake(field: "data", json: #"{"paymentChargeStatus":true}"#, failure: .wrongType("data.paymentChargeStatus"), code: "wrong_type"),
        Mistake(field: "data", json: #"{"captureId":["c"]}"#, failure: .wrongType("data.captureId"), code: "wrong_type"),
        Mistake(field: "data", json: #"{"fundsState":{}}"#, failure: .wrongType("data.fundsState"), code: "wrong_type"),
        Mistake(field: "data", json: #"{"amount":5}"#, failure: .wrongType("data.amount"), code: "wrong_type"),
        Mistake(field: "data", json: #"{"amount":{}}"#, failure: .missing("data.amount.value"), code: "missing_field"),
        Mistake(field: "data", json: #"{"amount":{"value":null,"currency":"IDR"}}"#, failure: .missing("data.amount.value"), code: "missing_field"),
        Mistake(field: "data", json: #"{"amount":{"value":"5","currency":"IDR"}}"#, failure: .wrongType("data.amount.value"), code: "wrong_type"),
        Mistake(field: "data", json: #"{"amount":{"value":5.0,"currency":"IDR"}}"#, failure: .wrongType("data.amount.value"), code: "wrong_type"),
        Mistake(field: "data", json: #"{"amount":{"value":1e3,"currency":"IDR"}}"#, failure: .wrongType("data.amount.value"), code: "wrong_type"),
        Mistake(
            field: "data", json: #"{"amount":{"value":9223372036854775808,"currency":"IDR"}}"#, failure: .wrongType("data.amount.value"), code: "wrong_type"),
        Mistake(field: "data", json: #"{"amount":{"value":5}}"#, failure: .missing("data.amount.currency"), code: "missing_field"),
        Mistake(field: "data", json: #"{"amount":{"value":5,"currency":360}}"#, failure: .wrongType("data.amount.currency"), code: "wrong_type"),
    ]

    @Test(arguments: mistakes + dataMistakes)
    func aMistakeIsNamedAndTheIdentityStays(_ mistake: Mistake) {
        let event = decode([mistake.field: mistake.json])
        #expect(event.content == .unreadable(mistake.failure))
        #expect(mistake.failure.code == mistake.code)
        #expect(mistake.failure.description.hasPrefix("\(mistake.code): "))
        #expect(event.identity == EventIdentity(source: "https://www.ppro.com", id: "evt-1"))
    }

    @Test(arguments: namelessMistakes)
    func withoutSourceOrIdTheBodyNamesTheEvent(_ mistake: Mistake) {
        let event = decode([mistake.field: mistake.json])
        #expect(event.content == .unreadable(mistake.failure))
        #expect(mistake.failure.code == mistake.code)
        #expect(event.identity == .ofBody(hash: Digest.sha256(event.body)))
    }

    @Test(arguments: ["", " ", "{", "nonsense", #"{"id":"a","id":"b"}"#, "{} {}", "\u{FEFF}{}", #"{"a":1,}"#])
    func whatIsNoJSONIsNamedByItsBody(_ text: String) {
        let event = decode(Array(text.utf8))
        guard case .unreadable(.json(let error)) = event.content else {
            Issue.record("read as \(event.content)")
            return
        }
        #expect(DecodingFailure.json(error).code == "invalid_json")
        #expect(DecodingFailure.json(error).description.hasPrefix("invalid_json: \(error.reason.rawValue)"))
        #expect(event.identity == .ofBody(hash: Digest.sha256(event.body)))
    }

    @Test(arguments: ["[]", "null", "7", #""text""#])
    func jsonThatIsNoObjectIsRefused(_ text: String) {
        let event = decode(Array(text.utf8))
        #expect(event.content == .unreadable(.notAnObject))
        #expect(DecodingFailure.notAnObject.code == "not_an_object")
        #expect(event.identity == .ofBody(hash: Digest.sha256(event.body)))
    }

    @Test func theIdInDataDecidesAndTheSubjectStandsIn() throws {
        #expect(try facts([:]).subject == "charge_data")
        #expect(try facts(["subject": "7"]).subject == "charge_data")
        #expect(try facts(["data": #"{"paymentChargeId":null}"#]).subject == "charge_envelope")
        #expect(try facts(["data": #"{"paymentChargeId":""}"#]).subject == "charge_envelope")
        #expect(try facts(["data": nil]).subject == "charge_envelope")
        #expect(try facts(["data": "null"]).subject == "charge_envelope")
        #expect(decode(["data": nil, "subject": nil]).content == .unreadable(.missing("data.paymentChargeId")))
        #expect(decode(["data": "{}", "subject": "7"]).content == .unreadable(.wrongType("subject")))
        let agreement = #""PAYMENT_AGREEMENT_ACTIVE""#
        #expect(try facts(["type": agreement, "data": #"{"paymentAgreementId":"agr_1"}"#]).subject == "agr_1")
        #expect(decode(["type": agreement, "data": "{}", "subject": nil]).content == .unreadable(.missing("data.paymentAgreementId")))
    }

    @Test func descriptiveFieldsOfAnotherTypeCountAsAbsent() throws {
        let data = #"{"paymentMethod":1,"merchantId":[],"merchantPaymentChargeReference":{},"orderReferenceNumber":false,"failure":"x"}"#
        let read = try facts(["data": data])
        #expect(read.paymentMethod == nil && read.merchantId == nil && read.merchantReference == nil && read.orderReferenceNumber == nil)
        #expect(read.failureCode == nil)
    }

    @Test func longAndStrangeTextsAreKept() throws {
        let long = String(repeating: "x", count: 100_000)
        #expect(try facts(["data": #"{"paymentChargeId":"\#(long)"}"#]).subject == long)
        #expect(try facts(["data": #"{"paymentChargeStatus":"\u0000 CAPTURED"}"#]).status == "\u{0} CAPTURED")
        #expect(try facts(["data": #"{"amount":{"value":-5,"currency":"??"}}"#]).amount == Money(value: -5, currency: "??"))
    }

    @Test func unknownTypesAreReadWithoutLookingIntoTheirData() throws {
        for data in [nil, "null", "[]", "7", #"{"amount":"much","paymentChargeStatus":7}"#] {
            let read = try facts(["type": #""PAYMENT_CHARGE_TELEPORTED""#, "data": data])
            #expect(read.kind == .other)
            #expect(read.subject == "charge_envelope")
            #expect(read.status == nil && read.amount == nil && read.operation == nil)
        }
        let report = try facts(["type": #""REPORT_PROCESSED""#, "subject": nil, "data": #"{"reportId":"report_1"}"#])
        #expect(report.subject == "report_1")
        let instrument = try facts(["type": #""PAYMENT_INSTRUMENT_CREATED""#, "subject": nil, "data": #"{"paymentInstrumentId":"instr_1"}"#])
        #expect(instrument.subject == "instr_1")
        #expect(try facts(["type": #""NEW""#, "subject": nil]).subject == nil)
    }

    @Test func spareVersionsAndFieldsAreWelcome() throws {
        for version in ["1.0", "1.0.2", "1.9"] { #expect(try facts(["specversion": "\"\(version)\""]).status == "CAPTURED") }
        let more = Array(#"{"new":{"deep":[[[]]]},"#.utf8) + Self.body([:]).dropFirst()
        guard case .readable = decode(more).content else {
            Issue.record("unknown members must be welcome")
            return
        }
    }
}
