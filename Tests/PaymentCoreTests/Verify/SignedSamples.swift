import PaymentCore

/// A body and what it is signed with. The signatures were computed with `openssl dgst` and Python's `hmac` and `hashlib`, not with the code under test.
enum SignedSamples {
    static let body = Array("{\"id\":\"\u{E9}vt_1\",\"amount\":{\"value\":1000000,\"currency\":\"IDR\"}}\n".utf8)
    static let secret = "s3cret-of-the-sandbox"
    static let signedAt = Instant(milliseconds: 1_780_485_827_000)
    /// `(printf '1780485827.'; cat body) | openssl dgst -sha256 -hmac s3cret-of-the-sandbox`
    static let code = "cd60703afafd5e7fe4da2d1f6114977eec681b4abedaa772053b14c10bee5dfb"
    static let header = "t=1780485827,s=" + code
    /// `(cat body; printf '.s3cret-of-the-sandbox') | openssl dgst -sha256`
    static let legacy = "adb877407f60ed01e7bac26ce96d6ada8a837ce57abcd0a458ac18a314500504"

    /// Further secrets: an empty one, one longer than the hash's block, one that is not ASCII.
    static let others = [
        (
            secret: "", code: "8af3a886f45daadc760e972d1e6e772d793d9f5247cc95ae359bb0f11628218b",
            legacy: "06d882b3ac66be791b1482dcf0db6e4ce184c562b6aa1c3226481e630c56e3ed"
        ),
        (
            secret: String(repeating: "k", count: 100), code: "e4544d30a9399d810646423a874f507311277b9aaedc89150f4981ba434bf934",
            legacy: "4c980fc465ca5bf412f7b88de7622b6e5ce45f614aca2d8459693499cf7708c1"
        ),
        (
            secret: "geheim-\u{FC}", code: "bd3be4526164138e0373c7c5c90be14dbe86be1f23e9f9636ae87b1ce081d0d2",
            legacy: "57a2d97e64f5a997213126539b6ad3c9d3a39422b436307cb95d9c936077ec03"
        ),
    ]

    static func verifier(
        _ secrets: [String] = [secret], legacy: LegacySignature = .accept, tolerance: SignatureTolerance = SignatureTolerance()
    ) -> SignatureVerifier {
        SignatureVerifier(secrets: secrets.map { SigningSecret($0) }, legacy: legacy, tolerance: tolerance)
    }
}
