import NIOCore
import NIOSSL
package import PaymentCore

/// What the receiver shows its clients over TLS, and what it asks of them: a certificate with its chain and key and, where a proxy has to prove itself, the
/// authorities whose certificates it takes. TLS 1.2 and 1.3, HTTP/1.1 alone.
package struct TLSIdentity: Sendable {
    /// Why it cannot be used. Nothing of a key is part of it.
    package enum Fault: Error, Sendable {
        /// Not one certificate in PEM form.
        case certificate
        /// No private key in PEM form.
        case key
        /// The key has a passphrase, which nobody is there to type.
        case keyEncrypted
        /// The key is another certificate's.
        case keyOfAnother
        /// Not one certificate in PEM form among the clients' authorities.
        case clientAuthorities
    }

    let context: NIOSSLContext
    /// The first and the last moment at which the certificate is valid.
    package let notBefore: Instant
    package let notAfter: Instant
    /// Only clients with a certificate of one of the authorities get as far as a request.
    package let asksClients: Bool

    /// - Parameters:
    ///   - certificates: PEM; the server's own first, then those that lead to its authority.
    ///   - key: PEM, without a passphrase.
    ///   - clientAuthorities: PEM; nil takes every client.
    package init(certificates: [UInt8], key: [UInt8], clientAuthorities: [UInt8]? = nil) throws(Fault) {
        guard let chain = Self.certificates(certificates), let own = chain.first else { throw .certificate }
        var settings = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(try Self.privateKey(key)))
        settings.minimumTLSVersion = .tlsv12
        settings.applicationProtocols = ["http/1.1"]
        // We say goodbye and do not wait for the client to say it, too: where that matters the connection lingers as one without TLS does.
        settings.shutdownTimeout = .zero
        if let clientAuthorities {
            guard let authorities = Self.certificates(clientAuthorities), !authorities.isEmpty else { throw .clientAuthorities }
            settings.trustRoots = .certificates(authorities)
            // The name in it may be any: it is the authority that decides.
            settings.certificateVerification = .noHostnameVerification
        }
        do { context = try NIOSSLContext(configuration: settings) } catch { throw .keyOfAnother }
        (notBefore, notAfter) = (Self.instant(own.notValidBefore), Self.instant(own.notValidAfter))
        asksClients = clientAuthorities != nil
    }

    private static func certificates(_ pem: [UInt8]) -> [NIOSSLCertificate]? {
        // An empty buffer has no address to read from.
        pem.isEmpty ? nil : try? NIOSSLCertificate.fromPEMBytes(pem)
    }

    private static func privateKey(_ pem: [UInt8]) throws(Fault) -> NIOSSLPrivateKey {
        guard !pem.isEmpty else { throw .key }
        // Without an answer to the question for a passphrase it would be asked of whoever sits at standard input.
        do { return try NIOSSLPrivateKey(bytes: pem, format: .pem) { (answer: ([UInt8]) -> Void) in answer([]) } } catch {
            throw String(decoding: pem, as: UTF8.self).contains("ENCRYPTED") ? .keyEncrypted : .key
        }
    }

    private static func instant(_ seconds: Int) -> Instant {
        let (milliseconds, overflow) = Int64(seconds).multipliedReportingOverflow(by: 1_000)
        return Instant(milliseconds: overflow ? (seconds < 0 ? .min : .max) : milliseconds)
    }
}
