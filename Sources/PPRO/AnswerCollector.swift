import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Collects an answer up to a limit; a body that does not end before it is given up.
final class AnswerCollector: HTTPClientResponseDelegate {
    typealias Response = PPROAnswer

    /// Makes the client give the connection up.
    struct TooLong: Error {}
    private struct NoHead: Error {}

    private let maximumBytes: Int
    private let answer = Mutex<PPROAnswer?>(nil)

    init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    func didReceiveHead(task: HTTPClient.Task<PPROAnswer>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        let limits = RateLimitReport { head.headers.first(name: $0) }
        answer.withLock { $0 = PPROAnswer(status: Int(head.status.code), limits: limits) }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<PPROAnswer>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        let fits = answer.withLock { answer in
            guard let length = answer?.body.count, buffer.readableBytes <= maximumBytes - length else { return false }
            answer?.body.append(contentsOf: buffer.readableBytesView)
            return true
        }
        return fits ? task.eventLoop.makeSucceededVoidFuture() : task.eventLoop.makeFailedFuture(TooLong())
    }

    func didFinishRequest(task: HTTPClient.Task<PPROAnswer>) throws -> PPROAnswer {
        guard let answer = answer.withLock({ $0 }) else { throw NoHead() }
        return answer
    }
}
