import ArgumentParser
import PaymentCore
import SystemPackage

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "The signature doctor: is this webhook genuine, and if not, what went wrong?",
        discussion: """
            Give the body exactly as it came over the wire and the signature header as it was sent. The secrets are those of the configuration;
            they are named by their position and never shown. Exit code 0 when the signature holds, 1 when it does not.

            EXAMPLES:
              terima verify --body body.json --header 'PPRO-Signature: t=1780485827,s=2c2f…'
              curl -s … | terima verify --body - --header 'Webhook-Signature: 5d41…' --at 2026-06-03T11:23:50Z
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions
    @Option(help: ArgumentHelp("The file with the raw body; - for standard input.", valueName: "file")) var body: String
    @Option(help: ArgumentHelp("A header line, 'Name: value'; may be repeated.", valueName: "line")) var header: [String] = []
    @Option(help: ArgumentHelp("Judge the signature's age as of then (default: now).", valueName: "time")) var at: String?

    func run() async throws {
        try await runCommand {
            let configuration = try await common.configuration()
            guard !configuration.signingSecrets.isEmpty else {
                throw CommandFailure(
                    .configuration, "no signing secrets are configured; set TERIMA_SIGNING_SECRETS, or TERIMA_SIGNING_SECRETS_FILE to a file with them")
            }
            let now = try at.map { text in
                guard let instant = Instant(iso8601: text) else { throw CommandFailure(.usage, "--at must be a time like 2026-06-03T11:23:47Z") }
                return instant
            }
            let doctor = SignatureDoctor(
                secrets: configuration.signingSecrets, legacy: configuration.legacySignature, tolerance: configuration.signatureTolerance)
            let diagnosis = doctor.examine(body: try readBody(), headers: try signatureHeaders(), now: now ?? WallClock.now())
            try report(diagnosis)
            if !diagnosis.holds { throw ExitCode(CommandFailure.Code.needsAttention.rawValue) }
        }
    }

    private func readBody() throws -> [UInt8] {
        do { return body == "-" ? try FileText.bytes(of: .standardInput, name: "standard input") : try FileText.bytes(body) } catch let error as Errno {
            throw CommandFailure(.notFound, "the body cannot be read from \(body): \(error.localizedText)")
        }
    }

    private func signatureHeaders() throws -> SignatureHeaders {
        var headers = SignatureHeaders(current: [], legacy: [])
        for line in header {
            guard let colon = line.firstIndex(of: ":") else { throw CommandFailure(.usage, "--header takes 'Name: value'; there is no colon in '\(line)'") }
            let value = String(line[line.index(after: colon)...].drop { $0 == " " })
            switch line[..<colon].lowercased() {
            case SignatureScheme.current.rawValue.lowercased(): headers.current.append(value)
            case SignatureScheme.legacy.rawValue.lowercased(): headers.legacy.append(value)
            default: continue
            }
        }
        return headers
    }

    private func report(_ diagnosis: SignatureDoctor.Diagnosis) throws {
        if output.json {
            var writer = JSONWriter()
            diagnosis.write(to: &writer)
            return try Console.write(writer.bytes + [0x0A])
        }
        try Console.lines(diagnosis.sentences)
    }
}
