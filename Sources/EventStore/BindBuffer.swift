/// Where the texts and blobs of one execution of a statement lie. SQLite reads them in place, so that it need not allocate a copy of each;
/// they must stay where they are until the statement's bindings are cleared.
@safe
final class BindBuffer {
    /// More than this is given back after use.
    private static let keptBytes = 64 << 10

    private var bytes = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var used = 0

    deinit { unsafe bytes.deallocate() }

    /// Makes room for as many bytes in all. What was there before is gone.
    func begin(bytes count: Int) {
        used = 0
        guard unsafe count > bytes.count else { return }
        unsafe bytes.deallocate()
        unsafe bytes = .allocate(byteCount: max(count, 512), alignment: 8)
    }

    /// A copy that stays until `end`; nil when `begin` made too little room.
    func copy(_ source: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
        guard unsafe source.count <= bytes.count - used, let start = unsafe bytes.baseAddress else { return nil }
        let place = unsafe start + used
        if let from = source.baseAddress { unsafe place.copyMemory(from: from, byteCount: source.count) }
        used += source.count
        return UnsafeRawPointer(place)
    }

    /// Nobody reads the copies any more.
    func end() {
        guard unsafe bytes.count > Self.keptBytes else { return }
        unsafe bytes.deallocate()
        unsafe bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }
}
