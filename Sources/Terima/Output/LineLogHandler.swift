package import Logging
import PaymentCore
import SystemPackage

/// Log lines on standard error, one write each: text for people, JSON for programs. Into systemd's journal they go with their priority, and texts without a
/// time, because the journal has one of its own.
package struct LineLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    let label: String
    let format: ServiceConfiguration.LogFormat
    let isJournal: Bool
    let now: @Sendable () -> Instant

    init(
        label: String, level: Logger.Level, format: ServiceConfiguration.LogFormat, isJournal: Bool = false, now: @escaping @Sendable () -> Instant
    ) {
        self.label = label
        self.logLevel = level
        self.format = format
        self.isJournal = isJournal
        self.now = now
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let merged = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let line = line(event.level, event.message.description, merged.map { ($0.key, $0.value.description) })
        // A log that cannot be written has nowhere to complain to.
        _ = try? FileDescriptor.standardError.writeAll(line + [0x0A])
    }

    func line(_ level: Logger.Level, _ message: String, _ fields: [(String, String)]) -> [UInt8] {
        let prefix = isJournal ? Journal.prefix(level) : ""
        switch format {
        case .json:
            var writer = JSONWriter()
            writer.object {
                $0.member("time", now().iso8601)
                $0.member("level", level.rawValue)
                $0.member("message", message)
                // A field of a library's must not double a member: many readers refuse that.
                for (key, value) in fields { $0.member(["time", "level", "message"].contains(key) ? key + "_" : key, value) }
            }
            return prefix.utf8 + writer.bytes
        case .text:
            let beginning = isJournal ? "" : "\(now().iso8601) "
            let text = fields.reduce("\(beginning)\(level.rawValue) \(message)") { $0 + " \($1.0)=\($1.1)" }
            return Array((prefix + Table.printable(text)).utf8)
        }
    }
}
