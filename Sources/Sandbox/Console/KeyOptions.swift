import ArgumentParser

/// Where a command finds the API key.
struct KeyOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The key itself. Other users of the machine can see it in the list of processes.", valueName: "key"))
    var key: String?

    @Option(help: ArgumentHelp("A file that holds the key, on one line.", valueName: "file"))
    var keyFile: String?

    func validate() throws {
        if key != nil && keyFile != nil { throw ValidationError("Give --key or --key-file, not both.") }
    }

    /// The key's text.
    /// - Throws: `ValidationError` when none is given, `SandboxError` when its file cannot be used.
    func text() throws -> String {
        if let key { return key }
        guard let keyFile else { throw ValidationError("Give the API key with --key-file FILE or --key KEY.") }
        return try SmallFile.line(keyFile, what: "the key")
    }
}
