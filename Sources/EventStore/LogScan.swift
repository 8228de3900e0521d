import SystemPackage

/// Looks at a write-ahead log and its index before SQLite opens them. SQLite takes the log up to the first frame that does not fit and leaves out the rest
/// without a word; what this finds tells whether that was all. Format: https://sqlite.org/fileformat2.html#the_write_ahead_log and https://sqlite.org/walformat.html
struct LogScan {
    enum Loss: Equatable {
        case none
        /// What a crash in the middle of a transaction leaves: it was not acknowledged.
        case lastTransaction
        /// Transactions are missing that had been committed.
        case acknowledged
    }

    /// Numbers, counted from 1, of the frames that end a transaction and carry the salts of the log's header.
    private var commits: [Int] = []
    /// The two salts, as bytes; nil: there is no log, or its header is none.
    private var salts: ArraySlice<UInt8>?
    /// What the index says; nil without one. It is written after the log was synced, so what it counts was committed.
    private var index: Index?

    private struct Index {
        var frames: Int
        /// Of them in the database file already.
        var copied: Int
        var salts: ArraySlice<UInt8>
    }

    private static let headerBytes = 32
    private static let frameHeaderBytes = 24

    init(database path: String) {
        index = Self.index(path + "-shm")
        guard let descriptor = try? FileDescriptor.open(FilePath(path + "-wal"), .readOnly, options: [.closeOnExec]) else { return }
        defer { try? descriptor.close() }
        guard let header = Self.read(descriptor, at: 0, count: Self.headerBytes), Self.word(header, 0) & ~1 == 0x377F_0682 else { return }
        let pageBytes = Int64(Self.word(header, 8))
        guard (512...65_536).contains(pageBytes) else { return }
        salts = header[16..<24]
        var frame = 0
        while let head = Self.read(
            descriptor, at: Int64(Self.headerBytes) + Int64(frame) * (pageBytes + Int64(Self.frameHeaderBytes)), count: Self.frameHeaderBytes)
        {
            frame += 1
            // What another round of this log has left behind it has other salts.
            guard head[8..<16] == header[16..<24] else { continue }
            if Self.word(head, 4) != 0 { commits.append(frame) }
        }
    }

    /// The log and its index do not belong together: the log was exchanged. Each round of a log has the first salt of the one before and one more, and a new log
    /// has others.
    var isExchanged: Bool {
        // While the index counts nothing a round has begun, and the crash may have come between the two.
        guard let index, index.frames > 0, let salts, salts != index.salts else { return false }
        // A power cut may have kept the index of an earlier round.
        return !(1..<(1 << 20)).contains(Self.word(Array(salts), 0) &- Self.word(Array(index.salts), 0))
    }

    /// A crash has left something.
    var isThere: Bool { salts != nil || index != nil }

    /// - Parameter taken: the frames that SQLite found good.
    func loss(taken: Int) -> Loss {
        if let index, index.frames > max(taken, index.copied) {
            // After a power cut the index may be of an earlier round of the log; then the log itself has other salts.
            if taken == 0 || salts.map({ $0 == index.salts }) == true { return .acknowledged }
        }
        // One may be the last of a crash, which was never acknowledged; more cannot.
        return switch commits.count(where: { $0 > taken }) {
        case 0: .none
        case 1: .lastTransaction
        default: .acknowledged
        }
    }

    /// The index's header stands there twice, so that a half-written one is noticed.
    private static func index(_ path: String) -> Index? {
        guard let descriptor = try? FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec]) else { return nil }
        defer { try? descriptor.close() }
        guard let bytes = read(descriptor, at: 0, count: 100), bytes[0..<48].elementsEqual(bytes[48..<96]), bytes[12] == 1 else { return nil }
        return Index(frames: Int(word(bytes, 16).byteSwapped), copied: Int(word(bytes, 96).byteSwapped), salts: bytes[32..<40])
    }

    /// Big-endian, as the log has it; the index has the machine's order, which is little-endian wherever terima runs.
    private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 { bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) } }

    private static func read(_ descriptor: FileDescriptor, at offset: Int64, count: Int) -> [UInt8]? {
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = unsafe (try? descriptor.read(fromAbsoluteOffset: offset, into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
        }
        return bytes.count == count ? bytes : nil
    }
}
