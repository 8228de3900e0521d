import Fuzzing
import PaymentCore

@main struct FuzzEvent {
    static func main() { Fuzzer.run { check($0) } }

    /// Input: bodies, a record separator (0x1E, which JSON cannot hold) between each and the next. They are decoded one by one and folded together.
    private static func check(_ input: [UInt8]) {
        let bodies = input.split(separator: 0x1E, omittingEmptySubsequences: false).prefix(8).map { Array($0) }
        let events = bodies.map { decoded($0) }
        let lives = events.enumerated().compactMap { seq, event -> ChargeEvent? in
            guard case .readable(let facts) = event.content else { return nil }
            return ChargeEvent(seq: Int64(seq + 1), id: event.identity.id, facts: facts)
        }
        FoldCheck.charges(lives.filter { $0.facts.kind == .charge })
        FoldCheck.agreements(lives.filter { $0.facts.kind == .agreement })
    }

    private static func decoded(_ body: [UInt8]) -> Event {
        let event = EventDecoder.decode(body: body, receivedAt: Instant(milliseconds: 0))
        expect(event.body == body && event.bodyHash == Digest.sha256(body), "the event holds its body")
        expect(event.receivedAt == Instant(milliseconds: 0), "the event holds the time it came at")
        let again = EventDecoder.decode(body: body, receivedAt: Instant(milliseconds: .max))
        expect(again.content == event.content && again.identity == event.identity, "a body is always read the same, whenever it comes")

        let document = try? JSONDocument.parse(body)
        expect((document != nil) == JSONOracle.accepts(body), "reader and oracle agree")
        identified(event, document?.root)
        switch event.content {
        case .readable(let facts): readable(facts, event, document?.root)
        case .unreadable(let failure): unreadable(failure, document?.root)
        }
        if let root = document?.root { writtenAgain(root, event) }
        return event
    }

    private static func identified(_ event: Event, _ root: JSONValue?) {
        let (source, id) = (root?["source"]?.string ?? "", root?["id"]?.string ?? "")
        let named = EventIdentity(source: source, id: id)
        let expected = source.isEmpty || id.isEmpty ? EventIdentity.ofBody(hash: event.bodyHash) : named
        expect(event.identity == expected, "the identity is the envelope's, or the body's hash")
        expect(event.identity.fingerprint == expected.fingerprint, "equal identities have equal fingerprints")
    }

    private static func readable(_ facts: EventFacts, _ event: Event, _ root: JSONValue?) {
        guard let root else { return expect(false, "only JSON is readable") }
        expect(root["specversion"]?.string?.utf8.starts(with: "1.".utf8) == true, "only CloudEvents 1.x is readable")
        expect(root["source"]?.string?.isEmpty == false && root["id"]?.string?.isEmpty == false, "only what has an identity is readable")
        expect(root["type"]?.string.map { $0.utf8.elementsEqual(facts.type.utf8) } == true, "the type is the envelope's")
        expect(root["time"]?.string.flatMap { Instant(iso8601: $0) } == facts.time, "the time is the envelope's")
        expect(facts.kind == EventType.kind(of: facts.type), "the kind is the type's")
        expect(facts.kind == .other || facts.subject?.isEmpty == false, "an event of a charge or an agreement names it")
        expect(facts.operation == nil || facts.kind == .charge, "operations belong to charges")
        if let amount = facts.amount {
            expect(root["data"]?["amount"]?["value"]?.numberText.flatMap { Int64($0) } == amount.value, "an amount is exact")
            expect(!amount.currency.isEmpty, "an amount has a currency")
        }
        let data = EventDecoder.passThroughData(body: event.body)
        expect(data == root["data"].map { Array($0.bytes) }, "data is passed on byte for byte")
        let cause = Notification.Cause(source: event.identity.source, id: event.identity.id, type: facts.type, time: facts.time)
        let notification = Notification.passedOn(id: "ntf_1", facts: facts, cause: cause, data: data ?? [])
        let told = (try? JSONDocument.parse(notification.body, maximumDepth: 65))?.root
        expect(told?["id"]?.string == "ntf_1" && told?["data"].map { Array($0.bytes) } == data, "what is passed on is JSON with that data")
        expect(!notification.subject.isEmpty, "what is passed on has a subject")
    }

    private static let charges = ["paymentChargeId", "paymentChargeStatus", "fundsState", "authorizationId", "captureId", "refundId", "voidId"]
    private static let fields =
        ["specversion", "source", "id", "type", "time", "subject", "data", "data.amount.value", "data.amount.currency", "data.amount"]
        + (charges + ["paymentAgreementId", "paymentAgreementStatus"]).map { "data." + $0 }

    /// The reason is one of a closed list, and names no more of the body than a field that terima knows.
    private static func unreadable(_ failure: DecodingFailure, _ root: JSONValue?) {
        let codes = ["invalid_json", "not_an_object", "missing_field", "wrong_type", "bad_time", "unsupported_specversion", "reserved_source"]
        expect(codes.contains(failure.code) && failure.description.hasPrefix(failure.code + ": "), "the code is in the list")
        switch failure {
        case .json(let error): expect(root == nil && JSONError.Reason.allCases.contains(error.reason), "only what is no JSON is invalid_json")
        case .notAnObject: expect(root.map { $0.kind != .object } == true, "only what is no object is not_an_object")
        case .missing(let field), .wrongType(let field): expect(fields.contains(field), "the field is one that is read, not \(field)")
        case .badTime: expect(root?["time"]?.string.map { Instant(iso8601: $0) == nil } == true, "only what is no time is bad_time")
        case .unsupportedSpecversion: expect(root?["specversion"]?.string?.utf8.starts(with: "1.".utf8) == false, "1.x is supported")
        case .reservedSource: expect(root?["source"]?.string?.utf8.starts(with: "terima:".utf8) == true, "only our own sources are reserved")
        }
    }

    /// How a sender writes its JSON says nothing: without spaces, with other escapes and with the members the other way round it is the same event.
    private static func writtenAgain(_ root: JSONValue, _ event: Event) {
        var writer = JSONWriter()
        Self.reversed(root, to: &writer)
        for body in [JSONEcho.bytes(root), writer.bytes] {
            let again = EventDecoder.decode(body: body, receivedAt: event.receivedAt)
            expect(again.content == event.content, "spaces, escapes and the order of members say nothing")
            if case .readable = event.content { expect(again.identity == event.identity, "an event written otherwise is the same event") }
        }
    }

    private static func reversed(_ value: JSONValue, to writer: inout JSONWriter) {
        switch value.kind {
        case .object:
            writer.object { writer in
                for (key, value) in value.members.reversed() {
                    writer.key(key)
                    reversed(value, to: &writer)
                }
            }
        case .array: writer.array { writer in value.elements.forEach { reversed($0, to: &writer) } }
        case .string, .number, .bool, .null: writer.raw(value.bytes)
        }
    }
}
