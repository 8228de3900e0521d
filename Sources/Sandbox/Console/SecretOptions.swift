import ArgumentParser

/// Where a command finds its secret.
struct SecretOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The secret itself. Other users of the machine can see it in the list of processes.", valueName: "secret"))
    var secret: String?

    @Option(help: ArgumentHelp("A file that holds the secret, on one line.", valueName: "file"))
    var secretFile: String?

    func validate() throws {
        if secret != nil && secretFile != nil { throw ValidationError("Give --secret or --secret-file, not both.") }
    }

    /// The secret's text.
    /// - Throws: `ValidationError` when none is given, `SandboxError` when its file cannot be used.
    func text() throws -> String {
        if let secret { return secret }
        guard let secretFile else { throw ValidationError("Give the secret with --secret-file FILE or --secret SECRET.") }
        return try SmallFile.line(secretFile, what: "the secret")
    }
}
