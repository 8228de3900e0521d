/// Files are found by the type in them, and types are named by what they are.
enum NameRule {
    private static let bannedWords: Set = ["Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Manager", "Impl", "Misc"]

    struct Declaration: Equatable {
        var keyword: String
        var name: String
        var line: Int
    }

    static func findings(in file: SourceFile) -> [Finding] {
        let declared = declarations(in: file)
        return fileName(file, declared) + directoryNames(file)
            + declared.filter { $0.keyword != "extension" }.flatMap { declaration in
                banned(declaration.name).map {
                    Finding(
                        path: file.path, line: declaration.line, problem: "\(declaration.name) says \($0)",
                        fix: "name it by what it is in the field's own words")
                }
            }
    }

    /// Types and extensions, wherever they are nested. `extension A.B` counts as one of `A` and one of `B`.
    static func declarations(in file: SourceFile) -> [Declaration] {
        let keywords: Set = ["struct", "class", "enum", "actor", "protocol", "typealias", "extension"]
        return file.tokens.indices.flatMap { index -> [Declaration] in
            let keyword = file.text(index)
            guard keywords.contains(keyword), file.text(index - 1) != ".", file.text(index - 1) != "import" else { return [] }
            var names = [file.text(index + 1)]
            while keyword == "extension" && file.text(index + names.count * 2) == "." { names.append(file.text(index + names.count * 2 + 1)) }
            // Types begin with a capital, which tells them from `class func` and `actor.run()`.
            return names.filter { $0.first?.isUppercase == true }.map { Declaration(keyword: keyword, name: $0, line: file.tokens[index].line) }
        }
    }

    private static func fileName(_ file: SourceFile, _ declared: [Declaration]) -> [Finding] {
        let parts = file.stem.split(separator: "+", omittingEmptySubsequences: false)
        let type = parts.first.map(String.init) ?? ""
        if file.stem == "main" { return [] }
        var findings = parts.flatMap { part in
            banned(part).map {
                Finding(path: file.path, line: 1, problem: "the file's name says \($0)", fix: "name it by the main type in it")
            }
        }
        let isPart = parts.count == 2 && !parts[1].isEmpty
        if parts.count > 1 && !isPart {
            findings.append(
                Finding(path: file.path, line: 1, problem: "the file's name is no Type+Part", fix: "one plus sign, a type before it, a word after it"))
        } else if !declared.contains(where: { $0.name == type && (isPart || $0.keyword != "extension") }) {
            let problem = isPart ? "it neither declares nor extends \(type)" : "it declares no type \(type)"
            findings.append(Finding(path: file.path, line: 1, problem: problem, fix: "name the file by the main type in it, or Type+Part.swift"))
        }
        return findings
    }

    private static func directoryNames(_ file: SourceFile) -> [Finding] {
        file.path.split(separator: "/").dropLast().flatMap { directory in
            banned(directory).map {
                Finding(path: file.path, line: 1, problem: "the directory \(directory) says \($0)", fix: "name it by what the files in it are about")
            }
        }
    }

    /// The banned words in a name in camel case: any of the list, and a `New` at the beginning.
    private static func banned(_ name: some StringProtocol) -> [String] {
        var words: [String] = []
        for character in name {
            if character.isUppercase || words.isEmpty { words.append("") }
            words[words.count - 1].append(character)
        }
        var found = words.filter(bannedWords.contains)
        if words.count > 1, words.first == "New" { found.append("New") }
        return found
    }
}
