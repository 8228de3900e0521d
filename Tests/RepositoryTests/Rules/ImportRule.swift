/// Who may import whom. Receiver and Worker never import each other: they meet in the store.
enum ImportRule {
    struct Import: Equatable {
        var module: String
        var line: Int
    }

    /// Every target and our own modules that it may import. Tests may import what `Package.swift` gives them.
    static let directions: [String: Set<String>] = [
        "CQRencode": [],
        "CSQLite": [],
        "CZstd": [],
        "PaymentCore": [],
        "EventStore": ["PaymentCore", "CSQLite", "CZstd"],
        "Receiver": ["EventStore", "PaymentCore"],
        "Worker": ["EventStore", "PaymentCore"],
        "PPRO": ["PaymentCore"],
        "Terima": ["CQRencode", "EventStore", "PaymentCore", "PPRO", "Receiver", "Worker"],
        "Provider": ["PaymentCore", "CSQLite"],
        "Sandbox": ["PaymentCore", "Provider"],
    ]

    /// Targets whose imports from outside are limited too. PaymentCore is pure: no clock, no I/O, so not even the C library.
    static let outsideModules: [String: Set<String>] = ["PaymentCore": ["Crypto"]]

    static func findings(in file: SourceFile) -> [Finding] {
        let found = imports(in: file)
        guard file.area == "Sources" else {
            return found.filter { $0.module == "CSQLite" }.map { storeOnly($0, file) }
        }
        let target = String(file.target)
        guard let allowed = directions[target] else {
            let fix = "say in ImportRule.directions what it may import"
            return [Finding(path: file.path, line: 1, problem: "target \(target) has no import directions", fix: fix)]
        }
        return found.compactMap { found in
            if found.module == "CSQLite" && !allowed.contains("CSQLite") { return storeOnly(found, file) }
            if directions[found.module] != nil && !allowed.contains(found.module) {
                let ours = allowed.isEmpty ? "nothing of ours" : "only " + allowed.sorted().joined(separator: ", ")
                return Finding(
                    path: file.path, line: found.line, problem: "\(target) imports \(found.module)",
                    fix: "\(target) may import \(ours); move the code to where it belongs or pass the value in")
            }
            if let outside = outsideModules[target], directions[found.module] == nil, !isFoundation(found.module), !outside.contains(found.module) {
                return Finding(
                    path: file.path, line: found.line, problem: "\(target) imports \(found.module)",
                    fix: "\(target) is pure and imports only \(outside.sorted().joined(separator: ", ")); pass the value in from outside")
            }
            return nil
        }
    }

    /// Foundation, FoundationEssentials, FoundationNetworking and the like. Tests may use them: nobody waits for a test's start.
    static func foundationFindings(in file: SourceFile) -> [Finding] {
        guard file.area == "Sources" else { return [] }
        return imports(in: file).filter { isFoundation($0.module) }.map {
            Finding(
                path: file.path, line: $0.line, problem: "imports \($0.module)",
                fix: "do it with the standard library, or give the reason in Exceptions.foundation")
        }
    }

    static func imports(in file: SourceFile) -> [Import] {
        let kinds: Set = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]
        return file.tokens.indices.compactMap { index in
            guard file.text(index) == "import", file.text(index - 1) != "." else { return nil }
            let name = index + (kinds.contains(file.text(index + 1)) ? 2 : 1)
            return Import(module: file.text(name), line: file.tokens[index].line)
        }
    }

    private static func isFoundation(_ module: String) -> Bool { module.hasPrefix("Foundation") }

    private static func storeOnly(_ found: Import, _ file: SourceFile) -> Finding {
        Finding(
            path: file.path, line: found.line, problem: "imports CSQLite",
            fix: "only EventStore and the sandbox's Provider talk to SQLite; give EventStore the verb that is missing")
    }
}
