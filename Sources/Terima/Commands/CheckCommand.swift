import ArgumentParser
import PaymentCore

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check configuration, permissions, database and endpoints before they fail at night.",
        discussion: """
            Every line begins with ok, warn or FAIL and says what helps. Nothing is changed and no notification is sent: an endpoint is asked with HEAD
            whether anybody is there, and PPRO's API about a charge that there is not. Exit code 1 when anything failed. Secrets are counted, never shown.

            EXAMPLES:
              terima check
              terima check --config ./terima.yaml --json

            SETTINGS (environment variable, or lower case without TERIMA_ in the YAML file):

            """ + settingsText)

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await runCommand {
            let configuration = try await common.configuration()
            var inspection = Inspection(configuration: configuration)
            inspection.checkSettings()
            inspection.checkSecrets()
            inspection.checkTLS()
            inspection.checkFiles()
            await inspection.checkDatabase()
            await inspection.checkEndpoints()
            await inspection.checkPPRO()
            try Console.lines(inspection.findings.map { output.json ? $0.json : $0.line })
            if inspection.findings.contains(where: { $0.grade == .fail }) { throw ExitCode(CommandFailure.Code.needsAttention.rawValue) }
        }
    }

    private static let settingsText =
        Setting.allCases.map { setting in
            let facts = [setting.type, setting.range, setting.standard.map { "default \($0)" }].compactMap { $0 }.joined(separator: "; ")
            return "  \(setting.key.environment)\n    \(setting.summary) [\(facts)]"
        }.joined(separator: "\n") + """

              TERIMA_ENDPOINT_<NAME>_URL, _SECRET, _EVENTS, _CA_FILE
                Where the shop is told, the secret (whsec_…) it is signed with, patterns of the notifications wanted [default *], and a PEM file with the
                certificates of the only authorities whose word counts for it [default: the system's].
              TERIMA_API_TOKEN_FILE, TERIMA_SIGNING_SECRETS_FILE, TERIMA_PPRO_KEY_FILE, TERIMA_ENDPOINT_<NAME>_SECRET_FILE
                The path of a file with the secret; also files api_token, signing_secrets, ppro_key, endpoint_<name>_secret in $CREDENTIALS_DIRECTORY.
            """
}
