import Testing

struct WordRuleTests {
    private func found(_ rule: (SourceFile) -> [Finding], _ text: String, in path: String) -> [String] {
        rule(SourceFile(path, text)).map { "\($0.line): \($0.problem)" }
    }

    private let source = "Sources/X/A.swift"
    private let test = "Tests/X/A.swift"

    @Test(arguments: [
        ("let a = try! b()", "try!"), ("let a = b as! C", "as!"), ("fatalError()", "fatalError("), ("preconditionFailure(\"x\")", "preconditionFailure("),
        ("let a = \"\\(try! b())\"", "try!"),
    ])
    func traps(text: String, word: String) {
        #expect(found(WordRule.trapFindings, "\n" + text, in: source) == ["2: \(word) is not allowed here"])
        #expect(found(WordRule.trapFindings, text, in: test) == [])
    }

    @Test(arguments: [
        "let a = try? b()", "let a = try b() != c", "if try !b() {}", "let a = b as? C", "a.onFatalError(b)", "// try! fatalError()",
        "let a = \"fatalError()\"", "`try`!",
    ])
    func noTraps(text: String) {
        #expect(found(WordRule.trapFindings, text, in: source) == [])
    }

    @Test func publicNames() {
        #expect(found(WordRule.publicFindings, "package struct A {\n    public var a = 1\n}", in: source) == ["2: public is not allowed here"])
        #expect(found(WordRule.publicFindings, "// public\nlet publicKey = \"public\"", in: source) == [])
    }

    @Test(arguments: ["sleep(1)", "usleep(1)", "try await Task.sleep(for: .seconds(1))", "Thread.sleep(forTimeInterval: 1)", "try await clock.sleep(until: a)"])
    func sleeps(text: String) {
        #expect(found(WordRule.sleepFindings, text, in: test) == ["1: \(text.contains("usleep") ? "usleep" : "sleep")( is not allowed here"])
        #expect(found(WordRule.sleepFindings, text, in: source) == [])
    }

    @Test(arguments: ["// sleep(1)", "let a = \"sleep(1)\"", "asleep(1)", "let sleep = 1", "testsDoNotSleep()"])
    func noSleeps(text: String) {
        #expect(found(WordRule.sleepFindings, text, in: test) == [])
    }

    @Test func uncheckedConcurrency() {
        let text = "final class A: @unchecked Sendable {\n    nonisolated(unsafe) var a = 1\n    nonisolated func b() {}\n}\n// @unchecked Sendable"
        for path in [source, test] {
            #expect(
                found(WordRule.uncheckedConcurrencyFindings, text, in: path)
                    == ["1: @unchecked is not allowed here", "2: nonisolated(unsafe) is not allowed here"])
        }
    }

    @Test(arguments: [
        ("// TODO: later", 1), ("a\n/// FIXME this", 2), ("/*\n\n HACK\n*/", 3), ("let a = 1 // XXX", 1), ("// (TODO)", 1),
    ])
    func unfinished(text: String, line: Int) {
        let found = WordRule.unfinishedFindings(in: SourceFile(source, text))
        #expect(found.map(\.line) == [line])
    }

    @Test(arguments: ["let a = \"TODO\"", "// todos los dias", "let TODO = 1", "// XXXL"])
    func finished(text: String) {
        #expect(found(WordRule.unfinishedFindings, text, in: source) == [])
    }
}
