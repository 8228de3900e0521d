/// Asks the running service to read secrets and certificate again, as SIGHUP does from outside.
struct ReloadRequest: Sendable {
    enum Wish: Sendable {
        /// Read everything again.
        case secrets
        /// See whether the certificate's files have changed.
        case look
    }

    let wishes: AsyncStream<Wish>
    private let wish: AsyncStream<Wish>.Continuation

    init() { (wishes, wish) = AsyncStream.makeStream(of: Wish.self, bufferingPolicy: .bufferingOldest(16)) }

    /// Any thread; what is wished is done one after the other.
    func ask(_ next: Wish) { wish.yield(next) }
}
