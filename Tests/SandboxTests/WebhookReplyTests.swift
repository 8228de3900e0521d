import PaymentCore
import Provider
import Testing

@testable import Sandbox

@Suite struct WebhookReplyTests {
    @Test(arguments: [
        (202, #"{"status":"accepted"}"#, WebhookReply.acknowledged(.accepted)),
        (200, #"{"status":"duplicate"}"#, .acknowledged(.duplicate)),
        (200, #"{"status":"conflict"}"#, .acknowledged(.conflict)),
        (204, "", .acknowledged(.other)),
        (200, #"{"status":"what"}"#, .acknowledged(.other)),
        (401, #"{"error":"signature_invalid"}"#, .refused(status: 401, error: "signature_invalid")),
        (302, "moved", .refused(status: 302, error: nil)),
    ]) func answersAreRead(status: Int, body: String, expected: WebhookReply) {
        #expect(WebhookReply(status: status, body: Array(body.utf8)) == expected)
    }

    @Test(arguments: [(500, true), (503, true), (429, true), (408, true), (401, false), (404, false), (413, false), (302, false)])
    func onlyWhatCanGetBetterIsRepeated(status: Int, isWorthIt: Bool) {
        #expect(WebhookReply.refused(status: status, error: nil).isWorthRepeating == isWorthIt)
    }

    @Test func aSummaryCountsEachReplyOnce() throws {
        var summary = PlaySummary(events: 3, sends: 6)
        for reply: WebhookReply in [
            .unanswered("connection refused"), .refused(status: 503, error: nil), .refused(status: 503, error: nil), .acknowledged(.accepted),
            .acknowledged(.duplicate), .acknowledged(.conflict), .acknowledged(.other), .refused(status: 401, error: nil),
        ] { summary.count(reply) }
        #expect(summary.acknowledged == 4)
        #expect(summary.notAcknowledged == 2)
        let json = try JSONDocument.parse(Array(summary.json(seed: .max).utf8)).root
        #expect(json["seed"]?.string == "18446744073709551615")
        #expect(json["attempts"]?.integerValue == 8)
        #expect(json["refused"]?["503"]?.integerValue == 2)
        #expect(json["refused"]?["401"]?.integerValue == 1)
        #expect(json["unanswered"]?["connection refused"]?.integerValue == 1)
        #expect(json["notAcknowledged"]?.integerValue == 2)
        #expect(summary.lines.contains("NOT ACKNOWLEDGED  2"))
        #expect(summary.lines.contains("refused           1 x 401, 2 x 503"))
    }
}
