package import PaymentCore

extension Reader {
    private static let agreementHistory = SQL(
        "SELECT \(HistoryRow.columns) FROM notification AS n JOIN event AS e ON e.seq = n.event WHERE n.agreement = ? ORDER BY n.version")
    private static let agreementsAfter = SQL("SELECT \(StoredAgreement.columns) FROM agreement WHERE seq > ? ORDER BY seq LIMIT ?")

    package func agreements(_ filter: AgreementFilter) throws(StoreError) -> [AgreementRow] {
        try list("SELECT \(StoredAgreement.columns) FROM agreement", filter.conditions, filter.page, read: StoredAgreement.init(row:)).map {
            AgreementRow($0)
        }
    }

    /// The agreement with its history; nil when there is none.
    package func agreement(id: String) throws(StoreError) -> AgreementDetails? {
        try snapshot { reader throws(StoreError) in
            guard let stored = try reader.connection.agreement(id: id) else { return nil }
            return AgreementDetails(
                row: AgreementRow(stored),
                history: try reader.connection.rows(Self.agreementHistory, .integer(stored.seq), read: HistoryRow.init(row:)))
        }
    }

    /// Agreements in bounded batches, in order of their `seq`: for going through all of them.
    package func everyAgreement(afterSeq: Int64, limit: Int) throws(StoreError) -> [StoredAgreement] {
        try connection.rows(Self.agreementsAfter, .integer(afterSeq), .count(limit), read: StoredAgreement.init(row:))
    }

    /// Every applied event of the agreement, in order of arrival.
    package func eventsOfAgreement(_ seq: Int64) throws(StoreError) -> [ChargeEvent] { try connection.eventsOfAgreement(seq) }

    /// What each applied event of the agreement is known as, by event.
    package func outcomesOfAgreement(_ seq: Int64) throws(StoreError) -> [Int64: Outcome] { try connection.outcomesOfAgreement(seq) }
}
