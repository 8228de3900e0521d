import PaymentCore
import Testing

/// JSONTestSuite's three kinds.
@Suite struct PublishedCasesTests {
    @Test func everyCaseIsThereOnce() throws {
        let accepted = try PublishedCases.read(PublishedCases.accepted, outcome: "accepted")
        let refused = try PublishedCases.read(PublishedCases.refused, outcome: "refused")
        let ourChoice = try PublishedCases.read(PublishedCases.ourChoice, outcome: nil)
        #expect(accepted.count == 93 && accepted.allSatisfy { $0.name.hasPrefix("y_") })
        #expect(refused.count == 188 && refused.allSatisfy { $0.name.hasPrefix("n_") })
        #expect(ourChoice.filter { $0.name.hasPrefix("i_") }.count == 35)
        #expect(Set((accepted + refused + ourChoice).map(\.name)).count == 318)
    }

    @Test func validTextsAreAccepted() throws {
        for sample in try PublishedCases.read(PublishedCases.accepted, outcome: "accepted") {
            #expect(throws: Never.self, "\(sample.name)") { try JSONDocument.parse(sample.bytes) }
            #expect(JSONOracle.accepts(sample.bytes), "\(sample.name): the oracle")
        }
    }

    @Test func invalidTextsAreRefused() throws {
        for sample in try PublishedCases.read(PublishedCases.refused, outcome: "refused") {
            #expect(throws: JSONError.self, "\(sample.name)") { try JSONDocument.parse(sample.bytes) }
            #expect(!JSONOracle.accepts(sample.bytes), "\(sample.name): the oracle")
        }
    }

    @Test func whatIsLeftOpenIsDecidedAsTheTableSays() throws {
        for sample in try PublishedCases.read(PublishedCases.ourChoice, outcome: nil) {
            #expect(Self.outcome(sample.bytes) == sample.outcome, "\(sample.name)")
            #expect(JSONOracle.accepts(sample.bytes) == (sample.outcome == "accepted"), "\(sample.name): the oracle")
        }
    }

    @Test func acceptedTextsSurviveBeingWrittenAndReadAgain() throws {
        for sample in try PublishedCases.read(PublishedCases.accepted, outcome: "accepted") {
            let once = JSONEcho.bytes(try JSONDocument.parse(sample.bytes).root)
            let twice = JSONEcho.bytes(try JSONDocument.parse(once).root)
            #expect(once == twice, "\(sample.name)")
        }
    }

    private static func outcome(_ bytes: [UInt8]) -> String {
        do throws(JSONError) {
            _ = try JSONDocument.parse(bytes)
            return "accepted"
        } catch {
            return error.reason.rawValue
        }
    }
}
