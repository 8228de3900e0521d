import Testing

struct NameRuleTests {
    private func problems(_ path: String, _ text: String) -> [String] {
        NameRule.findings(in: SourceFile(path, text)).map { "\($0.line): \($0.problem)" }
    }

    @Test(arguments: [
        ("Money", "package struct Money {}"), ("Money", "enum Other {}\nactor Money {}"), ("Money", "extension A { struct Money {} }"),
        ("Money", "typealias Money = Int"), ("Money+Text", "extension Money {}"), ("Money+Text", "extension A.Money: P {}"),
        ("Money+Text", "extension Money.Part {}"),
        ("Money+Text", "extension A.Money.Part {}"),
        ("Money+Text", "struct Money {}"), ("main", "print(1)"),
    ])
    func namedByWhatIsInIt(stem: String, text: String) {
        #expect(problems("Sources/X/\(stem).swift", text) == [])
    }

    @Test(arguments: [
        ("Money", "struct Cash {}", "1: it declares no type Money"), ("Money", "extension Money {}", "1: it declares no type Money"),
        ("Money", "// struct Money", "1: it declares no type Money"), ("Money", "let a = \"struct Money\"", "1: it declares no type Money"),
        ("Money", "class func Money() {}", "1: it declares no type Money"), ("Money+Text", "extension Cash {}", "1: it neither declares nor extends Money"),
        ("Money+", "extension Money {}", "1: the file's name is no Type+Part"), ("Money+A+B", "extension Money {}", "1: the file's name is no Type+Part"),
    ])
    func namedByWhatIsNotInIt(stem: String, text: String, problem: String) {
        #expect(problems("Sources/X/\(stem).swift", text) == [problem])
    }

    @Test(arguments: [
        ("StringUtils", "Utils"), ("TestHelpers", "Helpers"), ("Helper", "Helper"), ("ConnectionManager", "Manager"), ("SenderImpl", "Impl"),
        ("NewCharge", "New"), ("DateUtil", "Util"), ("ManagerOfThings", "Manager"),
    ])
    func bannedNames(name: String, word: String) {
        let found = problems("Sources/X/\(name).swift", "struct \(name) {}")
        #expect(found == ["1: the file's name says \(word)", "1: \(name) says \(word)"])
        #expect(problems("Tests/\(name)/A.swift", "enum A { class \(name) {} }").count == 2)
    }

    @Test(arguments: ["Newest", "News", "Implicit", "Utilization", "Management", "New"])
    func namesThatOnlyLookAlike(name: String) {
        #expect(problems("Sources/X/\(name).swift", "struct \(name) {}") == [])
    }

    @Test func usingAForeignNameIsNoDeclaration() {
        #expect(problems("Sources/X/A.swift", "struct A { let a = FileManager.default }\nextension FileManager {}") == [])
    }
}
