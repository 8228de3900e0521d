import NIOHTTP1
import PaymentCore
import Testing

@testable import Receiver

@Suite struct AdmissionTests {
    private func decide(_ method: HTTPMethod, _ target: String, _ fields: [(String, String)] = []) -> Admission {
        let head = HTTPRequestHead(version: .http1_1, method: method, uri: target, headers: HTTPHeaders(fields))
        return Admission.decide(head, fields: RequestFields(head.headers), maximumBodyBytes: 65536)
    }

    @Test(arguments: [
        "/webhooks/ppro", "/webhooks/ppro?", "/webhooks/ppro?a=/b?c", "http://shop.example/webhooks/ppro", "https://shop.example:8443/webhooks/ppro?x",
    ])
    func theWebhookIsFound(target: String) {
        #expect(decide(.POST, target) == .read)
    }

    @Test(arguments: [
        "/", "*", "", "/webhooks/ppro/", "/webhooks//ppro", "/webhooks/PPRO", "/webhooks/ppro/x", "/webhooks/ppr", "/webhooks/ppro%3F", "/webhooks/ppro#x",
        "/webhooks/%70pro", "/webhooks/../webhooks/ppro", "ftp://shop.example/webhooks/ppro", "http://shop.example", "webhooks/ppro", "/healthz/",
    ])
    func nothingElseIs(target: String) {
        #expect(decide(.POST, target) == .answer(.refused(.notFound)))
    }

    @Test(arguments: [HTTPMethod.GET, .HEAD, .PUT, .DELETE, .PATCH, .TRACE, .CONNECT, .RAW(value: "BREW")])
    func aWebhookIsPosted(method: HTTPMethod) {
        #expect(decide(method, "/webhooks/ppro") == .answer(.methodNotAllowed(.webhook)))
    }

    @Test func healthIsGotten() {
        #expect(decide(.GET, "/healthz") == .health)
        #expect(decide(.HEAD, "/healthz?verbose") == .health)
        #expect(decide(.OPTIONS, "/healthz") == .answer(.options(.health)))
        #expect(decide(.POST, "/healthz") == .answer(.methodNotAllowed(.health)))
    }

    @Test func onlyThePlainBodyIsTaken() {
        #expect(decide(.POST, "/webhooks/ppro", [("content-encoding", "gzip")]) == .answer(.refused(.contentEncodingUnsupported)))
        let both = [("Content-Encoding", "identity"), ("CONTENT-ENCODING", "br")]
        #expect(decide(.POST, "/webhooks/ppro", both) == .answer(.refused(.contentEncodingUnsupported)))
        #expect(decide(.POST, "/webhooks/ppro", [("Content-Encoding", " Identity ")]) == .read)
    }

    @Test func theLengthIsJudgedBeforeTheBody() {
        #expect(decide(.POST, "/webhooks/ppro", [("Content-Length", "65536")]) == .read)
        #expect(decide(.POST, "/webhooks/ppro", [("Content-Length", "65537")]) == .answer(.refused(.bodyTooLarge)))
        #expect(decide(.POST, "/webhooks/ppro", [("Content-Length", "18446744073709551615")]) == .answer(.refused(.bodyTooLarge)))
    }

    @Test(arguments: ["eventemitter.example.com", "https://events.ppro.com:443", "[::1]", "a"])
    func aSoundOriginIsAgreedTo(origin: String) {
        #expect(decide(.OPTIONS, "/webhooks/ppro", [("WebHook-Request-Origin", origin)]) == .answer(.handshake(origin: origin)))
    }

    @Test(arguments: ["", "*", "a b", "a\u{1}b", "a\r\nSet-Cookie: x", "a,b", "ä.example", "<script>", String(repeating: "a", count: 254)])
    func anUnsoundOneIsNotEchoed(origin: String) {
        #expect(decide(.OPTIONS, "/webhooks/ppro", [("WebHook-Request-Origin", origin)]) == .answer(.refused(.originInvalid)))
    }

    @Test func twoOriginsAreNone() {
        let fields = [("WebHook-Request-Origin", "a.example"), ("webhook-request-origin", "b.example")]
        #expect(decide(.OPTIONS, "/webhooks/ppro", fields) == .answer(.refused(.originInvalid)))
        #expect(decide(.OPTIONS, "/webhooks/ppro") == .answer(.options(.webhook)))
    }

    @Test func fieldsAreFoundInAnyCaseAndAllOfThem() {
        let fields = RequestFields(
            HTTPHeaders([
                ("pPrO-sIgNaTuRe", " t=1,s=a\t"), ("PPRO-Signature", "t=2,s=b"), ("WEBHOOK-SIGNATURE", "c"), ("Expect", "100-Continue"), ("upgrade", "h2c"),
                ("Transfer-Encoding", "chunked"), ("PPRO-Signaturf", "no"), ("X", "y"),
            ]))
        #expect(fields.signatures.current == ["t=1,s=a", "t=2,s=b"])
        #expect(fields.signatures.legacy == ["c"])
        #expect(fields.expectsContinue && fields.asksUpgrade && fields.announcesBody)
        #expect(fields.contentLength == nil)
        #expect(!RequestFields(HTTPHeaders([("Content-Length", "0")])).announcesBody)
        #expect(RequestFields(HTTPHeaders([("Content-Length", "1")])).announcesBody)
    }
}
