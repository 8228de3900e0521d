import CQRencode

/// A QR code (ISO/IEC 18004) of a text: the matrix, made by libqrencode.
struct QRCode: Equatable {
    /// Modules in a row and in a column.
    let size: Int
    /// Row by row; true is dark.
    private let modules: [Bool]

    /// The most that the largest symbol holds at the lowest level of error correction, in bytes.
    static let maximumBytes = 2_953

    /// The smallest symbol that holds the text; nil when it is empty or too long. The lowest level of error correction: nothing wipes a screen off, and
    /// larger modules are read from further away.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...Self.maximumBytes).contains(bytes.count) else { return nil }
        let code = unsafe bytes.withUnsafeBufferPointer { unsafe QRcode_encodeData(Int32($0.count), $0.baseAddress, 0, QR_ECLEVEL_L) }
        guard let code = unsafe code else { return nil }
        defer { unsafe QRcode_free(code) }
        size = Int(unsafe code.pointee.width)
        // The lowest bit of a module says whether it is dark; the others say what it is for.
        modules = unsafe UnsafeBufferPointer(start: code.pointee.data, count: size * size).map { $0 & 1 == 1 }
    }

    /// Whether the module is dark; what lies outside is light.
    func isDark(row: Int, column: Int) -> Bool {
        guard (0..<size).contains(row), (0..<size).contains(column) else { return false }
        return modules[row * size + column]
    }
}
