package import NIOCore

/// What one request, one connection and the whole listener may take. Every queue and every wait of the receiver has its bound here; waiting events are bounded
/// by the store.
package struct RequestLimits: Sendable {
    /// CloudEvents asks consumers to accept events of at least 64 KiB, so no configuration may go below that.
    package static let leastMaximumBodyBytes = 64 * 1024

    /// Longest body in bytes; a longer one is answered 413.
    package let maximumBodyBytes: Int
    /// Connections served at once; further ones wait in the listen backlog, unaccepted.
    package var maximumConnections = 1024
    /// Connections that the kernel keeps waiting for us (`listen(2)`; the kernel may keep fewer).
    package var backlog: Int32 = 256
    /// Bytes that are taken from a socket at once.
    static let largestReadBytes = 16 * 1024

    /// Header fields of one request, trailers included; more are answered 431.
    package var maximumHeaderFields = 64
    /// Bytes of one field's name, of its value, or of the request target; more are answered 431.
    package var maximumHeaderFieldBytes = 8 * 1024
    /// Bytes of the request target and all names and values together; more are answered 431.
    package var maximumHeaderBytes = 32 * 1024
    /// Bytes of one request that are no content: header, trailers, line ends, spaces, chunk sizes and extensions; more are answered 431.
    var maximumOverheadBytes: Int { maximumHeaderBytes + 16 * 1024 }
    /// Bytes of long bodies that all connections together may be collecting; what finds no room is answered 503.
    var maximumCollectedBytes: Int
    /// From a request's first byte to the end of its header.
    package var headerTimeout = TimeAmount.seconds(10)
    /// From a request's first byte to its last, however busily the bytes drip.
    package var requestTimeout = TimeAmount.seconds(15)
    /// From an answer, or the connection's acceptance, to the first byte of the next request.
    package var idleTimeout = TimeAmount.seconds(30)
    /// How long a stop lets a connection without a request go on, for one that is on its way.
    package var partingTimeout = TimeAmount.milliseconds(250)
    /// From a request's last byte to its answer: an event that the store has not committed by then is answered 503, be it stored afterwards or not.
    package var answerTimeout = TimeAmount.milliseconds(4_500)
    /// How long a connection that we end is drained, so that the client reads the answer before it sees a reset.
    package var lingerTimeout = TimeAmount.seconds(2)
    /// Bytes read and thrown away of a connection that we end; then it is closed, and a client that goes on sending sees a reset.
    package var maximumDrainBytes = 64 * 1024
    /// Pipelined requests of one connection that may wait for the store; while there are as many, nothing more is read from that connection.
    package var maximumUnanswered = 8

    /// - Parameter maximumBodyBytes: raised to `leastMaximumBodyBytes` where it is smaller.
    package init(maximumBodyBytes: Int = 256 * 1024) {
        self.maximumBodyBytes = max(maximumBodyBytes, Self.leastMaximumBodyBytes)
        maximumCollectedBytes = max(32 * 1024 * 1024, 2 * self.maximumBodyBytes)
    }
}
