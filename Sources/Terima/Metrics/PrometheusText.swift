import PaymentCore

/// Writes metrics in Prometheus' text format, version 0.0.4
/// (https://github.com/prometheus/docs/blob/main/content/docs/instrumenting/exposition_formats.md).
struct PrometheusText {
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    enum Kind: String { case counter, gauge, histogram }

    typealias Labels = [(name: String, value: String)]

    private(set) var text = ""

    /// One metric with all its samples; `add` takes them. A metric without samples is left out.
    mutating func metric(_ name: String, _ kind: Kind, _ help: String, _ samples: (inout Samples) -> Void) {
        var found = Samples(name: name)
        samples(&found)
        guard !found.text.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n\(found.text)"
    }

    /// A metric of one sample without labels; left out when the value is nil.
    mutating func metric(_ name: String, _ kind: Kind, _ help: String, _ value: Int64?) {
        metric(name, kind, help) { samples in
            if let value { samples.add(value) }
        }
    }

    /// The samples of one metric.
    struct Samples {
        fileprivate let name: String
        fileprivate var text = ""

        fileprivate init(name: String) { self.name = name }

        mutating func add(_ value: Int64, _ labels: Labels = []) { add("", "\(value)", labels) }

        mutating func add(decimal: String, _ labels: Labels = []) { add("", decimal, labels) }

        /// - Parameter decimals: how many decimals of the metric's unit the histogram's unit is: 3 for milliseconds where the metric says seconds.
        mutating func add(_ histogram: Histogram, decimals: Int, _ labels: Labels = []) {
            var below: Int64 = 0
            for (bound, count) in zip(histogram.bounds, histogram.counts) {
                below += count
                add("_bucket", "\(below)", labels + [("le", DecimalText.of(bound, decimals: decimals))])
            }
            add("_bucket", "\(histogram.count)", labels + [("le", "+Inf")])
            add("_sum", DecimalText.of(histogram.sum, decimals: decimals), labels)
            add("_count", "\(histogram.count)", labels)
        }

        private mutating func add(_ suffix: String, _ value: String, _ labels: Labels) {
            let quoted = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
            text += name + suffix + (quoted.isEmpty ? "" : "{\(quoted)}") + " \(value)\n"
        }

        private static func escaped(_ value: String) -> String {
            value.unicodeScalars.reduce(into: "") { text, scalar in
                switch scalar {
                case "\\": text += "\\\\"
                case "\"": text += "\\\""
                case "\n": text += "\\n"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
    }
}

/// Exact decimal numbers from whole ones.
enum DecimalText {
    /// `1234567` with 6 decimals is `1.234567`, `250000` is `0.25`, `5000000` is `5`.
    static func of(_ value: Int64, decimals: Int) -> String {
        var digits = String(value.magnitude)
        if digits.count <= decimals { digits = String(repeating: "0", count: decimals + 1 - digits.count) + digits }
        var fraction = digits.suffix(decimals)
        while fraction.last == "0" { fraction.removeLast() }
        return (value < 0 ? "-" : "") + digits.dropLast(decimals) + (fraction.isEmpty ? "" : "." + fraction)
    }
}
