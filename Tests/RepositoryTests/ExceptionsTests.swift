import Testing

struct ExceptionsTests {
    private let exceptions = Exceptions(list: "Exceptions.sample", entries: [.init(path: "Sources/X/A.swift", reason: "because")])

    @Test func anEntryAllowsItsFileAlone() {
        #expect(exceptions.allow("Sources/X/A.swift"))
        #expect(!exceptions.allow("Sources/X/B.swift"))
        #expect(exceptions.findings(used: ["Sources/X/A.swift"]) == [])
    }

    @Test func anEntryThatIsNotNeededIsAFinding() {
        #expect(exceptions.findings(used: ["Sources/X/B.swift"]).map(\.problem) == ["its entry in Exceptions.sample is not needed"])
    }

    @Test func anEntryWithoutAReasonIsAFinding() {
        let nameless = Exceptions(list: "Exceptions.sample", entries: [.init(path: "Sources/X/A.swift", reason: "")])
        #expect(nameless.findings(used: ["Sources/X/A.swift"]).map(\.problem) == ["its entry in Exceptions.sample gives no reason"])
    }

    @Test func aFindingNamesThePlaceAndTheFix() {
        let finding = Finding(path: "Sources/X/A.swift", line: 7, problem: "it is too long", fix: "cut it")
        #expect("\(finding)" == "Sources/X/A.swift:7: it is too long. Fix: cut it.")
    }
}
