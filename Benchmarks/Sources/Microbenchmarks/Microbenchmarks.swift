import Glibc

/// Runs one benchmark so many times, and nothing else: `scripts/instructions` counts the instructions of two such runs and takes the difference.
@main
enum Microbenchmarks {
    private static let usage = "usage: Microbenchmarks NAME ITERATIONS | Microbenchmarks --list"

    static func main() {
        do {
            try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            let message = Array("error: \(error)\n".utf8)
            write(STDERR_FILENO, message, message.count)
            exit(1)
        }
    }

    private static func run(_ arguments: [String]) throws {
        if arguments == ["--list"] {
            for benchmark in Benchmark.all { print(benchmark.name, benchmark.few, benchmark.many) }
            return
        }
        guard arguments.count == 2, let count = Int(arguments[1]), count > 0 else { throw BenchmarkError(usage) }
        guard let benchmark = Benchmark.all.first(where: { $0.name == arguments[0] }) else {
            throw BenchmarkError("there is no benchmark '\(arguments[0])'; there are: \(Benchmark.all.map(\.name).joined(separator: " "))")
        }
        print(benchmark.name, count, String(try benchmark.run(count).value, radix: 16))
    }
}
