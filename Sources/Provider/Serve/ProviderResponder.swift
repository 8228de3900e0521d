internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PaymentCore

/// Between HTTP and the desk: takes requests off the wire and puts answers on it.
struct ProviderResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    /// Orders are a few kilobytes.
    static let maximumBodyBytes = 64 << 10

    let desk: ProviderDesk

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        var taken = Self.head(request)
        guard let path = Self.path(request.uri.path), let query = Self.query(request.uri.query ?? "") else {
            return response(await desk.turnAway(taken, .field("the path or its parameters are not percent-encoded as they should be")), to: request)
        }
        (taken.path, taken.query) = (path, query)
        do { taken.body = Array(buffer: try await request.body.collect(upTo: Self.maximumBodyBytes)) } catch is NIOTooManyBytesError {
            return response(await desk.turnAway(taken, Refusal(413, "the body is larger than \(Self.maximumBodyBytes) bytes")), to: request)
        }
        return response(await desk.answer(taken), to: request)
    }

    /// The request without what may be wrong with it: its path, which is none so far, its parameters and its body.
    private static func head(_ request: Request) -> APIRequest {
        let method: APIRequest.Method =
            switch request.method {
            case .get, .head: .get
            case .post: .post
            default: .other(request.method.rawValue)
            }
        func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { request.headers[$0] } }
        return APIRequest(
            method, path: request.uri.path.hasPrefix("/v1/") ? ["v1", "?"] : ["?"], target: request.uri.path, authorization: request.headers[.authorization],
            merchantId: header("Merchant-Id"),
            idempotencyKey: header("Request-Idempotency-Key"), host: request.head.authority ?? header("Host"))
    }

    private func response(_ answer: APIAnswer, to request: Request) -> Response {
        var headers: HTTPFields = [.cacheControl: "no-store", .xContentTypeOptions: "nosniff"]
        if !answer.body.isEmpty { headers[.contentType] = answer.content.rawValue }
        for header in answer.headers {
            if let name = HTTPField.Name(header.name) { headers[name] = header.value }
        }
        let response = Response(status: .init(code: answer.status), headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// Empty segments count: `/v1//x` is not `/v1/x`. One slash at the end is forgiven.
    static func path(_ text: String) -> [String]? {
        var segments = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        if segments.last == "" { segments = segments.dropLast() }
        var decoded: [String] = []
        for segment in segments {
            guard let text = PercentText.decode(segment) else { return nil }
            decoded.append(text)
        }
        return decoded
    }

    static func query(_ text: String) -> [(name: String, value: String)]? {
        var parameters: [(name: String, value: String)] = []
        for item in text.split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentText.decode(parts[0]), let value = parts.count > 1 ? PercentText.decode(parts[1]) : "" else { return nil }
            parameters.append((name, value))
        }
        return parameters
    }
}
