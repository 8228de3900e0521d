import PaymentCore
import Testing

/// Stale is only said of a signature that is right.
@Suite struct SignatureToleranceTests {
    private static let back: Int64 = 72 * 3_600_000
    private static let ahead: Int64 = 5 * 60_000

    @Test(
        arguments: [
            (0, nil), (back, nil), (back + 1, .tooOld(byMilliseconds: 1)), (back + 3_600_000, .tooOld(byMilliseconds: 3_600_000)), (-ahead, nil),
            (-ahead - 1, .tooFarAhead(byMilliseconds: 1)), (68 * 3_600_000, nil),
        ] as [(Int64, VerificationFailure.Staleness?)]) func theDefaultsAre72HoursBackAnd5MinutesAhead(age: Int64, staleness: VerificationFailure.Staleness?)
    {
        #expect(verify(SignedSamples.header, age: age) == staleness.map(VerificationFailure.stale))
    }

    @Test func theToleranceCanBeSet() {
        let tolerance = SignatureTolerance(backMilliseconds: 1000, aheadMilliseconds: 0)
        #expect(verify(SignedSamples.header, age: 1000, tolerance) == nil)
        #expect(verify(SignedSamples.header, age: 1001, tolerance) == .stale(.tooOld(byMilliseconds: 1)))
        #expect(verify(SignedSamples.header, age: -1, tolerance) == .stale(.tooFarAhead(byMilliseconds: 1)))
    }

    @Test func aForgedOldSignatureIsInvalidNotStale() {
        let forged = "t=1,s=" + SignedSamples.code
        #expect(verify(forged, age: 0) == .invalid)
        #expect(verify(SignedSamples.header.replacing("cd60", with: "cd61"), age: Self.back * 2) == .invalid)
    }

    /// Python's `hmac` over `99999999999999999999.` and the body: a right signature whose time no Int64 can hold.
    @Test func aTimeBeyondEveryClockIsTooFarAhead() {
        let header = "t=99999999999999999999,s=4ad2cbd4c673473a384e2ef52f0cac90201bdb8062582df8198af4e116386157"
        let lead = Int64.max - SignedSamples.signedAt.milliseconds
        #expect(verify(header, age: 0) == .stale(.tooFarAhead(byMilliseconds: lead - Self.ahead)))
    }

    @Test func absurdClocksDoNotTrap() {
        for now in [Int64.min, .max] {
            let verifier = SignedSamples.verifier()
            let result = verifier.verify(
                body: SignedSamples.body, headers: SignatureHeaders(current: [SignedSamples.header]), now: Instant(milliseconds: now))
            guard case .failure(.stale) = result else {
                Issue.record("not stale at \(now)")
                continue
            }
        }
    }

    @Test func theOldSchemeHasNoTimeAndIsNeverStale() {
        let headers = SignatureHeaders(legacy: [SignedSamples.legacy])
        for now in [Int64.min, 0, .max] {
            let result = SignedSamples.verifier().verify(body: SignedSamples.body, headers: headers, now: Instant(milliseconds: now))
            #expect(result == .success(VerifiedSignature(scheme: .legacy, secretIndex: 0, signedAt: nil)))
        }
    }

    /// - Parameter age: milliseconds from the signature to now.
    private func verify(_ header: String, age: Int64, _ tolerance: SignatureTolerance = SignatureTolerance()) -> VerificationFailure? {
        let now = SignedSamples.signedAt.advanced(byMilliseconds: age)
        let verifier = SignedSamples.verifier(tolerance: tolerance)
        guard case .failure(let failure) = verifier.verify(body: SignedSamples.body, headers: SignatureHeaders(current: [header]), now: now)
        else { return nil }
        return failure
    }
}
