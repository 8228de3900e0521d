import Foundation
import PaymentCore
import Testing
import TestSupport

@testable import Terima

/// The service as a process of its own.
@Suite(.timeLimit(.minutes(5))) struct ServeCommandTests {
    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func jsonField(_ line: String, _ name: String) -> String? { (try? JSONDocument.parse(Array(line.utf8)))?.root[name]?.string }

    @Test func aLifeOfTheProcess() async throws {
        var installation = try await Installation(isSeeded: false)
        installation.environment["TERIMA_LOG_FORMAT"] = "json"
        let command = RunningCommand.start(["serve"], environment: installation.environment)
        let ready = try #require(await RunningCommand.next(of: command.notes) { $0.contains("terima is ready") })
        #expect(jsonField(ready, "level") == "info")
        #expect(jsonField(ready, "version") == Version.text)
        #expect(jsonField(ready, "time").flatMap { Instant(iso8601: $0) } != nil)
        let port = try #require(jsonField(ready, "listen").flatMap { ListenAddress($0) }?.port)
        let api = try #require(jsonField(ready, "api").flatMap { ListenAddress($0) }?.port)

        // For the owner alone: what is in them is personal data, and the socket is a door without a lock.
        for suffix in ["", "-wal", "-shm", ".lock", ".sock"] {
            #expect(try mode(installation.database + suffix) == 0o600, "\(suffix)")
        }
        let body = Life.report("report_1")
        let signature = PPROSigner.current(body: body, secret: SigningSecret(Installation.signingSecret), at: WallClock.now())
        let receiver = APIClient(place: .port(port), headers: [("PPRO-Signature", signature)])
        #expect(try await receiver.post("/webhooks/ppro", body).status == 202)
        let listing = APIClient(place: .port(api), headers: [("Authorization", "Bearer \(Installation.token)")])
        #expect(try await listing.get("/v1/events").column("id") == ["event-report_1"])
        let second = try await installation.run("serve")
        #expect(second.status == 74)
        #expect(second.error.hasPrefix("terima: database_locked: another terima"))

        #expect(try await command.stop() == 0)
        #expect(await RunningCommand.next(of: command.notes) { $0.contains("terima has stopped") } != nil)
        #expect(!FileManager.default.fileExists(atPath: installation.socketPath))
        #expect(try await installation.run("events", "list", "--json").objects.count == 1)
    }

    @Test func withoutASigningSecretItDoesNotBegin() async throws {
        var installation = try await Installation(isSeeded: false)
        installation.environment["TERIMA_SIGNING_SECRETS"] = nil
        let run = try await installation.run("serve")
        #expect(run.status == 78)
        #expect(run.error.hasPrefix("terima: configuration: TERIMA_SIGNING_SECRETS: must be set (or its _FILE variant)"))
        #expect(!FileManager.default.fileExists(atPath: installation.database))
    }

    @Test func aDatabaseOfANewerReleaseIsLeftAlone() async throws {
        let installation = try await Installation()
        try installation.tamper("PRAGMA user_version = 99")
        let run = try await installation.run("serve")
        #expect(run.status == 74)
        #expect(run.error.hasPrefix("terima: database_newer: "))
        #expect(try installation.integer("PRAGMA user_version") == 99)
    }
}
