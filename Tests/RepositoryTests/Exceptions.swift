/// The places where a rule is broken on purpose. Each says why; one that is no longer needed is itself a finding.
struct Exceptions: Sendable {
    struct Entry: Sendable {
        /// The file, from the root.
        var path: String
        /// Why it has to be so. Empty is refused.
        var reason: String
    }

    /// Where this list is written, for the messages.
    var list: String
    var entries: [Entry]

    /// Foundation costs start-up time and megabytes; FoundationEssentials counts as Foundation here.
    static let foundation = Exceptions(
        list: "Exceptions.foundation",
        entries: [
            Entry(
                path: "Sources/Terima/Output/ProcessEnvironment.swift",
                reason: "the C library's environ is a mutable global that Swift 6 refuses to read; FoundationEssentials reads it safely")
        ])

    /// Both switch off the compiler's proof that there are no data races.
    static let uncheckedConcurrency = Exceptions(
        list: "Exceptions.uncheckedConcurrency",
        entries: [
            Entry(
                path: "Sources/EventStore/Confined.swift",
                reason: "SQLite's handles live on one serial Dispatch queue; the compiler cannot see that, Confined checks it at run time"),
            Entry(
                path: "Sources/Worker/Alarm.swift",
                reason: "libdispatch's sources may be used from any thread, but on Linux their Swift protocols do not say that they are Sendable"),
        ])

    func allow(_ path: String) -> Bool { entries.contains { $0.path == path } }

    /// Entries without a reason, and those whose file does not need them (`used` are the files where the rule found something).
    func findings(used: Set<String>) -> [Finding] {
        entries.compactMap { entry in
            if entry.reason.isEmpty {
                return Finding(path: entry.path, line: 1, problem: "its entry in \(list) gives no reason", fix: "write down why it has to be so")
            }
            return used.contains(entry.path)
                ? nil : Finding(path: entry.path, line: 1, problem: "its entry in \(list) is not needed", fix: "take the entry out")
        }
    }
}
