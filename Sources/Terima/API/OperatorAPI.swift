import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import PaymentCore

/// The operator API over HTTP: routes to `Operations`, nothing else.
enum OperatorAPI {
    /// Largest request body, in bytes: replays are described in a few lines.
    static let maximumBodyBytes = 65_536

    /// - Parameter token: the bearer token every request must bear; nil on the Unix socket, where the file's mode is the door.
    static func router(_ operations: Operations, token: BearerToken?) -> Router<OperatorContext> {
        let router = Router(context: OperatorContext.self)
        router.add(middleware: ProblemMiddleware())
        if let token { router.add(middleware: BearerTokenMiddleware(token: token)) }
        typealias Reading = @Sendable (Request, OperatorContext) async throws -> OperatorRequest
        func respond(_ method: HTTPRequest.Method, _ path: RouterPath, _ answer: @escaping @Sendable (Request, OperatorContext) async throws -> Response) {
            router.on(path, method: method, use: answer)
            for other in methods where other != method {
                router.on(path, method: other) { _, _ -> Response in throw MethodNotAllowed(allowed: method) }
            }
        }
        func route(_ method: HTTPRequest.Method, _ path: RouterPath, _ wanted: @escaping Reading) {
            respond(method, path) { request, context in
                let wanted = try await wanted(request, context)
                guard wanted.endsWithClient else { return try await answer(operations, wanted) }
                return try await whileConnected(request) { try await answer(operations, wanted) }
            }
        }
        route(.get, "/v1/status") { request, _ in
            try parameters(request).allow()
            return .status
        }
        route(.get, "/v1/alarms") { request, _ in .alarms(try parameters(request)) }
        route(.get, "/metrics") { request, _ in
            try parameters(request).allow()
            return .metrics
        }
        for collection in OperatorRequest.Collection.allCases {
            route(.get, "/v1/\(collection.rawValue)") { request, _ in .list(collection, try parameters(request)) }
            route(.get, "/v1/\(collection.rawValue)/:id") { request, context in .show(collection, id: try id(context), try parameters(request)) }
        }
        route(.get, "/v1/events/:id/body") { request, context in
            try parameters(request).allow()
            return .body(event: try id(context))
        }
        route(.post, "/v1/replays") { request, _ in .replay(document: try await document(request)) }
        route(.post, "/v1/rebuilds") { request, _ in .rebuild(document: try await document(request)) }
        route(.post, "/v1/reconciliations") { request, _ in .reconcile(document: try await document(request)) }
        route(.post, "/v1/acknowledgements") { request, _ in .acknowledge(document: try await document(request)) }
        route(.post, "/v1/purges") { request, _ in .purge(document: try await document(request)) }
        route(.post, "/v1/erasures") { request, _ in .erase(document: try await document(request)) }
        // Its paths mean something to this machine's users alone.
        if token == nil { route(.post, "/v1/backups") { request, _ in .backUp(document: try await document(request)) } }
        respond(.get, "/v1/stream") { request, context in try await stream(operations, request, context) }
        return router
    }

    /// Those of RFC 9110 and PATCH.
    private static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace, .connect]

    private static func answer(_ operations: Operations, _ wanted: OperatorRequest) async throws -> Response {
        let answer = try await operations.answer(wanted)
        guard answer.hasContent else {
            var response = Response(status: .noContent, headers: [.cacheControl: "no-store"])
            response.headers[.contentLength] = nil
            return response
        }
        return Response(
            status: .ok, headers: [.contentType: answer.mediaType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.bytes)))
    }

    private static func document(_ request: Request) async throws -> [UInt8] {
        try parameters(request).allow()
        do { return Array(buffer: try await request.body.collect(upTo: maximumBodyBytes)) } catch is NIOTooManyBytesError {
            throw Problem(.badRequest, "the request body is larger than \(maximumBodyBytes) bytes")
        }
    }

    static func parameters(_ request: Request) throws -> Parameters {
        Parameters(
            try (request.uri.query ?? "").split(separator: "&").map { item in
                let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { PercentEncoding.decode(String($0)) }
                guard let name = parts[0], let value = parts.count > 1 ? parts[1] : "" else {
                    throw Problem(.badRequest, "the parameter '\(item)' is not percent-encoded as it should be")
                }
                return (name, value)
            })
    }

    private static func id(_ context: OperatorContext) throws -> String {
        guard let id = context.parameters.get("id").flatMap(PercentEncoding.decode), !id.isEmpty else {
            throw Problem(.badRequest, "the id in the path cannot be read")
        }
        return id
    }
}

/// The path is there, but for another method.
private struct MethodNotAllowed: Error {
    var allowed: HTTPRequest.Method
}

/// Every error leaves as RFC 9457 problem details.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = OperatorContext

    func handle(_ request: Request, context: OperatorContext, next: (Request, OperatorContext) async throws -> Response) async throws -> Response {
        let response: Response
        do { response = try await next(request, context) } catch { response = Self.response(error, request) }
        // A client would take the body of an answer to HEAD for the next answer.
        return request.method == .head ? response.createHeadResponse() : response
    }

    static func response(_ error: any Error, _ request: Request) -> Response {
        switch error {
        case let error as MethodNotAllowed:
            var response = response(Problem(.methodNotAllowed, "\(request.uri.path) takes \(error.allowed.rawValue), not \(request.method.rawValue)"))
            response.headers[.allow] = error.allowed.rawValue
            return response
        case let error as HTTPError: return response(problem(error, request))
        default: return response(Problem(error))
        }
    }

    private static func response(_ problem: Problem) -> Response {
        var headers: HTTPFields = [.contentType: "application/problem+json", .cacheControl: "no-store"]
        if problem.code == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        if problem.code == .tooManyWaiting { headers[.retryAfter] = "2" }
        return Response(status: .init(code: problem.status), headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: problem.json)))
    }

    private static func problem(_ error: HTTPError, _ request: Request) -> Problem {
        switch error.status.code {
        case 404: Problem(.notFound, "there is no \(request.method.rawValue) \(request.uri.path); docs/api.md lists what there is")
        default: Problem(.badRequest, error.body ?? "the request cannot be understood")
        }
    }
}

/// Lets only requests through that bear the token; compared in constant time.
struct BearerTokenMiddleware: RouterMiddleware {
    typealias Context = OperatorContext

    let token: BearerToken

    func handle(_ request: Request, context: OperatorContext, next: (Request, OperatorContext) async throws -> Response) async throws -> Response {
        // The scheme's case does not matter (RFC 9110, section 11.1).
        let scheme = "bearer "
        guard let value = request.headers[.authorization], value.lowercased().hasPrefix(scheme), token.matches(value.dropFirst(scheme.count)) else {
            throw Problem(.unauthorized, "send 'Authorization: Bearer <token>' with the token of TERIMA_API_TOKEN")
        }
        return try await next(request, context)
    }
}
