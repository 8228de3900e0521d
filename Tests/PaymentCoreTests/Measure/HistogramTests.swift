import PaymentCore
import Testing

@Suite struct HistogramTests {
    @Test func aBoundBelongsToItsRange() {
        var histogram = Histogram(bounds: [1, 10])
        for value: Int64 in [-5, 1, 2, 10, 11, 1_000] { histogram.record(value) }
        #expect(histogram.counts == [2, 2, 2])
        #expect(histogram.count == 6)
        #expect(histogram.sum == 1_019)
    }

    @Test func theSumStopsAtTheLargestNumber() {
        var histogram = Histogram(bounds: [])
        histogram.record(.max)
        histogram.record(1)
        #expect(histogram.sum == .max)
        #expect(histogram.counts == [2])
    }
}
