/// Which part of a listing, and in which direction.
package struct Page: Sendable, Equatable {
    /// At most so many rows; negative counts as 0.
    package var limit: Int
    /// Only rows after this `seq`, oldest first: for following.
    package var after: Int64?
    /// Only rows before this `seq`, newest first: for paging back.
    package var before: Int64?

    package init(limit: Int = 50, after: Int64? = nil, before: Int64? = nil) {
        self.limit = limit
        self.after = after
        self.before = before
    }

    var direction: String { after == nil ? "DESC" : "ASC" }
}
