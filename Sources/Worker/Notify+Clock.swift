import EventStore
import PaymentCore

extension Notify {
    /// The wall clock was set by so much: what is held in memory moves with it, as the due times in the store do.
    mutating func clockWasSet(byMilliseconds milliseconds: Int64) {
        for endpoint in breakers.indices { breakers[endpoint].clockWasSet(byMilliseconds: milliseconds) }
        pending.clockWasSet(byMilliseconds: milliseconds)
        for index in unrecorded.indices {
            unrecorded[index].record.at = unrecorded[index].record.at.advanced(byMilliseconds: milliseconds)
            if case .retry(let at) = unrecorded[index].record.next { unrecorded[index].record.next = .retry(at: at.advanced(byMilliseconds: milliseconds)) }
        }
    }
}
