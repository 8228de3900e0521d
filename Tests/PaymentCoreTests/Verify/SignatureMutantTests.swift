import PaymentCore
import Testing

/// Damaged forms of a good header: each is refused, and with the failure that says what is wrong with it.
@Suite struct SignatureMutantTests {
    private static let code = SignedSamples.code
    private static let short = SignedSamples.code.dropLast()

    @Test func noHeaderIsMissing() {
        #expect(verify([]) == .missing)
    }

    @Test(
        arguments: [
            "", " ", ",", "\(code)", "s=\(code)", "t=1780485827", "s=\(code),t=1780485827", "t=1780485827,\(code)", "1780485827,s=\(code)",
            "t=1780485827s=\(code)",
            "t=1780485827;s=\(code)", "t=1780485827 s=\(code)", "T=1780485827,s=\(code)", "t=1780485827,S=\(code)", "t:1780485827,s:\(code)",
            "t =1780485827,s=\(code)", "t=1780485827,s =\(code)", " t=1780485827,s=\(code)", "t=1780485827,  s=\(code)", "t=1780485827,\ts=\(code)",
            "t=1780485827,s=\(code),", ",t=1780485827,s=\(code)", "t=1780485827,,s=\(code)", "t=1780485827,s=\(code),v=2", "v=1,t=1780485827,s=\(code)",
            "t=1780485827,t=1780485827,s=\(code)", "t=1780485827,v1=\(code)", "\u{FEFF}t=1780485827,s=\(code)", "\"t=1780485827,s=\(code)\"",
            "t\u{FF1D}1780485827,s=\(code)", "t=1780485827\u{FF0C}s=\(code)",
        ] as [String]) func brokenFields(header: String)
    {
        #expect(verify([header]) == .malformed(.fields))
    }

    @Test(
        arguments: [
            "", " 1780485827", "1780485827 ", "+1780485827", "-1780485827", "1780485827.0", "1780485827.", "0x6A1E", "1e9", "17804858 27", "1780485827\u{0}",
            "٣780485827", "\u{FF11}780485827", "1_780_485_827", "178048582700000000000", "000000000001780485827", "t=1780485827", "NaN", "now",
        ] as [String]) func brokenTimes(time: String)
    {
        #expect(verify(["t=\(time),s=\(Self.code)"]) == .malformed(.timestamp))
    }

    @Test(
        arguments: [
            "", "\(short)", "\(code)0", "\(code) ", " \(short)", "\(short)g", "\(short) ", "\(short)\n", "\(short)\u{0}", "\(code)\n", "0x\(code)",
            "\(code)\(code)", "x\(short)", "\(short.dropLast())\u{E9}", "\"\(code)\"", "sha256=\(code)", "s=\(code)", "\(code.prefix(32))",
            "\u{FF11}\(short.dropFirst(2))", "zWBwOvr9Xn/k2i0fYRSXfuxoG0q+2qdyBTsUwQvuXfs=",
        ] as [String]) func brokenSignatures(signature: String)
    {
        #expect(verify(["t=1780485827,s=\(signature)"]) == .malformed(.signature))
        if !signature.isEmpty { #expect(verify([], legacy: [signature]) == .malformed(.signature)) }
    }

    @Test func anEmptyOldHeaderIsMalformed() {
        #expect(verify([], legacy: [""]) == .malformed(.signature))
    }

    @Test func doubledHeadersAreMalformedEvenWhenBothAreRight() {
        let header = SignedSamples.header
        for pair in [[header, header], [header, ""], ["", header], [header, header, header]] { #expect(verify(pair) == .malformed(.doubled)) }
        for joined in ["\(header),\(header)", "\(header), \(header)", "t=1780485827,s=\(Self.code),s=\(Self.code)", "\(header),t=1,s=00"] {
            #expect(verify([joined]) == .malformed(.doubled))
        }
        let legacy = SignedSamples.legacy
        #expect(verify([], legacy: [legacy, legacy]) == .malformed(.doubled))
        #expect(verify([], legacy: ["\(legacy),\(legacy)"]) == .malformed(.doubled))
        #expect(verify([], legacy: ["\(legacy), \(legacy)"]) == .malformed(.doubled))
    }

    /// Every bit of the 32 bytes counts, the first as much as the last.
    @Test func everyBitOfTheSignatureIsCompared() throws {
        let right = try #require(Hex.decode(Self.code))
        let rightLegacy = try #require(Hex.decode(SignedSamples.legacy))
        for bit in 0..<256 {
            var wrong = right
            wrong[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(verify(["t=1780485827,s=\(Hex.encode(wrong))"]) == .invalid)
            var wrongLegacy = rightLegacy
            wrongLegacy[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(verify([], legacy: [Hex.encode(wrongLegacy)]) == .invalid)
        }
    }

    @Test func anotherTimeIsInvalid() {
        for time in ["1780485826", "1780485828", "178048582", "17804858270", "0", "01780485827", "99999999999999999999"] {
            #expect(verify(["t=\(time),s=\(Self.code)"]) == .invalid)
        }
    }

    @Test func theSchemesDoNotStandInForEachOther() {
        #expect(verify(["t=1780485827,s=\(SignedSamples.legacy)"]) == .invalid)
        #expect(verify([], legacy: [Self.code]) == .invalid)
        #expect(verify([], legacy: [SignedSamples.header]) == .malformed(.doubled))
    }

    private func verify(_ current: [String], legacy: [String] = []) -> VerificationFailure? {
        let headers = SignatureHeaders(current: current, legacy: legacy)
        guard case .failure(let failure) = SignedSamples.verifier().verify(body: SignedSamples.body, headers: headers, now: SignedSamples.signedAt)
        else { return nil }
        return failure
    }
}
