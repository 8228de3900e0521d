import PaymentCore

/// Writes a value that was read: numbers as their text, everything else through the writer.
enum JSONEcho {
    static func bytes(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        write(value, to: &writer)
        return writer.bytes
    }

    private static func write(_ value: JSONValue, to writer: inout JSONWriter) {
        switch value.kind {
        case .object:
            writer.object { writer in
                for (key, value) in value.members {
                    writer.key(key)
                    write(value, to: &writer)
                }
            }
        case .array: writer.array { writer in for element in value.elements { write(element, to: &writer) } }
        case .string: writer.string(value.string ?? "")
        case .number: writer.raw((value.numberText ?? "").utf8)
        case .bool: writer.bool(value.bool ?? false)
        case .null: writer.null()
        }
    }
}
