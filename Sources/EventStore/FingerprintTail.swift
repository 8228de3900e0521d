/// The fingerprints of the newest events, which the table `identity` does not hold yet. It gets them a row of many at a time: a row with every group commit
/// would make each of them write a page more. The next start finds them by the events themselves, of which every one is stored.
struct FingerprintTail {
    /// So many make a row.
    static let rowCount = 1024

    /// The newest event whose fingerprint the table holds.
    private(set) var recordedThrough: Int64
    /// Of the events after it, in order.
    private(set) var fingerprints: [UInt64] = []

    init(recordedThrough: Int64) { self.recordedThrough = recordedThrough }

    /// The newest event of all.
    var lastSeq: Int64 { recordedThrough + Int64(fingerprints.count) }

    mutating func append(_ fingerprint: UInt64) { fingerprints.append(fingerprint) }

    /// False: the table holds that event's fingerprint.
    mutating func replace(_ seq: Int64, with fingerprint: UInt64) -> Bool {
        guard let place = Int(exactly: seq - recordedThrough - 1), fingerprints.indices.contains(place) else { return false }
        fingerprints[place] = fingerprint
        return true
    }

    /// The next full row for the table; nil when there are too few.
    mutating func takeRow() -> (first: Int64, fingerprints: [UInt64])? {
        guard fingerprints.count >= Self.rowCount else { return nil }
        let row = (first: recordedThrough + 1, fingerprints: Array(fingerprints.prefix(Self.rowCount)))
        fingerprints.removeFirst(Self.rowCount)
        recordedThrough += Int64(Self.rowCount)
        return row
    }
}
