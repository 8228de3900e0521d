import ArgumentParser

/// An error as a command ends with it: a sentence on standard error and a documented exit code.
struct CommandFailure: Error, CustomStringConvertible {
    enum Code: Int32 {
        /// Something needs a person, or a check found a difference.
        case needsAttention = 1
        case usage = 64
        case notFound = 66
        case unavailable = 69
        case storage = 74
        /// What was waited for has not come in time.
        case unfinished = 75
        case configuration = 78
    }

    var code: Code
    var message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    var description: String { message }
}
