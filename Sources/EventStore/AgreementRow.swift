package import PaymentCore

/// One line of `agreements`.
package struct AgreementRow: Sendable, Equatable {
    /// For paging; no part of the JSON.
    package var seq: Int64
    package var version: Int
    package var agreement: Agreement

    init(_ stored: StoredAgreement) {
        seq = stored.seq
        version = stored.version
        agreement = stored.agreement
    }

    /// The row as one JSON object.
    package func write(to writer: inout JSONWriter) { writer.object { agreement.writeMembers(to: &$0, version: version) } }
}

/// An agreement with its history, oldest first.
package struct AgreementDetails: Sendable, Equatable {
    package var row: AgreementRow
    package var history: [HistoryRow]

    /// The row with `history` added.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            row.agreement.writeMembers(to: &writer, version: row.version)
            HistoryRow.write(history, to: &writer)
        }
    }
}
