package import Receiver

/// The files that the receiver's TLS is made of, as they are configured.
package struct TLSFiles: Sendable, Equatable {
    /// A path, and the setting that it stands in.
    package struct File: Sendable, Equatable {
        package var path: String
        package var origin: String
    }

    package var certificate: File
    package var key: File
    /// nil: clients need no certificate.
    package var clientAuthorities: File?

    package var all: [File] { [certificate, key] + (clientAuthorities.map { [$0] } ?? []) }

    /// Reads the files and puts them together.
    /// - Throws: `ConfigurationError` naming the setting whose file cannot be used, and why.
    package func read() throws -> TLSIdentity {
        let (chain, secret) = (try Self.bytes(certificate), try Self.bytes(key))
        let authorities = try clientAuthorities.map { try Self.bytes($0) }
        do { return try TLSIdentity(certificates: chain, key: secret, clientAuthorities: authorities) } catch { throw refusal(error) }
    }

    private static func bytes(_ file: File) throws -> [UInt8] {
        do { return Array((try FileText.read(file.path, mayBeMissing: false) ?? "").utf8) } catch let error as ConfigurationError {
            throw ConfigurationError(.unreadable, key: file.origin, "\(file.path): \(error.problem)")
        }
    }

    private func refusal(_ fault: TLSIdentity.Fault) -> ConfigurationError {
        let (file, problem): (File, String) =
            switch fault {
            case .certificate: (certificate, "has no certificate in PEM form (-----BEGIN CERTIFICATE-----), or a damaged one")
            case .key: (key, "has no private key in PEM form (-----BEGIN PRIVATE KEY-----), or a damaged one")
            case .keyEncrypted: (key, "has a passphrase, which nobody can type here; take it off with `openssl pkey`")
            case .keyOfAnother: (key, "is not the key of the certificate in \(certificate.path)")
            case .clientAuthorities: (clientAuthorities ?? certificate, "has no certificate in PEM form (-----BEGIN CERTIFICATE-----), or a damaged one")
            }
        return ConfigurationError(.badValue, key: file.origin, "\(file.path) \(problem)")
    }
}
