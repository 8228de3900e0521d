import NIOSSL
import PaymentCore
import SystemPackage

extension ServiceConfiguration {
    /// The certificates in the endpoints' CA files, by endpoint.
    /// - Throws: `ConfigurationError` naming the setting when there is no certificate to be read, or it could not matter.
    static func authorities(_ endpoints: [Endpoint], _ sources: ConfigurationSources) throws -> [String: [NIOSSLCertificate]] {
        var authorities: [String: [NIOSSLCertificate]] = [:]
        for endpoint in endpoints {
            guard let file = try sources.value(.endpoint(endpoint.name, .caFile)) else { continue }
            guard endpoint.url.lowercased().hasPrefix("https://") else {
                throw ConfigurationError(.badValue, key: file.origin, "has no meaning: the endpoint's URL does not begin with https://")
            }
            authorities[endpoint.name] = try certificates(file)
        }
        return authorities
    }

    private static func certificates(_ file: ConfigurationSources.Found) throws -> [NIOSSLCertificate] {
        let bytes: [UInt8]
        do { bytes = try FileText.bytes(file.text) } catch let error as Errno {
            throw ConfigurationError(.unreadable, key: file.origin, "the file \(file.text) cannot be read: \(error.localizedText)")
        }
        let certificates = (try? NIOSSLCertificate.fromPEMBytes(bytes)) ?? []
        guard !certificates.isEmpty else {
            throw ConfigurationError(.badValue, key: file.origin, "the file \(file.text) holds no certificate in PEM (-----BEGIN CERTIFICATE-----)")
        }
        return certificates
    }
}
