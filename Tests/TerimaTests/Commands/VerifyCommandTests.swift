import PaymentCore
import Testing
import TestSupport

@testable import Terima

/// The doctor knows its illnesses by its own tests; here it is asked from the command line.
@Suite(.timeLimit(.minutes(5))) struct VerifyCommandTests {
    private let body = #"{"id":"1", "amount":{"value":100}}"#
    private let signedAt = Instant(milliseconds: Life.start)
    private let at = "2026-06-03T11:23:30Z"

    private func installation() async throws -> Installation {
        var installation = try await Installation(isSeeded: false)
        installation.environment["TERIMA_SIGNING_SECRETS"] = "an-older-secret,\(Installation.signingSecret)"
        return installation
    }

    private func signature(secret: String = Installation.signingSecret) -> String {
        "PPRO-Signature: " + PPROSigner.current(body: Array(body.utf8), secret: SigningSecret(secret), at: signedAt)
    }

    private func verify(_ installation: Installation, _ body: String, _ options: String...) async throws -> CommandRun {
        let file = try installation.directory.write(body, to: "body.json")
        return try await installation.run(["verify", "--body", file] + options)
    }

    @Test func aGenuineWebhookHolds() async throws {
        let installation = try await installation()
        let run = try await verify(installation, body, "--header", signature(), "--at", at)
        #expect(run.status == 0)
        #expect(
            run.lines == [
                "The signature holds: PPRO-Signature, secret 2 of 2.", "Signed at 2026-06-03T11:23:00.000Z, 30s before the time it was judged at.",
            ])
        let json = try await verify(installation, body, "--header", signature(), "--at", at, "--json")
        #expect(json.status == 0)
        #expect(json.objects.first?["holds"]?.bool == true)
        #expect(json.objects.first?["secret"]?.integerValue == 2)
        let legacy = "Webhook-Signature: " + PPROSigner.legacy(body: Array(body.utf8), secret: SigningSecret("an-older-secret"))
        #expect(try await verify(installation, body, "--header", legacy).lines.first == "The signature holds: Webhook-Signature, secret 1 of 2.")
    }

    @Test func theBodyMayComeFromStandardInput() async throws {
        let installation = try await installation()
        let run = try await installation.run("verify", "--body", "-", "--header", signature(), "--at", at, input: body)
        #expect(run.status == 0)
        let other = try await installation.run("verify", "--body", "-", "--header", signature(), "--at", at, input: body + " ")
        #expect(other.status == 1)
    }

    @Test func theUsualMistakesAreRecognised() async throws {
        let installation = try await installation()
        let cases: [(body: String, header: String, at: String, finding: String)] = [
            (body + "\n", signature(), at, "- the body has gained a line end at its end"),
            (#"{"id":"1","amount":{"value":100}}"#, signature(secret: Installation.signingSecret + " "), at, "None of the usual mistakes explains it"),
            (body, signature(secret: Installation.signingSecret + " "), at, "- the secret configured here differs from PPRO's in white space at its ends"),
            (body, signature(secret: "forged"), at, "None of the usual mistakes explains it: either none of the 2 secrets"),
            (body, signature(), "2026-06-09T11:23:00Z", "It is genuine, but 72h older than TERIMA_SIGNATURE_TOLERANCE allows"),
            (body, signature(), "2026-06-03T11:00:00Z", "It is genuine, but 18m further ahead than TERIMA_SIGNATURE_TOLERANCE_AHEAD allows"),
            (body, "PPRO-Signature: t=1,s=00", at, "The header is not of the form t=<unix seconds>,s=<64 hexadecimal digits>"),
            (body, "X-Other: 1", at, "There is no PPRO-Signature header"),
        ]
        for (body, header, at, finding) in cases {
            let run = try await verify(installation, body, "--header", header, "--at", at)
            #expect(run.status == 1, "\(finding)")
            #expect(run.lines.first?.hasPrefix("The signature does not hold: signature_") == true, "\(finding)")
            #expect(run.lines.contains { $0.hasPrefix(finding) }, "\(run.text)")
            for secret in [Installation.signingSecret, "an-older-secret"] { #expect(!(run.text + run.error).contains(secret)) }
        }
    }

    @Test func aSecondHeaderIsNoHeader() async throws {
        let run = try await verify(try await installation(), body, "--header", signature(), "--header", signature(), "--at", at, "--json")
        #expect(run.status == 1)
        #expect(run.objects.first?["error"]?.string == "signature_malformed")
    }

    @Test func whatIsMissingIsSaid() async throws {
        var installation = try await installation()
        let unreadable = try await installation.run("verify", "--body", installation.directory.file("none"), "--header", signature())
        #expect(unreadable.status == 66)
        #expect(unreadable.error.hasPrefix("terima: the body cannot be read from \(installation.directory.file("none")): No such file"))
        let time = try await verify(installation, body, "--header", signature(), "--at", "now")
        #expect(time.status == 64)
        #expect(time.error == "terima: --at must be a time like 2026-06-03T11:23:47Z\n")
        let header = try await verify(installation, body, "--header", "PPRO-Signature t=1")
        #expect(header.status == 64)
        #expect(header.error == "terima: --header takes 'Name: value'; there is no colon in 'PPRO-Signature t=1'\n")
        #expect(try await installation.run("verify", "--header", signature()).status == 64)
        installation.environment["TERIMA_SIGNING_SECRETS"] = nil
        let secrets = try await verify(installation, body, "--header", signature())
        #expect(secrets.status == 78)
        #expect(secrets.error.hasPrefix("terima: no signing secrets are configured"))
    }
}
