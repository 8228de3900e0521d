import ArgumentParser

/// Options of every command that needs the configuration.
struct CommonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The YAML configuration file (default: /etc/terima/terima.yaml if there is one).", valueName: "file"))
    var config: String?

    /// - Parameter readsSecrets: false where none is needed: the command then works also for those who cannot read them.
    func configuration(readsSecrets: Bool = true) async throws -> ServiceConfiguration {
        try await ServiceConfiguration.load(environment: ProcessEnvironment.variables, configFile: config, readsSecrets: readsSecrets)
    }
}

/// How an answer is printed.
struct OutputOptions: ParsableArguments {
    @Flag(help: "One JSON object a line, for programs; times are ISO 8601, amounts are minor units.")
    var json = false
}

/// Which rows of a list are wanted.
struct ListOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only rows from then on: a time (2026-06-03T11:23:47Z) or how long ago (2h).", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Only rows before then.", valueName: "time"))
    var until: String?

    @Option(help: ArgumentHelp("At most so many rows, newest first (1 to 10000).", valueName: "n"))
    var limit: Int = 50

    func parameters() -> Parameters {
        var parameters = Parameters()
        parameters.add("since", since)
        parameters.add("until", until)
        parameters.add("limit", String(limit))
        return parameters
    }
}
