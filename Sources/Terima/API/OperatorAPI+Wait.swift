import HTTPTypes
import Hummingbird
import NIOCore

/// Requests that stay open. Their connections are given up with them: watching for the client's leaving takes in whatever it sends next.
extension OperatorAPI {
    /// How long a stream's client may take to read the end of it once the service stops.
    private static let farewell: TimeAmount = .seconds(1)

    /// The answer of `work`, or nothing for a client that has gone: then `work` is cancelled at once.
    static func whileConnected(_ request: Request, _ work: @Sendable () async throws -> Response) async throws -> Response {
        var response: Response
        do {
            response = try await request.body.consumeWithCancellationOnInboundClose { _ in try await work() }
        } catch is CancellationError {
            response = Response(status: .noContent)
        } catch {
            response = ProblemMiddleware.response(error, request)
        }
        response.headers[.connection] = "close"
        return response
    }

    static func stream(_ operations: Operations, _ request: Request, _ context: OperatorContext) async throws -> Response {
        let lastEventId = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] }
        let stream = try await operations.stream(parameters(request), lastEventId: lastEventId)
        let channel = context.channel
        // One who does not read would hold up the stop.
        stream.place.whenClosed {
            channel.eventLoop.scheduleTask(in: farewell) { channel.close(promise: nil) }
        }
        var headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store", .connection: "close"]
        // nginx would else gather an answer before it passes it on.
        if let buffering = HTTPField.Name("X-Accel-Buffering") { headers[buffering] = "no" }
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    try await stream.run { try await writer.write($0) }
                }
                try await writer.finish(nil)
            })
    }
}
