import EventStore
import NIOCore
import PaymentCore

/// `GET /v1/stream`: every change from a place in the history on, as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
struct ChangeStream: Sendable {
    /// Most changes that are read, and are in memory, at once.
    static let batchRows = 100
    /// What a client is told to wait before it comes again, in milliseconds.
    static let retryMilliseconds = 2_000

    let place: Place
    let readers: ReaderPool
    let loop: any EventLoop
    /// Empty for all.
    let types: [EventPattern]
    /// The last change that is not wanted any more.
    let start: Int64
    let heartbeatMilliseconds: Int64

    /// Writes until the service stops. The next batch is read when `write` has returned: a slow reader holds nothing up but itself.
    func run(_ write: (ByteBuffer) async throws -> Void) async throws {
        // An id without data is no event, but where a client that loses its connection before the first event begins again.
        try await write(ByteBuffer(string: "retry: \(Self.retryMilliseconds)\nid: \(start)\n\n"))
        var (position, told) = (start, start)
        var heartbeat = nextHeartbeat
        while !place.isClosed {
            let after = position
            let batch = try await readers.read { [types] in try $0.notifications(after: after, types: types, limit: Self.batchRows) }
            position = batch.through
            if let last = batch.rows.last {
                try await write(Self.events(batch.rows))
                (told, heartbeat) = (last.seq, nextHeartbeat)
            } else if loop.now >= heartbeat {
                try await write(ByteBuffer(string: position > told ? ": still here\nid: \(position)\n\n" : ": still here\n\n"))
                (told, heartbeat) = (position, nextHeartbeat)
            }
            if batch.isEnd { _ = try await place.wait(until: heartbeat, on: loop) }
        }
    }

    private var nextHeartbeat: NIODeadline { loop.now + .milliseconds(heartbeatMilliseconds) }

    private static func events(_ rows: [NotificationRow]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(rows.reduce(0) { $0 + $1.body.count + $1.type.utf8.count + 64 })
        for row in rows {
            buffer.writeString("id: \(row.seq)\nevent: ")
            buffer.writeBytes(row.type.utf8.map(inLine))
            buffer.writeString("\ndata: ")
            buffer.writeBytes(row.body.map(inLine))
            buffer.writeString("\n\n")
        }
        return buffer
    }

    /// A line break would end the field. In JSON one can only stand between two tokens, where a space means the same.
    private static func inLine(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") ? UInt8(ascii: " ") : byte }
}

extension Operations {
    /// - Parameter lastEventId: the header `Last-Event-ID`, with which clients resume by themselves; it counts more than `after`, with which they began.
    func stream(_ parameters: Parameters, lastEventId: String?) async throws -> ChangeStream {
        try parameters.allow("type", "after")
        let types = try parameters.patterns("type")
        let after = try parameters.integer("after", 0...Int64.max)
        let resumed = try lastEventId.flatMap { $0.isEmpty ? nil : $0 }.map { text in
            guard let seq = Int64(text), seq >= 0 else {
                throw Problem(.badRequest, "'Last-Event-ID' must be the id of an event of this stream; it was '\(text)'")
            }
            return seq
        }
        let (feed, loop) = try waitingRoom()
        guard let place = feed.place(for: .history) else {
            throw Problem(.tooManyWaiting, "\(feed.settings.maximumStreams) streams are open already, more than that may not be; end some of them")
        }
        let newest = try await readers.read { try $0.newestNotification() }
        let start = resumed ?? after ?? newest
        guard start <= newest else { throw Problem(.badRequest, "the history ends at \(newest), before \(start): is this another database than before?") }
        return ChangeStream(
            place: place, readers: readers, loop: loop, types: types, start: start, heartbeatMilliseconds: feed.settings.heartbeatMilliseconds)
    }
}
