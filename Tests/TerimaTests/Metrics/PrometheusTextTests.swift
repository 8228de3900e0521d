import PaymentCore
import Testing

@testable import Terima

@Suite struct PrometheusTextTests {
    @Test func aMetricIsHelpTypeAndSamples() {
        var page = PrometheusText()
        page.metric("a_total", .counter, "How many.") {
            $0.add(3, [("reason", "a\\b\"c\nd"), ("x", "y")])
            $0.add(decimal: "0.5")
        }
        page.metric("b", .gauge, "One.", 7)
        page.metric("nothing", .gauge, "Left out.", nil)
        #expect(
            page.text == """
                # HELP a_total How many.
                # TYPE a_total counter
                a_total{reason="a\\\\b\\"c\\nd",x="y"} 3
                a_total 0.5
                # HELP b One.
                # TYPE b gauge
                b 7

                """)
    }

    @Test func bucketsOfAHistogramAreCumulative() {
        var histogram = Histogram(bounds: [250, 1_000])
        for value: Int64 in [1, 250, 300, 5_000] { histogram.record(value) }
        var page = PrometheusText()
        page.metric("t_seconds", .histogram, "Times.") { $0.add(histogram, decimals: 3, [("e", "shop")]) }
        #expect(
            page.text == """
                # HELP t_seconds Times.
                # TYPE t_seconds histogram
                t_seconds_bucket{e="shop",le="0.25"} 2
                t_seconds_bucket{e="shop",le="1"} 3
                t_seconds_bucket{e="shop",le="+Inf"} 4
                t_seconds_sum{e="shop"} 5.551
                t_seconds_count{e="shop"} 4

                """)
    }

    @Test(arguments: [
        (Int64(0), 3, "0"), (5, 3, "0.005"), (1_234_567, 6, "1.234567"), (250_000, 6, "0.25"), (5_000_000, 6, "5"), (-15, 1, "-1.5"), (42, 0, "42"),
        (.max, 2, "92233720368547758.07"), (.min, 0, "-9223372036854775808"),
    ])
    func decimalsAreExact(value: Int64, decimals: Int, text: String) {
        #expect(DecimalText.of(value, decimals: decimals) == text)
    }
}
