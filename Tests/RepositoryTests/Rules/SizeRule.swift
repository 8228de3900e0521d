/// Files of at most 400 lines, functions of at most 60: what does not fit on a screen is not read.
enum SizeRule {
    static let maximumFileLines = 400
    static let maximumFunctionLines = 60

    struct Function: Equatable {
        var name: String
        /// Of the keyword.
        var line: Int
        /// From the keyword to the closing brace, both counted; nil when the brace is never closed.
        var lines: Int?
    }

    static func findings(in file: SourceFile) -> [Finding] {
        var findings: [Finding] = []
        if file.lineCount > maximumFileLines {
            findings.append(
                Finding(
                    path: file.path, line: maximumFileLines + 1, problem: "\(file.lineCount) lines, at most \(maximumFileLines) are allowed",
                    fix: "move a part of it to a file Type+Part.swift"))
        }
        for function in functions(in: file) {
            guard let lines = function.lines else {
                let fix = "close it in every branch of #if, so that its length can be counted"
                findings.append(Finding(path: file.path, line: function.line, problem: "\(function.name) is never closed", fix: fix))
                continue
            }
            if lines > maximumFunctionLines {
                let problem = "\(function.name) has \(lines) lines, at most \(maximumFunctionLines) are allowed"
                findings.append(Finding(path: file.path, line: function.line, problem: problem, fix: "give a part of it a name of its own"))
            }
        }
        return findings
    }

    /// Everything with a body that is called: `func`, `init`, `deinit`, `subscript`; nested ones count for themselves and for the outer one.
    static func functions(in file: SourceFile) -> [Function] {
        file.tokens.indices.compactMap { index in
            guard declaresFunction(file, at: index), let brace = bodyStart(file, after: index) else { return nil }
            let first = file.tokens[index].line
            let name = file.text(index) == "func" ? file.text(index + 1) : file.text(index)
            return Function(name: name, line: first, lines: bodyEnd(file, from: brace).map { $0 - first + 1 })
        }
    }

    private static func declaresFunction(_ file: SourceFile, at index: Int) -> Bool {
        guard file.text(index - 1) != "." else { return false }
        let next = file.text(index + 1)
        return switch file.text(index) {
        case "func": true
        case "init": ["(", "<", "?", "!"].contains(next)
        case "subscript": ["(", "<"].contains(next)
        case "deinit": next == "{"
        default: false
        }
    }

    /// What can follow a requirement of a protocol, which has no body.
    private static let declarations: Set = [
        "func", "init", "var", "let", "subscript", "static", "class", "struct", "enum", "case", "typealias", "associatedtype", "extension", "protocol",
        "package", "public", "private", "fileprivate", "internal", "mutating", "nonmutating", "nonisolated", "#",
    ]

    private static func bodyStart(_ file: SourceFile, after keyword: Int) -> Int? {
        var depth = 0
        for index in (keyword + 1)..<max(file.tokens.count, keyword + 1) {
            switch file.text(index) {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "{" where depth == 0: return index
            case "}" where depth == 0: return nil
            case let word where depth == 0 && index > keyword + 1 && declarations.contains(word): return nil
            default: break
            }
        }
        return nil
    }

    /// The line of the brace that closes the one at `brace`.
    private static func bodyEnd(_ file: SourceFile, from brace: Int) -> Int? {
        var depth = 0
        for index in brace..<file.tokens.count {
            if file.text(index) == "{" { depth += 1 }
            if file.text(index) == "}" {
                depth -= 1
                if depth == 0 { return file.tokens[index].line }
            }
        }
        return nil
    }
}
