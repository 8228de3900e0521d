/// Welch's t-test of two classes of measurements: how many standard errors their means lie apart (B. L. Welch, Biometrika 34, 1947).
struct WelchTest {
    /// Mean and sum of squared differences of one class, by Welford's method.
    private struct Class {
        var count = 0.0
        var mean = 0.0
        var squares = 0.0

        mutating func add(_ value: Double) {
            count += 1
            let difference = value - mean
            mean += difference / count
            squares += difference * (value - mean)
        }

        /// Of the mean.
        var errorSquared: Double { count > 1 ? squares / (count - 1) / count : 0 }
    }

    private var first = Class()
    private var second = Class()

    init(_ measurements: [(isSecond: Bool, nanoseconds: Double)]) {
        for measurement in measurements {
            if measurement.isSecond { second.add(measurement.nanoseconds) } else { first.add(measurement.nanoseconds) }
        }
    }

    var means: (first: Double, second: Double) { (first.mean, second.mean) }

    /// 0 when there is nothing to tell.
    var t: Double {
        let error = (first.errorSquared + second.errorSquared).squareRoot()
        return error > 0 ? (first.mean - second.mean) / error : 0
    }
}
