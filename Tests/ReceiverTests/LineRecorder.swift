import Logging
import Synchronization

/// Keeps what is logged.
final class LineRecorder: LogHandler {
    private let recorded = Mutex<[String]>([])

    var lines: [String] { recorded.withLock { $0 } }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        let facts = (event.metadata ?? [:]).map { " \($0.key)=\($0.value)" }.sorted().joined()
        recorded.withLock { $0.append("\(event.message)\(facts)") }
    }
}
