import PaymentCore
import Testing

@Suite struct EncodingTests {
    /// RFC 4648 section 10.
    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy")])
    func base64HasTheVectorsOfItsStandard(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zg===", "=", "==", "====", "Z===", "A===", "AAAAA===", "=Zg=", "Zg=A", "Zm9v=", "Zm9v====", "Zh==", "Zm9=", "Zm9v\n", "Zm 9", "Zm9-",
        "Zm9_", "Zg==Zg==",
        "Zm9\u{E9}",
    ]) func looseBase64IsRefused(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func everyByteComesBack() {
        for count in 0..<300 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ count) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
            #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        }
    }

    @Test func hexIsReadInEitherCase() {
        #expect(Hex.encode([0x00, 0x9F, 0xA0, 0xFF]) == "009fa0ff")
        #expect(Hex.decode("009fA0Ff") == [0x00, 0x9F, 0xA0, 0xFF])
        for text in ["0", "0g", "g0", " 00", "00 ", "0x00", "00\u{0}0", "é", "@0", "`0", "/0", ":0"] { #expect(Hex.decode(text) == nil) }
    }

    /// FIPS 180-4's examples, and one whole block by `openssl dgst`.
    @Test func sha256HasItsKnownAnswers() {
        #expect(Hex.encode(Digest.sha256([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(Hex.encode(Digest.sha256(Array("abc".utf8))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let zeros = Hex.encode(Digest.sha256([UInt8](repeating: 0, count: 64)))
        #expect(zeros == "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b")
    }

    @Test func comparisonSeesEveryByte() {
        let bytes = (0..<32).map { UInt8($0) }
        #expect(ConstantTime.areEqual(bytes, bytes) && ConstantTime.areEqual([], []))
        #expect(!ConstantTime.areEqual(bytes, bytes.dropLast()) && !ConstantTime.areEqual(bytes, []))
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 0x80
            #expect(!ConstantTime.areEqual(bytes, other))
        }
    }
}
