import CZstd
import Synchronization

/// How the body of a notification lies in its row.
///
/// What terima says of charges and agreements is much alike, so each is a Zstandard frame (RFC 8878) made with the dictionary `notification.dictionary`: a fifth of the
/// bytes, and a checksum. What is passed on is PPRO's own and lies there as it is told: whoever searches the file for a consumer's data must find it.
enum StoredBody {
    /// No body is near as large. A frame that claims more is not one of ours.
    private static let maximumBytes: UInt64 = 1 << 24
    /// The number with which every frame begins (RFC 8878 section 3.1.1). No JSON does.
    private static let frameStart: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
    /// Zstandard's usual level. Lower ones are no faster with a dictionary this small.
    private static let level: Int32 = 3

    // For as long as the process lives.
    private static let compressor = Mutex(Compressor())
    private static let decompressor = Mutex(Decompressor())

    static func compressed(_ body: [UInt8]) -> [UInt8] { compressor.withLock { $0.frame(body) } ?? body }

    /// The body that a row holds, compressed or not; nil when it is damaged.
    static func expanded(_ stored: [UInt8]) -> [UInt8]? {
        guard stored.starts(with: frameStart) else { return stored }
        return decompressor.withLock { $0.content(of: stored) }
    }

    @safe
    private struct Compressor {
        private let context = unsafe ZSTD_createCCtx()
        private let dictionary: OpaquePointer?

        init() {
            let bytes = PackageResources.notification_dictionary
            unsafe dictionary = ZSTD_createCDict(bytes, bytes.count, level)
            _ = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
            _ = unsafe ZSTD_CCtx_refCDict(context, dictionary)
        }

        /// nil without the memory for it.
        func frame(_ body: [UInt8]) -> [UInt8]? {
            let room = ZSTD_compressBound(body.count)
            var isMade = false
            let frame = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                let size = unsafe ZSTD_compress2(context, buffer.baseAddress, room, body, body.count)
                isMade = ZSTD_isError(size) == 0
                count = isMade ? size : 0
            }
            return isMade ? frame : nil
        }
    }

    @safe
    private struct Decompressor {
        private let context = unsafe ZSTD_createDCtx()
        private let dictionary: OpaquePointer?

        init() {
            let bytes = PackageResources.notification_dictionary
            unsafe dictionary = ZSTD_createDDict(bytes, bytes.count)
        }

        func content(of frame: [UInt8]) -> [UInt8]? {
            // What is unknown and what is wrong are the two largest numbers.
            let size = unsafe ZSTD_getFrameContentSize(frame, frame.count)
            guard size <= maximumBytes else { return nil }
            var isWhole = false
            let content = unsafe [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
                let written = unsafe ZSTD_decompress_usingDDict(context, buffer.baseAddress, Int(size), frame, frame.count, dictionary)
                isWhole = written == Int(size)
                count = isWhole ? written : 0
            }
            return isWhole ? content : nil
        }
    }
}
