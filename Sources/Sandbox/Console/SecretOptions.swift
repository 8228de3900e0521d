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

    /// The secret's text. The line feed that editors and `echo` put at a file's end is no part of it.
    /// - Throws: `ValidationError` when none is given, `SandboxError` when its file cannot be used.
    func text() throws -> String {
        if let secret { return secret }
        guard let secretFile else { throw ValidationError("Give the secret with --secret-file FILE or --secret SECRET.") }
        guard let bytes = try SmallFile.read(secretFile) else { throw SandboxError("\(secretFile) does not exist.") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw SandboxError("\(secretFile) is not UTF-8 text.") }
        let line = text.hasSuffix("\r\n") || text.hasSuffix("\n") ? String(text.dropLast()) : text
        guard !line.isEmpty, !line.contains(where: \.isNewline) else { throw SandboxError("\(secretFile) must hold one line, the secret.") }
        return line
    }
}
