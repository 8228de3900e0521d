import EventStore
import PaymentCore
import ServiceLifecycle

extension Operations {
    /// `POST /v1/backups`: everything that is stored into one file of this machine.
    func backUp(_ document: [UInt8]) async throws -> OperatorAnswer {
        let target = try BackupDocument(document).target
        guard let store else { throw Problem(.serviceDown, "a backup needs the running service or the database's lock") }
        let now = now()
        // The service does not wait with its stop for a backup: the next one takes away what is left of this.
        let report = try await cancelWhenGracefulShutdown { try await store.backup(to: target, now: now) }
        return Self.answer { report.write(to: &$0) }
    }
}

/// The body of `POST /v1/backups`, read strictly.
struct BackupDocument: Sendable, Equatable {
    var target: BackupTarget

    /// How many backups of a directory are kept, if the document does not say.
    static let standardKeep = 14

    init(_ bytes: [UInt8]) throws {
        var parameters = Parameters()
        guard let root = try? JSONDocument.parse(bytes).root, root.kind == .object else {
            throw Problem(.badRequest, #"the body must be a JSON object such as {"file":"/var/backups/terima.db"}"#)
        }
        for (key, value) in root.members where !value.isNull {
            switch (key, value.kind) {
            case ("file", .string), ("directory", .string): parameters.add(key, value.string)
            case ("keep", .number): parameters.add(key, value.numberText)
            default: throw Problem(.badRequest, "'\(key)' is unknown or of the wrong kind; the members are file, or directory and keep")
            }
        }
        let keep = try parameters.integer("keep", 1...100_000)
        switch (try parameters.text("file"), try parameters.text("directory")) {
        case (let file?, nil):
            guard keep == nil else { throw Problem(.badRequest, "'keep' goes with 'directory'") }
            target = .file(try Self.absolute(file))
        case (nil, let directory?): target = .directory(try Self.absolute(directory), keep: Int(keep ?? Int64(Self.standardKeep)))
        default: throw Problem(.badRequest, "say where to: either 'file' or 'directory'")
        }
    }

    private static func absolute(_ path: String) throws -> String {
        guard path.hasPrefix("/"), !path.utf8.contains(0) else {
            throw Problem(.badRequest, "the path must begin with /: the service has another working directory than who asks")
        }
        return path
    }
}
