/// Spreads sends evenly over time.
actor Pacer {
    private let interval: Duration?
    private let clock = ContinuousClock()
    private var next: ContinuousClock.Instant?

    /// - Parameter rate: sends a second; nil: as fast as they are answered.
    init(rate: Double?) { interval = rate.map { .nanoseconds(Int64(1_000_000_000 / $0)) } }

    /// Waits for the next free slot. Slots that nobody used are not made up for.
    func slot() async throws {
        guard let interval else { return }
        let now = clock.now
        let slot = max(next ?? now, now)
        next = slot.advanced(by: interval)
        try await clock.sleep(until: slot)
    }
}
