import EventStore
import PaymentCore
import Testing

@testable import Terima

/// RFC 9457: what a program can decide by, and a sentence for people.
@Suite struct ProblemTests {
    @Test(arguments: Problem.Code.allCases) func theDocumentHasEveryMember(code: Problem.Code) throws {
        let problem = Problem(code, "because of \"this\"\nand that")
        let root = try JSONDocument.parse(problem.json).root
        #expect(root.members.map(\.key) == ["type", "title", "status", "detail", "code"])
        #expect(root["type"]?.string == "urn:terima:problem:\(code.rawValue)")
        #expect(root["title"]?.string == problem.title)
        #expect(root["status"]?.integerValue == Int64(problem.status))
        #expect(root["detail"]?.string == "because of \"this\"\nand that")
        #expect(root["code"]?.string == code.rawValue)
        #expect(!problem.title.isEmpty)
        #expect((400...599).contains(problem.status))
    }

    @Test func everyKindHasItsOwnWords() {
        #expect(Set(Problem.Code.allCases.map { Problem($0, "").title }).count == Problem.Code.allCases.count)
    }

    /// The table in `docs/api.md` says neither more nor less.
    @Test func everyDocumentedCodeIsAProblem() throws {
        let rows = try Repository.table(in: "docs/api.md", after: "## Errors")
        let documented = rows.map { row in Problem.Code(rawValue: row[0].trimming("`")) }
        #expect(Set(documented) == Set(Problem.Code.allCases))
        for (code, row) in zip(documented, rows) { #expect(code.map { String(Problem($0, "").status) } == row[1], "\(row)") }
    }

    @Test func errorsFromBelowAreToldApart() {
        #expect(Problem(Problem(.notFound, "no event 'x'")) == Problem(.notFound, "no event 'x'"))
        #expect(Problem(StoreError(.closed, message: "the store is closed")).code == .unavailable)
        #expect(Problem(StoreError(.closed, message: "the store is closed")).detail.contains("the store is closed"))
        #expect(Problem(CancellationError()).code == .internalError)
    }

    @Test func aCommandEndsWithTheCodeThatIsDocumented() {
        let codes = Problem.Code.allCases.map { CommandFailure(Problem($0, "why")) }
        #expect(codes.allSatisfy { $0.message == "why" })
        let expected: [Problem.Code: Int32] = [
            .badRequest: 64, .unauthorized: 64, .methodNotAllowed: 64, .notFound: 66, .unavailable: 74, .internalError: 74, .serviceDown: 69,
            .tooManyWaiting: 69, .notConfigured: 78, .pproUnavailable: 69, .purged: 66, .backupExists: 74, .backupFailed: 74, .maintenanceRunning: 69,
        ]
        #expect(expected.count == Problem.Code.allCases.count)
        for (code, status) in expected { #expect(CommandFailure(Problem(code, "")).code.rawValue == status) }
    }
}
