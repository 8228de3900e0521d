/// The life of one notification on its way to one endpoint. The raw values are the words in the database, in `--json` and in the API.
package enum DeliveryState: String, Sendable, CaseIterable {
    /// To be sent at its next-attempt time, once it is the first pending one of its charge.
    /// Left by a 2xx (`delivered`), by a 410 or the end of the schedule (`dead`).
    /// A crash while an attempt is under way leaves it pending and due: the shop may hear the same id twice, never not at all.
    case pending
    /// The endpoint answered 2xx and that was recorded. Left only by a replay that asks for delivered ones too (`pending`).
    case delivered
    /// Given up, on the list of dead letters with its last status or error. Left only by a replay (`pending`).
    case dead
}
