import Testing

/// The rules of the house, held against the tree as it is. Each failure names the file, the line and what to do.
struct RepositoryTests {
    /// Before anything else is believed: the tree was really read, all of it.
    @Test func theTreeIsThere() throws {
        let files = try Repository.swiftFiles()
        for target in ImportRule.directions.keys where !["CQRencode", "CSQLite", "CZstd"].contains(target) {
            #expect(files.contains { $0.area == "Sources" && $0.target == target }, "no file of \(target) was read: has the target moved?")
        }
        #expect(files.contains { $0.path == "Sources/PaymentCore/Instant.swift" && $0.tokens.count > 50 })
        #expect(files.contains { $0.path == "Tests/RepositoryTests/RepositoryTests.swift" })
        #expect(files.map(\.path) == files.map(\.path).sorted())
        #expect(files.allSatisfy { $0.lineCount == 0 || !$0.tokens.isEmpty || !$0.comments.isEmpty })
    }

    @Test func importsGoInOneDirection() throws {
        report(try Repository.swiftFiles().flatMap(ImportRule.findings))
    }

    @Test func foundationIsAnException() throws {
        try report(ImportRule.foundationFindings, except: .foundation)
    }

    @Test func filesAndFunctionsAreShort() throws {
        report(try Repository.swiftFiles().flatMap(SizeRule.findings))
    }

    @Test func filesAndTypesAreNamedByWhatTheyAre() throws {
        report(try Repository.swiftFiles().flatMap(NameRule.findings))
    }

    @Test func nothingTraps() throws {
        report(try Repository.swiftFiles().flatMap(WordRule.trapFindings))
    }

    @Test func nothingIsPublic() throws {
        report(try Repository.swiftFiles().flatMap(WordRule.publicFindings))
    }

    @Test func testsDoNotSleep() throws {
        report(try Repository.swiftFiles().flatMap(WordRule.sleepFindings))
    }

    @Test func nothingIsLeftUnfinished() throws {
        report(try Repository.swiftFiles().flatMap(WordRule.unfinishedFindings))
    }

    @Test func concurrencyIsChecked() throws {
        try report(WordRule.uncheckedConcurrencyFindings, except: .uncheckedConcurrency)
    }

    private func report(_ findings: [Finding]) {
        for finding in findings { Issue.record("\(finding)") }
    }

    private func report(_ rule: (SourceFile) -> [Finding], except exceptions: Exceptions) throws {
        let found = try Repository.swiftFiles().flatMap(rule)
        report(found.filter { !exceptions.allow($0.path) } + exceptions.findings(used: Set(found.map(\.path))))
    }
}
