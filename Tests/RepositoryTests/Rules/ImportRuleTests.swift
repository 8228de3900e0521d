import Testing

struct ImportRuleTests {
    private func problems(_ path: String, _ text: String) -> [String] {
        ImportRule.findings(in: SourceFile(path, text)).map { "\($0.line): \($0.problem)" }
    }

    @Test func everyFormOfAnImportIsSeen() {
        let file = SourceFile(
            "Sources/Terima/A.swift",
            """
            import A
            package import B
            @testable import C
            @preconcurrency internal import D
            import struct E.F
            import G.H
            // import I
            let text = "import J"
            #if canImport(K)
            #endif
            x.import(L)
            """)
        #expect(ImportRule.imports(in: file).map { "\($0.module)\($0.line)" } == ["A1", "B2", "C3", "D4", "E5", "G6"])
    }

    @Test(arguments: [
        ("PaymentCore", "EventStore"), ("PaymentCore", "CSQLite"), ("PaymentCore", "Dispatch"), ("PaymentCore", "Glibc"), ("PaymentCore", "NIOCore"),
        ("EventStore", "Receiver"), ("EventStore", "Worker"), ("EventStore", "Terima"), ("Receiver", "Worker"), ("Receiver", "CSQLite"),
        ("Receiver", "Terima"), ("Worker", "Receiver"), ("Worker", "CSQLite"), ("Terima", "CSQLite"), ("Terima", "Sandbox"), ("Sandbox", "EventStore"),
        ("Sandbox", "Receiver"), ("Sandbox", "Terima"),
    ])
    func wrongDirections(target: String, module: String) {
        #expect(problems("Sources/\(target)/A.swift", "import Synchro\nlet a = 1\npackage import \(module)\n").contains { $0.hasPrefix("3: ") })
    }

    @Test(arguments: [
        ("PaymentCore", "Crypto"), ("EventStore", "PaymentCore"), ("EventStore", "CSQLite"), ("Receiver", "EventStore"), ("Receiver", "PaymentCore"),
        ("Worker", "EventStore"), ("Worker", "PaymentCore"), ("Terima", "Receiver"), ("Terima", "Worker"), ("Terima", "EventStore"),
        ("Terima", "PaymentCore"), ("Sandbox", "PaymentCore"), ("Receiver", "NIOCore"), ("EventStore", "Dispatch"),
    ])
    func rightDirections(target: String, module: String) {
        #expect(problems("Sources/\(target)/A.swift", "import \(module)\n") == [])
    }

    @Test func onlyTheStoreTalksToSQLiteInTestsToo() {
        #expect(problems("Tests/WorkerTests/A.swift", "import CSQLite\n") == ["1: imports CSQLite"])
        #expect(problems("Tests/WorkerTests/A.swift", "@testable import Worker\nimport EventStore\n") == [])
    }

    @Test func aNewTargetMustSayItsDirections() {
        #expect(problems("Sources/Fresh/A.swift", "") == ["1: target Fresh has no import directions"])
    }

    @Test func everyPartOfFoundationIsSeenInSources() {
        let text = "import Foundation\nimport FoundationEssentials\nimport class Foundation.NSLock\nimport NIOFoundationCompat\n"
        #expect(ImportRule.foundationFindings(in: SourceFile("Sources/Worker/A.swift", text)).map(\.line) == [1, 2, 3])
        #expect(ImportRule.foundationFindings(in: SourceFile("Tests/WorkerTests/A.swift", text)).isEmpty)
    }
}
