/// How often values fell into each of some ranges, and their sum: enough for rates and quantiles, in constant memory. Whole numbers in a unit of its owner's.
package struct Histogram: Sendable, Equatable {
    /// The upper ends of the ranges, each included in its range, in ascending order; one more range has no end.
    package let bounds: [Int64]
    /// How many values fell into each range; one more than there are bounds.
    package private(set) var counts: [Int64]
    /// Stops at the largest 64-bit integer.
    package private(set) var sum: Int64 = 0

    package init(bounds: [Int64]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    package var count: Int64 { counts.reduce(0, +) }

    package mutating func record(_ value: Int64) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        let (total, overflow) = sum.addingReportingOverflow(value)
        sum = overflow ? .max : total
    }
}
