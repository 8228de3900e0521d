/// How long things may take before they are alarming, in milliseconds.
package struct AlarmRules: Sendable, Equatable {
    /// A charge is paid and an endpoint does not know.
    package var untold: Int64
    /// No webhook came while charges are open.
    package var silence: Int64
    /// A charge should have moved on by itself, or its sums should fit: PPRO's own webhook, and asking PPRO, need a moment.
    package var overdue: Int64

    /// The shop's endpoints; others need not be told any more.
    package var endpoints: [String]

    package init(untold: Int64 = 600_000, silence: Int64 = 1_800_000, overdue: Int64 = 300_000, endpoints: [String] = []) {
        self.untold = untold
        self.silence = silence
        self.overdue = overdue
        self.endpoints = endpoints
    }
}
