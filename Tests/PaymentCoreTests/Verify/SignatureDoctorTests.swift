import PaymentCore
import Testing

/// The doctor must name the mistake that was really made, and must not accept what the receiver would refuse.
@Suite struct SignatureDoctorTests {
    private let secret = SigningSecret("ppro-signing-secret")
    private let now = Instant(milliseconds: 1_780_485_827_000)
    private let body = Array(#"{"id":"a/b","name":"Café","list":[1,2.50]}"#.utf8)

    private func examine(
        _ given: [UInt8], secrets: [SigningSecret]? = nil, current: String? = nil, old: String? = nil, legacy: LegacySignature = .accept
    ) -> SignatureDoctor.Diagnosis {
        SignatureDoctor(secrets: secrets ?? [SigningSecret("another"), secret], legacy: legacy, tolerance: SignatureTolerance())
            .examine(body: given, headers: SignatureHeaders(current: current.map { [$0] } ?? [], legacy: old.map { [$0] } ?? []), now: now)
    }

    private var header: String { PPROSigner.current(body: body, secret: secret, at: now) }

    @Test func aGenuineRequestHoldsAndNamesTheSecretByPosition() {
        let diagnosis = examine(body, current: header)
        #expect(diagnosis.holds)
        #expect(diagnosis.secretIndex == 1)
        #expect(diagnosis.findings.isEmpty)
        #expect(diagnosis.sentences.first == "The signature holds: PPRO-Signature, secret 2 of 2.")
    }

    @Test(arguments: [
        (#"{"id":"a/b","name":"Café","list":[1,2.50]}"# + "\n", SignatureDoctor.Finding.bodyGainedNewline),
        (#"{"id": "a/b", "name": "Café", "list": [1, 2.50]}"#, .bodyReserialised),
        (#"{"id":"a\/b","name":"Caf\u00e9","list":[1,2.50]}"#, .bodyReserialised),
        ("{\n  \"id\": \"a/b\",\n  \"name\": \"Café\",\n  \"list\": [\n    1,\n    2.50\n  ]\n}", .bodyReserialised),
        ("\u{FEFF}" + #"{"id":"a/b","name":"Café","list":[1,2.50]}"#, .bodyByteOrderMark),
    ])
    func aBodyThatWasTouchedIsRecognised(text: String, finding: SignatureDoctor.Finding) {
        let diagnosis = examine(Array(text.utf8), current: header)
        #expect(!diagnosis.holds)
        #expect(diagnosis.findings == [finding])
        #expect(diagnosis.secretIndex == 1)
    }

    @Test func aBodyThatLostItsNewlineIsRecognised() {
        let signed = PPROSigner.current(body: body + [0x0A], secret: secret, at: now)
        #expect(examine(body, current: signed).findings == [.bodyLostNewline])
    }

    @Test(arguments: ["ppro-signing-secret\n", " ppro-signing-secret", "ppro-signing-secret "])
    func whiteSpaceAroundTheConfiguredSecretIsRecognised(configured: String) {
        let diagnosis = examine(body, secrets: [SigningSecret(configured)], current: header)
        #expect(!diagnosis.holds)
        #expect(diagnosis.findings == [.secretWhitespace])
    }

    @Test func schemesUnderTheWrongHeaderAreRecognised() {
        #expect(examine(body, current: PPROSigner.legacy(body: body, secret: secret)).findings == [.oldSchemeUnderCurrentHeader])
        #expect(examine(body, old: header).findings == [.currentSchemeUnderOldHeader])
        #expect(examine(body, old: PPROSigner.legacy(body: body, secret: secret), legacy: .refuse).findings == [.oldSchemeRefused])
        #expect(examine(body, old: PPROSigner.legacy(body: body, secret: secret)).holds)
    }

    @Test func upperCaseHexHoldsAndIsMentioned() {
        let parts = header.split(separator: "s=", maxSplits: 1)
        let diagnosis = examine(body, current: parts[0] + "s=" + parts[1].uppercased())
        #expect(diagnosis.holds)
        #expect(diagnosis.findings == [.upperCaseHex])
    }

    @Test func anotherBodyIsExplainedByNothing() {
        let diagnosis = examine(Array(#"{"id":"forged"}"#.utf8), current: header)
        #expect(!diagnosis.holds)
        #expect(diagnosis.secretIndex == nil)
        #expect(diagnosis.findings.isEmpty)
        #expect(diagnosis.sentences.contains { $0.contains("None of the usual mistakes") })
    }

    @Test func aGenuineOldRequestIsStaleAndNotForged() {
        let old = PPROSigner.current(body: body, secret: secret, at: now.advanced(byMilliseconds: -100 * 3_600_000))
        let diagnosis = examine(body, current: old)
        #expect(diagnosis.sentences.first == "The signature does not hold: signature_stale.")
        #expect(diagnosis.findings.isEmpty)
    }

    @Test func noSecretAppearsInWhatIsPrinted() {
        var writer = JSONWriter()
        let diagnosis = examine(body + [0x0A], current: header)
        diagnosis.write(to: &writer)
        #expect(!writer.text.contains("ppro-signing-secret"))
        #expect(!diagnosis.sentences.joined().contains("ppro-signing-secret"))
    }
}
