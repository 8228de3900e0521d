import PaymentCore
import Testing

/// The signatures are those of the Python library `standardwebhooks` 1.1.0: `Webhook(secret).sign(id, time, body)`.
@Suite struct StandardWebhooksTests {
    private static let id = "ntf_01JZXA3M5T"
    private static let one = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    private static let oneSignature = "v1,zKNLaLdrm1JalFsZi7YTXSkDnEy+OBpElG/hSy9pjtQ="
    private static let two = "whsec_ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7"
    private static let twoSignature = "v1,Cx4jVuGmCFgSSftk25iLkt5qadNzZznu4II7l9GaMO4="

    @Test func theHeadersAreThoseOfTheReferenceLibrary() throws {
        let secrets = try [Self.one, Self.two].map { try #require(EndpointSecret($0)) }
        let instant = SignedSamples.signedAt.advanced(byMilliseconds: 999)
        let headers = StandardWebhooks.headers(id: Self.id, at: instant, body: SignedSamples.body, secrets: secrets)
        #expect(headers.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(headers.map(\.value) == [Self.id, "1780485827", "\(Self.oneSignature) \(Self.twoSignature)"])
    }

    @Test func anyOfTheSignaturesWithAnyOfTheSecretsWillDo() throws {
        for signature in [
            Self.oneSignature, Self.twoSignature, "v1,AAAA \(Self.oneSignature)", "v1a,xyz v2,\(Self.oneSignature) \(Self.twoSignature)",
            "\(Self.oneSignature) v1,!",
        ] {
            #expect(try verify(signature: signature) == nil)
        }
        #expect(try verify(signature: Self.twoSignature, secrets: [Self.two]) == nil)
        #expect(try verify(signature: Self.twoSignature, secrets: [Self.one]) == .invalid)
    }

    @Test func everythingElseIsInvalid() throws {
        let bare = String(Self.oneSignature.dropFirst(3))
        for signature in [
            "", " ", "v1,", bare, "v2,\(bare)", "V1,\(bare)", "v1=\(bare)", "v1a,\(bare)", "v1,\(bare.dropLast())", "v1,\(bare)=", "v1,\(bare),",
            "v1,A\(bare.dropFirst())",
            "v1, \(bare)", "\(Self.oneSignature)\t", "v1,\(bare.replacing("/", with: "_").replacing("+", with: "-"))",
        ] {
            #expect(try verify(signature: signature) == .invalid, "\(signature)")
        }
        #expect(try verify(id: "ntf_01JZXA3M5U") == .invalid)
        #expect(try verify(timestamp: "1780485828") == .invalid)
        #expect(try verify(body: SignedSamples.body.dropLast()) == .invalid)
        #expect(try verify(secrets: []) == .invalid)
    }

    @Test func malformedHeadersAreNamed() throws {
        for id in ["", "a.b", "."] { #expect(try verify(id: id) == .malformed) }
        for timestamp in ["", "-1", "1780485827.5", " 1780485827", "178048582700000000000", "x", "１"] {
            #expect(try verify(timestamp: timestamp) == .malformed)
        }
    }

    @Test func theToleranceIsFiveMinutesEitherWay() throws {
        for (age, expected) in [(300_000, nil), (300_001, .stale), (-300_000, nil), (-300_001, .stale)] as [(Int64, StandardWebhooks.Failure?)] {
            #expect(try verify(age: age) == expected)
        }
        #expect(try verify(signature: "v1,AAAA", age: 900_000) == .invalid)
    }

    private func verify(
        id: String = id, timestamp: String = "1780485827", signature: String = oneSignature, body: [UInt8] = SignedSamples.body,
        secrets: [String] = [one, two], age: Int64 = 0
    ) throws -> StandardWebhooks.Failure? {
        let result = StandardWebhooks.verify(
            id: id, timestamp: timestamp, signature: signature, body: body, secrets: try secrets.map { try #require(EndpointSecret($0)) },
            now: SignedSamples.signedAt.advanced(byMilliseconds: age))
        guard case .failure(let failure) = result else { return nil }
        return failure
    }
}
