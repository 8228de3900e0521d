import ArgumentParser
import PaymentCore

/// A duration on the command line: `250ms`, `15s`, `5m`.
struct DurationArgument: ExpressibleByArgument {
    let milliseconds: Int64

    init(milliseconds: Int64) { self.milliseconds = milliseconds }

    init?(argument: String) {
        guard let milliseconds = DurationText.parse(argument) else { return nil }
        self.milliseconds = milliseconds
    }

    var defaultValueDescription: String { DurationText.format(milliseconds) }
}
