/// A notification that is due at an endpoint now.
package struct DueDelivery: Sendable, Equatable {
    package var seq: Int64
    /// What must be told in order: deliveries of one lane go out one after the other.
    package var lane: Int64
    /// Attempts made so far.
    package var attempts: Int
    /// Attempts made before the last replay: the schedule counts from here.
    package var round: Int
    package var notificationId: String
    package var type: String
    package var subject: String
    /// The request's body, exactly; nil when what is stored is damaged.
    package var body: [UInt8]?

    init(row: Statement) throws(StoreError) {
        seq = try row.integer()
        lane = try row.integer()
        attempts = try row.count()
        round = try row.count()
        notificationId = try row.text()
        type = try row.text()
        subject = try row.text()
        body = StoredBody.expanded(try row.bytes())
    }
}
