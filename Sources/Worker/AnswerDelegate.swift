import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import PaymentCore
import Synchronization

/// Keeps the status and `Retry-After` of an answer and counts its body away; a body without an end ends at the limit.
final class AnswerDelegate: HTTPClientResponseDelegate {
    typealias Response = AttemptResult

    /// Makes the client give the connection up.
    struct BodyTooLong: Error {}
    private struct NoHead: Error {}

    private let maximumBodyBytes: Int
    private let state = Mutex(State())

    private struct State {
        var answer: AttemptResult?
        var bodyBytes = 0
    }

    init(maximumBodyBytes: Int) { self.maximumBodyBytes = maximumBodyBytes }

    /// The answer, when `error` only says that it was cut off here after its head.
    func resultAfterCut(_ error: any Error) -> AttemptResult? {
        error is BodyTooLong || error is AnswerLimit.Exceeded ? state.withLock { $0.answer } : nil
    }

    func didReceiveHead(task: HTTPClient.Task<AttemptResult>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        let answer = AttemptResult.answered(status: Int(head.status.code), retryAfter: head.headers.first(name: "Retry-After"))
        state.withLock { $0.answer = answer }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<AttemptResult>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        let isTooLong = state.withLock { state in
            state.bodyBytes += min(buffer.readableBytes, maximumBodyBytes + 1)
            return state.bodyBytes > maximumBodyBytes
        }
        return isTooLong ? task.eventLoop.makeFailedFuture(BodyTooLong()) : task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<AttemptResult>) throws -> AttemptResult {
        guard let answer = state.withLock({ $0.answer }) else { throw NoHead() }
        return answer
    }
}
