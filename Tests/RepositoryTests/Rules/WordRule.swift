/// Words that must not be in the code. What strings say is never looked at; the marks of unfinished work are looked for in comments.
enum WordRule {
    /// Tokens in a row, and what to do instead.
    private struct Phrase {
        var words: [String]
        var fix: String
        var shown: String { words.joined() }
    }

    private static let traps = [
        Phrase(words: ["try!"], fix: "handle the error or let it through"),
        Phrase(words: ["as!"], fix: "use as? and handle nil"),
        Phrase(words: ["fatalError", "("], fix: "make the case impossible by types, or throw"),
        Phrase(words: ["preconditionFailure", "("], fix: "make the case impossible by types, or throw"),
    ]

    private static let publicAccess = [
        Phrase(words: ["public"], fix: "use package: our public surface is HTTP, the command line and the files")
    ]

    private static let sleeps = ["sleep", "usleep", "nanosleep", "clock_nanosleep"].map {
        Phrase(words: [$0, "("], fix: "wait on the event itself, never on time")
    }

    private static let uncheckedConcurrency = [
        Phrase(words: ["@", "unchecked"], fix: "use a lock the compiler knows (Mutex), or give the reason in Exceptions.uncheckedConcurrency"),
        Phrase(words: ["nonisolated", "(", "unsafe", ")"], fix: "make it Sendable, or give the reason in Exceptions.uncheckedConcurrency"),
    ]

    private static let unfinished = ["TODO", "FIXME", "XXX", "HACK"]

    /// Nothing that comes from outside may end the process.
    static func trapFindings(in file: SourceFile) -> [Finding] {
        file.area == "Sources" ? findings(traps, in: file) : []
    }

    static func publicFindings(in file: SourceFile) -> [Finding] {
        file.area == "Sources" ? findings(publicAccess, in: file) : []
    }

    static func sleepFindings(in file: SourceFile) -> [Finding] {
        file.area == "Tests" ? findings(sleeps, in: file) : []
    }

    static func uncheckedConcurrencyFindings(in file: SourceFile) -> [Finding] {
        findings(uncheckedConcurrency, in: file)
    }

    static func unfinishedFindings(in file: SourceFile) -> [Finding] {
        file.comments.flatMap { comment in
            comment.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { offset, text in
                text.split { !$0.isLetter }.filter { unfinished.contains(String($0)) }.map { word in
                    Finding(path: file.path, line: comment.line + offset, problem: "a comment says \(word)", fix: "do it, or leave it out")
                }
            }
        }
    }

    private static func findings(_ phrases: [Phrase], in file: SourceFile) -> [Finding] {
        file.tokens.indices.flatMap { index in
            phrases.filter { file.has($0.words, at: index) }.map {
                Finding(path: file.path, line: file.tokens[index].line, problem: "\($0.shown) is not allowed here", fix: $0.fix)
            }
        }
    }
}
