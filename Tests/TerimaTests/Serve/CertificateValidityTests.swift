import PaymentCore
import Receiver
import Testing
import TestSupport

@testable import Terima

@Suite struct CertificateValidityTests {
    /// The tests' certificate ends at 2125-01-01T00:00:00Z.
    private func validity(daysBefore days: Int64) throws -> CertificateValidity {
        let identity = try TLSIdentity(certificates: Array(TestCertificates.server.utf8), key: Array(TestCertificates.serverKey.utf8))
        return CertificateValidity(identity, now: identity.notAfter.advanced(byMilliseconds: -days * 86_400_000))
    }

    @Test func threeWeeksBeforeTheEndItIsTime() throws {
        #expect(try validity(daysBefore: 21).state == .good)
        #expect(try validity(daysBefore: 20).state == .ending)
        #expect(try validity(daysBefore: 1).sentence == "the TLS certificate is valid until 2125-01-01T00:00:00.000Z, for 1 day")
        #expect(try validity(daysBefore: 0).state == .ending)
        #expect(try validity(daysBefore: -1).state == .expired)
        #expect(try validity(daysBefore: 60_000).state == .notYet)
        #expect(try validity(daysBefore: 60_000).sentence == "the TLS certificate is not valid before 2000-01-01T00:00:00.000Z")
    }
}
