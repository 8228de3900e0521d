import Foundation
import PaymentCore
import Testing
import TestSupport

@testable import Terima

@Suite(.timeLimit(.minutes(5))) struct CheckCommandTests {
    private func grades(_ run: CommandRun) -> Set<String> { Set(run.lines.map { String($0.prefix(5)).trimming(" ") }) }

    @Test func aGoodConfigurationPasses() async throws {
        let shop = try await Shop.start()
        let installation = try await Installation(shop: shop.port)
        let run = try await installation.run("check")
        #expect(run.status == 0)
        #expect(run.error.isEmpty)
        #expect(grades(run) == ["ok"])
        for line in [
            "ok   database                    \(installation.database) (TERIMA_DATABASE)",
            "ok   signing_secrets             1, from TERIMA_SIGNING_SECRETS: PPRO signs webhooks to us with it",
            "ok   directory                   \(installation.directory.path) can be written",
            "ok   database                    \(installation.database) is whole; 14 events",
            "ok   endpoint shop               http://127.0.0.1:\(shop.port)/hook is reachable (HEAD answered 204)",
        ] {
            #expect(run.lines.contains(line), "\(line)")
        }
        // Asked whether anybody is there, and told nothing.
        let asked = try #require(await shop.next())
        #expect(asked.method == "HEAD")
        #expect(asked.body.isEmpty && asked.header("webhook-id") == nil)
        await shop.stop()
    }

    @Test func whatIsThereIsNotChangedAndNoSecretIsShown() async throws {
        let installation = try await Installation(isSeeded: false)
        let run = try await installation.run("check")
        #expect(run.status == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: installation.directory.path) == ["terima.yaml"])
        #expect(run.lines.contains("ok   database                    \(installation.database) does not exist yet; `terima serve` creates it"))
        for secret in [Installation.signingSecret, Installation.token, installation.endpointSecret] { #expect(!(run.text + run.error).contains(secret)) }
    }

    @Test func aSecretThatOthersMayReadIsWarnedOf() async throws {
        var installation = try await Installation()
        let path = try installation.directory.write(Installation.signingSecret, to: "ppro.secret")
        installation.environment["TERIMA_SIGNING_SECRETS"] = nil
        installation.environment["TERIMA_SIGNING_SECRETS_FILE"] = path
        let warning = "warn permissions                 \(path) holds a secret and is open to other users; chmod 600 it"
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(try await installation.run("check").lines.contains(warning))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let mended = try await installation.run("check")
        #expect(!mended.lines.contains(warning))
    }

    @Test func objectsForPrograms() async throws {
        let run = try await Installation().run("check", "--json")
        #expect(run.status == 1)
        #expect(run.objects.count == run.lines.count)
        for object in run.objects { #expect(object.members.map(\.key) == ["grade", "subject", "text"]) }
        let failed = run.objects.filter { $0["grade"]?.string == "fail" }
        #expect(failed.map { $0["subject"]?.string } == ["endpoint shop"])
    }

    @Test func whatWouldFailAtNightFailsNow() async throws {
        var installation = try await Installation()
        installation.environment["TERIMA_SIGNING_SECRETS"] = nil
        installation.environment["TERIMA_RETRY_SCHEDULE"] = "1s,2s"
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: installation.database)
        let run = try await installation.run("check")
        #expect(run.status == 1)
        #expect(grades(run) == ["ok", "warn", "FAIL"])
        for start in [
            "FAIL signing_secrets             none; ask PPRO's account manager for the signing secret",
            "FAIL endpoint shop               http://127.0.0.1:1/hook is not reachable: ",
            "warn permissions                 \(installation.database) is open to other users; chmod 600 it",
            "warn retry_schedule              a notification is given up within an hour",
        ] {
            #expect(run.lines.contains { $0.hasPrefix(start) }, "\(start)")
        }
    }

    @Test func aPlaceThatCannotBeUsedFails() async throws {
        var installation = try await Installation(isSeeded: false)
        for name in ["TERIMA_ENDPOINTS", "TERIMA_ENDPOINT_SHOP_URL", "TERIMA_ENDPOINT_SHOP_SECRET", "TERIMA_API_TOKEN"] {
            installation.environment[name] = nil
        }
        let long = installation.directory.path + "/" + String(repeating: "d", count: 60)
        installation.environment["TERIMA_DATABASE"] = long + "/terima.db"
        let run = try await installation.run("check")
        #expect(run.status == 1)
        #expect(run.lines.contains { $0.hasPrefix("FAIL directory                   \(long) cannot be read and written by this user") })
        #expect(run.lines.contains { $0.hasPrefix("FAIL socket                      the database's path is too long") })
        #expect(run.lines.contains { $0.hasPrefix("warn endpoints                   none: ") })
        #expect(run.lines.contains { $0.hasPrefix("ok   api                         only on the Unix socket ") })
        // `serve` says the same and does not begin.
        let serve = try await installation.run("serve")
        #expect(serve.status == 78)
        #expect(serve.error.hasPrefix("terima: configuration: TERIMA_DATABASE: the path is too long for the Unix socket"))
    }

    @Test func pprosAPIIsAskedWhetherItTakesTheKey() async throws {
        let ppro = try await FakePPRO.start()
        var installation = try await Installation()
        installation.environment.merge(ppro.environment) { $1 }
        let good = try await installation.run("check")
        #expect(good.lines.last == "ok   ppro                        http://127.0.0.1:\(ppro.port) answers and takes the key")
        installation.environment["TERIMA_PPRO_KEY"] = "another-key"
        let bad = try await installation.run("check")
        #expect(bad.status == 1)
        #expect(bad.lines.last == "FAIL ppro                        http://127.0.0.1:\(ppro.port): unauthorized: get charge: PPRO answered 401: Unauthorized")
        #expect(!(good.text + bad.text + bad.error).contains(FakePPRO.key))
        #expect(!(bad.text + bad.error).contains("another-key"))
        await ppro.stop()
    }

    @Test func theCertificateIsLookedAt() async throws {
        var installation = try await Installation(isSeeded: false)
        let directory = installation.directory
        installation.environment["TERIMA_TLS_CERTIFICATE_FILE"] = try directory.write(TestCertificates.server, to: "tls.pem")
        installation.environment["TERIMA_TLS_KEY_FILE"] = try directory.write(TestCertificates.serverKey, to: "tls.key")
        let good = try await installation.run("check")
        #expect(good.lines.contains { $0.hasPrefix("ok   tls                         the TLS certificate is valid until 2125-01-01T00:00:00.000Z, for ") })
        try directory.write(TestCertificates.expired, to: "tls.pem")
        try directory.write(TestCertificates.expiredKey, to: "tls.key")
        let expired = try await installation.run("check")
        #expect(expired.lines.contains { $0.hasPrefix("FAIL tls                         the TLS certificate expired at 2001-01-01T00:00:00.000Z") })
        installation.environment["TERIMA_TLS_CLIENT_CA_FILE"] = directory.file("none.pem")
        let text = "configuration: TERIMA_TLS_CLIENT_CA_FILE: \(directory.file("none.pem")): the file cannot be read: No such file or directory (unreadable)"
        #expect(try await installation.run("check").lines.contains("FAIL tls                         \(text)"))
        // `serve` says the same and does not begin; there is no database then.
        let serve = try await installation.run("serve")
        #expect(serve.status == 78)
        #expect(serve.error.hasPrefix("terima: " + text))
        #expect(!FileManager.default.fileExists(atPath: installation.database))
    }

    @Test func aDamagedDatabaseFails() async throws {
        let installation = try await Installation(isSeeded: false)
        try installation.directory.write(String(repeating: "no database ", count: 100), to: "terima.db")
        let run = try await installation.run("check")
        #expect(run.status == 1)
        #expect(run.lines.contains { $0.hasPrefix("FAIL database                    database_") && $0.contains("restore a backup") })
    }

    @Test func aListOfTheFileIsShownAsOne() async throws {
        var installation = try await Installation()
        installation.environment["TERIMA_ENDPOINTS"] = nil
        for name in ["TERIMA_ENDPOINT_SHOP_URL", "TERIMA_ENDPOINT_SHOP_SECRET"] { installation.environment[name] = nil }
        let file = try installation.directory.write("retry_schedule: [1h, 2h]\nlog_format: json\n", to: "terima.yaml")
        let run = try await installation.run("check")
        #expect(run.status == 0)
        #expect(run.lines.contains("ok   retry_schedule              1h,2h (retry_schedule in \(file))"))
        #expect(run.lines.contains("ok   log_format                  json (log_format in \(file))"))
    }

    @Test(arguments: [
        (["TERIMA_LISTEN": "8080"], "TERIMA_LISTEN: must be host:port, e.g. 127.0.0.1:8080 (bad_value)"),
        (["TERIMA_LISTN": "127.0.0.1:1"], "TERIMA_LISTN: is no setting; did you mean TERIMA_LISTEN? (unknown_key)"),
        (["TERIMA_ENDPOINT_SHOP_URL": "ftp://x/"], "TERIMA_ENDPOINT_SHOP_URL: must be an http:// or https:// URL"),
    ])
    func aBadConfigurationEndsEveryCommand(changes: [String: String], message: String) async throws {
        var installation = try await Installation()
        installation.environment.merge(changes) { $1 }
        for arguments in [["check"], ["serve"], ["status"], ["events", "list"], ["replay", "--failed"]] {
            let run = try await installation.run(arguments)
            #expect(run.status == 78)
            #expect(run.output.isEmpty)
            #expect(run.error.hasPrefix("terima: configuration: " + message), "\(run.error)")
        }
    }

    /// The others do not even read it: who runs them may not be able to.
    @Test func aBadSecretEndsTheCommandsThatReadIt() async throws {
        var installation = try await Installation()
        installation.environment["TERIMA_API_TOKEN"] = "short"
        for command in ["check", "serve"] {
            let run = try await installation.run(command)
            #expect(run.status == 78)
            #expect(run.error.hasPrefix("terima: configuration: TERIMA_API_TOKEN: must be secret, at least 16 characters (bad_value)"))
        }
        #expect(try await installation.run("events", "list", "--json").objects.count == Template.eventCount)
    }

    @Test func aConfigurationFileThatIsNamedMustBeThere() async throws {
        let installation = try await Installation()
        let missing = installation.directory.file("none.yaml")
        let run = try await installation.run(["check", "--config", missing])
        #expect(run.status == 78)
        #expect(run.error.hasPrefix("terima: configuration: \(missing): the file cannot be read: No such file or directory"))
    }
}
