/// A benchmark that did not do what it is there to measure, or a wrong command line.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
