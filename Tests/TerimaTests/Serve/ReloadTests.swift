import Logging
import PaymentCore
import Testing
import TestSupport

@testable import Terima

/// Secrets and certificate that change while the service runs.
@Suite(.timeLimit(.minutes(5))) struct ReloadTests {
    /// An installation whose secrets are in files.
    private func installation(shop: Int = 1) async throws -> Installation {
        var installation = try await Installation(shop: shop, isSeeded: false)
        for (variable, secret) in [
            "TERIMA_SIGNING_SECRETS": Installation.signingSecret, "TERIMA_API_TOKEN": Installation.token,
            "TERIMA_ENDPOINT_SHOP_SECRET": installation.endpointSecret,
        ] {
            installation.environment[variable] = nil
            installation.environment[variable + "_FILE"] = try installation.directory.write(secret, to: variable)
        }
        return installation
    }

    private func event(_ charge: String) -> [UInt8] { Life.charge(charge, "CREATED", at: 0, status: "AUTHORIZATION_PROCESSING") }

    @Test func signingSecretsOverlap() async throws {
        let lines = LineRecorder()
        try await installation().serve(logger: Logger(label: "test", factory: { _ in lines })) { served in
            let directory = served.installation.directory
            #expect(try await served.receive(event("charge_1")).status == 202)
            #expect(try await served.receive(event("charge_2"), secret: "the-next-secret").status == 401)
            try directory.write("the-next-secret\n\(Installation.signingSecret)\n", to: "TERIMA_SIGNING_SECRETS")
            await served.reload()
            #expect(lines.lines.contains("notice secrets were read again endpoint_secrets=shop:1 signing_secrets=2"))
            let between = try await served.socket.get("/v1/status").json?["receiver"]?["signingSecrets"]?.elements
            #expect(between?.map { $0["position"]?.integerValue } == [1, 2])
            #expect(between?.first?["lastUsedAt"]?.isNull == true)
            #expect(between?.last?["lastUsedAt"]?.string != nil)
            let screen = try await served.installation.run("status")
            #expect(screen.lines.contains { $0.hasPrefix("signing secrets   1 not used since the start, 2 last used 2") })
            #expect(try await served.receive(event("charge_2"), secret: "the-next-secret").status == 202)
            #expect(try await served.receive(event("charge_3")).status == 202)
            try directory.write("the-next-secret", to: "TERIMA_SIGNING_SECRETS")
            await served.reload()
            #expect(try await served.receive(event("charge_4")).status == 401)
            #expect(try await served.receive(event("charge_4"), secret: "the-next-secret").status == 202)
            for secret in ["the-next-secret", Installation.signingSecret] {
                #expect(!lines.lines.contains { $0.contains(secret) } && !screen.text.contains(secret))
            }
        }
    }

    @Test func notificationsAreSignedWithAllThatAreListed() async throws {
        let shop = try await Shop.start()
        try await installation(shop: shop.port).serve { served in
            let (old, new) = (served.installation.endpointSecret, EndpointSecret.generate().exposed)
            _ = try await served.receive(event("charge_1"))
            let before = try #require(await shop.next())
            #expect(before.isSigned(with: old) && !before.isSigned(with: new))
            try served.installation.directory.write("\(old),\(new)", to: "TERIMA_ENDPOINT_SHOP_SECRET")
            await served.reload()
            _ = try await served.receive(event("charge_2"))
            let between = try #require(await shop.next())
            #expect(between.isSigned(with: old) && between.isSigned(with: new))
            #expect(try await served.socket.get("/v1/status").json?["endpoints"]?.elements.first?["secrets"]?.integerValue == 2)
            try served.installation.directory.write(new, to: "TERIMA_ENDPOINT_SHOP_SECRET")
            await served.reload()
            _ = try await served.receive(event("charge_3"))
            let after = try #require(await shop.next())
            #expect(!after.isSigned(with: old) && after.isSigned(with: new))
        }
        await shop.stop()
    }

    @Test func theTokenIsReplaced() async throws {
        try await installation().serve { served in
            #expect(try await served.http.get("/v1/status").status == 200)
            try served.installation.directory.write("another-token-0123456789", to: "TERIMA_API_TOKEN")
            await served.reload()
            #expect(try await served.http.get("/v1/status").status == 401)
            #expect(try await served.http(token: "Bearer another-token-0123456789").get("/v1/status").status == 200)
        }
    }

    /// One bad file, and nothing of all that was read is taken.
    @Test(arguments: [
        ("TERIMA_ENDPOINT_SHOP_SECRET", "no secret", "bad_value"), ("TERIMA_API_TOKEN", "short", "bad_value"),
        ("TERIMA_SIGNING_SECRETS", "\n", "missing_value"),
    ])
    func aBadFileKeepsEverythingAsItWas(file: String, content: String, code: String) async throws {
        let lines = LineRecorder()
        try await installation().serve(logger: Logger(label: "test", factory: { _ in lines })) { served in
            let directory = served.installation.directory
            try directory.write("the-next-secret", to: "TERIMA_SIGNING_SECRETS")
            try directory.write(content, to: file)
            await served.reload()
            let start = "error secrets cannot be read again, those from before stay in use code=\(code) error=configuration: \(file)"
            #expect(lines.lines.contains { $0.hasPrefix(start) }, "\(lines.lines)")
            #expect(try await served.receive(event("charge_1")).status == 202)
            #expect(try await served.receive(event("charge_2"), secret: "the-next-secret").status == 401)
            #expect(try await served.http.get("/v1/status").json?["receiver"]?["signingSecrets"]?.elements.count == 1)
        }
    }

    @Test func otherSettingsWaitForTheNextStart() async throws {
        let lines = LineRecorder()
        try await installation().serve(logger: Logger(label: "test", factory: { _ in lines })) { served in
            try served.installation.directory.write("maximum_body: 100000\nsilence_alarm: 2h\n", to: "terima.yaml")
            await served.reload()
            #expect(
                lines.lines.contains("warning other settings have changed, too; they are taken at the next start settings=maximum_body,silence_alarm"))
        }
    }

    @Test func theCertificateIsTakenFromItsFiles() async throws {
        var installation = try await installation()
        installation.environment["TERIMA_TLS_CERTIFICATE_FILE"] = try installation.directory.write(TestCertificates.server, to: "tls.pem")
        installation.environment["TERIMA_TLS_KEY_FILE"] = try installation.directory.write(TestCertificates.serverKey, to: "tls.key")
        let lines = LineRecorder()
        try await installation.serve(logger: Logger(label: "test", factory: { _ in lines })) { served in
            func end() async throws -> String? { try await served.socket.get("/v1/status").json?["receiver"]?["tls"]?["notAfter"]?.string }
            #expect(try await end() == "2125-01-01T00:00:00.000Z")
            #expect(try await served.socket.get("/v1/status").json?["attention"]?.elements.isEmpty == true)
            // The certificate of one key with the other key: as it is between two writes.
            try served.installation.directory.write(TestCertificates.expired, to: "tls.pem")
            await served.reload()
            #expect(lines.lines.contains { $0.contains("code=bad_value error=configuration: TERIMA_TLS_KEY_FILE: ") && $0.contains("is not the key of") })
            #expect(try await end() == "2125-01-01T00:00:00.000Z")
            try served.installation.directory.write(TestCertificates.expiredKey, to: "tls.key")
            await served.reload()
            #expect(try await end() == "2001-01-01T00:00:00.000Z")
            #expect(lines.lines.contains("warning TLS files were read again: the TLS certificate expired at 2001-01-01T00:00:00.000Z"))
            let run = try await served.installation.run("status")
            #expect(run.status == 1)
            #expect(run.lines.contains { $0.hasPrefix("certificate       until 2001-01-01T00:00:00Z (") })
            #expect(
                run.lines.last == "- the TLS certificate expired at 2001-01-01T00:00:00.000Z  ->  renew it; terima takes the new files by itself")
            let metrics = try await served.http.get("/metrics").text
            #expect(metrics.contains("\nterima_tls_certificate_expiry_timestamp_seconds 978307200\n"))
        }
    }
}
