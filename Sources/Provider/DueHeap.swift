internal import PaymentCore

/// Things to be done at their times: the earliest first, of the same time in the order in which they were added.
struct DueHeap<Item: Sendable>: Sendable {
    private struct Entry {
        var due: Instant
        var number: UInt64
        var item: Item

        func precedes(_ other: Entry) -> Bool { (due, number) < (other.due, other.number) }
    }

    private var entries: [Entry] = []
    private var added: UInt64 = 0

    var count: Int { entries.count }
    var next: Instant? { entries.first?.due }

    mutating func push(_ item: Item, at due: Instant) {
        added += 1
        entries.append(Entry(due: due, number: added, item: item))
        var child = entries.count - 1
        while child > 0, entries[child].precedes(entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the earliest if it is due.
    mutating func pop(by now: Instant) -> (due: Instant, item: Item)? {
        guard let first = entries.first, first.due <= now else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            sink()
        }
        return (first.due, first.item)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [parent * 2 + 1, parent * 2 + 2] where child < entries.count && entries[child].precedes(entries[least]) { least = child }
            if least == parent { return }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
