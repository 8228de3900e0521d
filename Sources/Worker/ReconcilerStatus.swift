package import PaymentCore

/// What only the running reconciler knows.
package struct ReconcilerStatus: Sendable, Equatable {
    package struct Counts: Sendable, Equatable {
        /// Questions asked since the start.
        package var asked: Int64 = 0
        /// Questions that PPRO answered, be it that it knows no such charge.
        package var answered: Int64 = 0
        /// Questions of whose answers at least one told something new.
        package var withNews: Int64 = 0
        /// Answers that told something new: one for each charge.
        package var news: Int64 = 0
        /// Questions without an answer of use.
        package var failed: Int64 = 0
    }

    package var counts = Counts()
    package var inFlight = 0
    /// Why PPRO cannot be asked now (an `AuthorityError` code, or the store's); nil while all is well.
    package var trouble: String?
    /// When PPRO last said of an open charge that there is nothing new: a sign of life, as good as a webhook.
    package var lastQuietAnswerAt: Instant?
}
