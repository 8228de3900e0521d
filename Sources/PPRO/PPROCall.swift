internal import PaymentCore

/// One request to the API, as it is made at every attempt.
struct PPROCall: Sendable {
    enum Method: Sendable, Equatable {
        case get
        case post(body: [UInt8], key: IdempotencyKey)
    }

    /// What it is for, in words for errors and logs: no ids, no references.
    var purpose: String
    var method: Method
    /// From the slash behind the host on, encoded.
    var target: String
    /// What must not be repeated in an error.
    var personal = PersonalData.none

    var lane: RequestPace.Lane {
        switch method {
        case .get: .read
        case .post: .write
        }
    }

    var isWrite: Bool { lane == .write }

    /// The target of a charge, or of something below it; nil when the id is none of PPRO's.
    static func chargeTarget(_ id: String, _ below: String = "") -> String? {
        isIdentifier(id) ? "/v1/payment-charges/" + id + below : nil
    }

    /// PPRO's ids are a prefix, an underscore and up to 21 letters and digits. A little more is let through; nothing that means something in a URL.
    static func isIdentifier(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
                default: false
                }
            }
    }

    /// RFC 3986 percent-encoding of a query's value.
    static func encode(_ value: String) -> String {
        var encoded: [UInt8] = []
        for byte in value.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: encoded.append(byte)
            default:
                encoded.append(UInt8(ascii: "%"))
                encoded.append(contentsOf: Hex.encode([byte]).uppercased().utf8)
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
