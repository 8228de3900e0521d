/// The values of a row in one piece of memory, laid out by the thread that has them, so that the one writer only hands it to SQLite.
struct PackedRow: Sendable {
    /// A value; a text or blob by where it lies in `bytes`.
    enum Cell: Sendable {
        case null
        case integer(Int64)
        case text(start: Int, count: Int)
        case blob(start: Int, count: Int)
    }

    private(set) var bytes: [UInt8] = []
    private(set) var cells: [Cell] = []

    init(_ values: [SQLValue]) {
        cells.reserveCapacity(values.count)
        bytes.reserveCapacity(values.reduce(0) { $0 + $1.byteCount })
        for value in values {
            switch value {
            case .integer(let number?): cells.append(.integer(number))
            case .text(let text?):
                cells.append(.text(start: bytes.count, count: text.utf8.count))
                bytes.append(contentsOf: text.utf8)
            case .blob(let blob?):
                cells.append(.blob(start: bytes.count, count: blob.count))
                bytes.append(contentsOf: blob)
            case .integer(nil), .text(nil), .blob(nil): cells.append(.null)
            }
        }
    }

    /// A row of one blob, which is not copied.
    init(blob: [UInt8]) {
        bytes = blob
        cells = [.blob(start: 0, count: blob.count)]
    }
}
