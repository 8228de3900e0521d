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
    static func router(_ operations: Operations, token: String?) -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: ProblemMiddleware())
        if let token { router.add(middleware: BearerTokenMiddleware(token: token)) }
        router.get("/v1/status") { request, _ in try await answer(operations, .status, request) }
        for collection in OperatorRequest.Collection.allCases {
            router.get("/v1/\(collection.rawValue)") { request, _ in
                try await answer(operations, .list(collection, parameters(request)), request)
            }
            router.get("/v1/\(collection.rawValue)/:id") { request, context in
                try await answer(operations, .show(collection, id: try id(context), parameters(request)), request)
            }
        }
        router.get("/v1/events/:id/body") { request, context in try await answer(operations, .body(event: try id(context)), request) }
        router.post("/v1/replays") { request, _ in
            try await answer(operations, .replay(document: Array(buffer: try await request.body.collect(upTo: maximumBodyBytes))), request)
        }
        router.post("/v1/rebuilds") { request, _ in
            try await answer(operations, .rebuild(document: Array(buffer: try await request.body.collect(upTo: maximumBodyBytes))), request)
        }
        return router
    }

    private static func answer(_ operations: Operations, _ wanted: OperatorRequest, _ request: Request) async throws -> Response {
        let answer = try await operations.answer(wanted)
        return Response(
            status: .ok, headers: [.contentType: answer.mediaType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.bytes)))
    }

    private static func parameters(_ request: Request) -> Parameters {
        Parameters(request.uri.queryParameters.map { (name: String($0.key), value: String($0.value)) })
    }

    private static func id(_ context: BasicRequestContext) throws -> String {
        guard let id = context.parameters.get("id").flatMap(PercentEncoding.decode), !id.isEmpty else {
            throw Problem(.badRequest, "the id in the path cannot be read")
        }
        return id
    }
}

/// Every error leaves as RFC 9457 problem details.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext

    func handle(_ request: Request, context: BasicRequestContext, next: (Request, BasicRequestContext) async throws -> Response) async throws -> Response {
        do { return try await next(request, context) } catch let error as HTTPError {
            return Self.response(Self.problem(error, request))
        } catch {
            return Self.response(Problem(error))
        }
    }

    static func response(_ problem: Problem) -> Response {
        var headers: HTTPFields = [.contentType: "application/problem+json", .cacheControl: "no-store"]
        if problem.code == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        return Response(status: .init(code: problem.status), headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: problem.json)))
    }

    private static func problem(_ error: HTTPError, _ request: Request) -> Problem {
        switch error.status.code {
        case 404: Problem(.notFound, "there is no \(request.method.rawValue) \(request.uri.path); docs/api.md lists what there is")
        case 413: Problem(.badRequest, "the request body is larger than \(OperatorAPI.maximumBodyBytes) bytes")
        default: Problem(.badRequest, error.body ?? "the request cannot be understood")
        }
    }
}

/// Lets only requests through that bear the token; compared in constant time.
struct BearerTokenMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext

    let token: String

    func handle(_ request: Request, context: BasicRequestContext, next: (Request, BasicRequestContext) async throws -> Response) async throws -> Response {
        let scheme = "Bearer "
        guard let value = request.headers[.authorization], value.hasPrefix(scheme), matches(value.dropFirst(scheme.count)) else {
            throw Problem(.unauthorized, "send 'Authorization: Bearer <token>' with the token of TERIMA_API_TOKEN")
        }
        return try await next(request, context)
    }

    private func matches(_ given: Substring) -> Bool { ConstantTime.areEqual(Array(given.utf8), Array(token.utf8)) }
}
