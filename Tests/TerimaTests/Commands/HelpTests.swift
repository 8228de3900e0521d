import PaymentCore
import Testing

@testable import Terima

/// What a command says about itself.
@Suite(.timeLimit(.minutes(5))) struct HelpTests {
    private static let commands = [
        "serve", "status", "alarms list", "alarms acknowledge", "events list", "events show", "charges list", "charges show", "agreements list",
        "agreements show", "deliveries list",
        "deliveries show", "pay", "replay", "reconcile", "rebuild", "backup", "restore", "purge", "erase", "verify", "check", "keygen",
    ]
    private static let groups = ["events", "charges", "agreements", "deliveries"]

    private func help(_ command: String) async throws -> CommandRun {
        try await CommandRun.of(command.split(separator: " ").map(String.init) + ["--help"], environment: [:])
    }

    /// As people read it: the terminal's line ends are no part of the text.
    private func words(_ text: String) -> String { text.split { $0.isWhitespace }.joined(separator: " ") }

    @Test func everyCommandHasExamplesThatBeginWithIt() async throws {
        for command in Self.commands {
            let run = try await help(command)
            #expect(run.status == 0)
            #expect(run.error.isEmpty)
            #expect(run.text.hasPrefix("OVERVIEW: "))
            let examples = run.lines.drop { !$0.hasPrefix("EXAMPLE") }.prefix { !$0.hasPrefix("USAGE") }.joined(separator: " ")
            #expect(examples.contains("terima \(command)"), "\(command)")
        }
    }

    @Test func everyCommandIsListed() async throws {
        let entries = try await help("").lines.drop { $0 != "SUBCOMMANDS:" }.dropFirst()
        // An entry is indented by two spaces, what continues it by more.
        let listed = entries.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.hasPrefix("  See ") }
        let names = listed.compactMap { (line: String) -> String? in line.split(separator: " ").first.map(String.init) }
        let known = Self.commands.compactMap { (command: String) -> String? in command.split(separator: " ").first.map(String.init) }
        #expect(Set(names) == Set(known))
        for group in Self.groups {
            let text = try await help(group).text
            #expect(text.contains("list (default)") && text.contains("  show "))
        }
    }

    /// The codes stand once, in the first help, and again where 1 is an answer of its own.
    @Test func exitCodesAreDocumented() async throws {
        let root = words(try await help("").text)
        let codes =
            "0 done; 1 something needs a person, or a check found a difference; 64 the command line cannot be understood; 66 there is no such thing; "
            + "69 the service is not running; 74 the database cannot be used; 75 what was waited for has not come; 78 the configuration is wrong."
        #expect(root.contains("Exit codes: " + codes))
        #expect(words(try Repository.text("README.md")).contains("Exit codes: " + codes))
        let known: [CommandFailure.Code] = [.needsAttention, .usage, .notFound, .unavailable, .storage, .unfinished, .configuration]
        for code in known { #expect(codes.contains("\(code.rawValue) ")) }
        for (command, text) in [
            ("status", "Exit code 0 when all is well, 1 when something needs a person"), ("rebuild", "the exit code is 1 when any charge or agreement differs"),
            ("verify", "Exit code 0 when the signature holds, 1 when it does not."), ("check", "Exit code 1 when anything failed."),
            ("serve", "Exit code 74 means that the disk failed for good"),
        ] {
            #expect(words(try await help(command).text).contains(text), "\(command)")
        }
    }

    @Test func everySettingIsInTheHelpOfCheck() async throws {
        let text = words(try await help("check").text)
        for setting in Setting.allCases {
            #expect(text.contains(setting.key.environment + " "))
            #expect(text.contains(words(setting.summary)))
        }
    }

    @Test func theReleaseIsTold() async throws {
        #expect(try await CommandRun.of(["--version"], environment: [:]).text == Version.text + "\n")
    }

    @Test func aWrongWordIsNotGuessed() async throws {
        for arguments in [["server"], ["events", "lst"], ["status", "--jsn"], ["keygen", "now"]] {
            let run = try await CommandRun.of(arguments, environment: [:])
            #expect(run.status == 64)
            #expect(run.output.isEmpty)
            #expect(run.error.hasPrefix("Error: "))
        }
    }

    @Test func aKeyIsASecretThatBothSidesTake() async throws {
        let (first, second) = (try await CommandRun.of(["keygen"], environment: [:]), try await CommandRun.of(["keygen"], environment: [:]))
        #expect(first.status == 0 && first.lines.count == 1)
        #expect(first.output != second.output)
        let text = try #require(first.lines.first)
        let secret = try #require(EndpointSecret(text))
        #expect(Base64.decode(text.dropFirst("whsec_".count).utf8)?.count == 32)
        let now = Instant(milliseconds: Life.start)
        let headers = StandardWebhooks.headers(id: "ntf_1", at: now, body: [1, 2, 3], secrets: [secret])
        func header(_ name: String) -> String { headers.first { $0.name == name }?.value ?? "" }
        let verdict = StandardWebhooks.verify(
            id: header("webhook-id"), timestamp: header("webhook-timestamp"), signature: header("webhook-signature"), body: [1, 2, 3],
            secrets: [try #require(EndpointSecret(text))], now: now)
        #expect(throws: Never.self) { try verdict.get() }
    }
}
