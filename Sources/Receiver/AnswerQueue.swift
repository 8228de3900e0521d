import NIOCore

/// The answers of one connection in the order of its requests: a pipelined request may be decided before an earlier one, but is never answered before it.
struct AnswerQueue {
    /// Stands for one request; worthless after its answer was taken.
    typealias Ticket = Int

    struct Slot {
        var answer: ReceiverAnswer?
        /// The connection ends with this answer.
        var closes: Bool
        var withoutBody: Bool
        /// When the request was complete.
        var since: NIODeadline
    }

    private var slots = CircularBuffer<Slot>(initialCapacity: 2)
    /// The ticket of `slots.first`.
    private var first: Ticket = 0
    /// The first ticket that the last `fillRest` has not answered.
    private var restEnd: Ticket = 0

    /// When the oldest request came that still waits for its answer.
    var oldest: NIODeadline? { slots.first?.since }
    var isEmpty: Bool { slots.isEmpty }
    var count: Int { slots.count }

    /// Takes the next place, with its answer if that is known already.
    mutating func append(_ answer: ReceiverAnswer? = nil, closes: Bool, withoutBody: Bool = false, at now: NIODeadline) -> Ticket {
        slots.append(Slot(answer: answer, closes: closes, withoutBody: withoutBody, since: now))
        return first &+ slots.count &- 1
    }

    /// Each ticket at most once. One from before `removeAll` has no place any more: its connection is gone.
    /// - Returns: false when the request was answered by `fillRest` before.
    mutating func fill(_ ticket: Ticket, with answer: ReceiverAnswer) -> Bool {
        guard ticket &- restEnd >= 0 else { return false }
        let offset = ticket &- first
        if offset >= 0, offset < slots.count { slots[offset: offset].answer = answer }
        return true
    }

    /// Every request that still waits gets this answer; returns how many there are. Their tickets are worthless then.
    mutating func fillRest(with answer: ReceiverAnswer) -> Int {
        var count = 0
        for index in slots.indices where slots[index].answer == nil {
            slots[index].answer = answer
            count += 1
        }
        restEnd = first &+ slots.count
        return count
    }

    /// The first answer, if it is known.
    mutating func next() -> (answer: ReceiverAnswer, slot: Slot)? {
        guard let slot = slots.first, let answer = slot.answer else { return nil }
        slots.removeFirst()
        first &+= 1
        return (answer, slot)
    }

    /// The connection ends with the last request there is.
    mutating func closeAfterLast() {
        guard !slots.isEmpty else { return }
        slots[offset: slots.count - 1].closes = true
    }

    mutating func removeAll() {
        first &+= slots.count
        slots.removeAll()
    }
}
