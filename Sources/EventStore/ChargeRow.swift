package import PaymentCore

/// One line of `charges`.
package struct ChargeRow: Sendable, Equatable {
    /// For paging; no part of the JSON.
    package var seq: Int64
    package var version: Int
    package var charge: Charge

    init(_ stored: StoredCharge) {
        seq = stored.seq
        version = stored.version
        charge = stored.charge
    }

    /// The row as one JSON object.
    package func write(to writer: inout JSONWriter) { writer.object { charge.writeMembers(to: &$0, version: version) } }
}

/// A charge with its history, oldest first.
package struct ChargeDetails: Sendable, Equatable {
    package var row: ChargeRow
    package var history: [HistoryRow]

    /// The row with `history` added.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            row.charge.writeMembers(to: &writer, version: row.version)
            HistoryRow.write(history, to: &writer)
        }
    }
}
