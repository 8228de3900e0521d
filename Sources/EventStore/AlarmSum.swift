package import PaymentCore

/// The alarms of one kind in one currency, together.
package struct AlarmSum: Sendable, Equatable {
    package var kind: AlarmKind
    package var currency: String?
    package var charges: Int64
    /// In minor units; the largest 64-bit integer where it is more.
    package var amount: Int64
    /// The oldest.
    package var since: Instant

    /// In parts that cannot overflow: SQLite's sum() fails where 64 bits do not hold the result.
    static let columns = "currency, count(*), sum(money / 1000000), sum(money % 1000000), min(began)"

    package init(kind: AlarmKind, currency: String?, charges: Int64, amount: Int64, since: Instant) {
        self.kind = kind
        self.currency = currency
        self.charges = charges
        self.amount = amount
        self.since = since
    }

    init(_ kind: AlarmKind, row: Statement) throws(StoreError) {
        self.kind = kind
        currency = try row.textOrNil()
        charges = try row.integer()
        let millions = try row.integer()
        amount = Int64(clamping: Int128(millions) * 1_000_000 + Int128(try row.integer()))
        since = try row.time()
    }
}
