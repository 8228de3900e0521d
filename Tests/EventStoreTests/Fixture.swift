import Dispatch
import Foundation
import PaymentCore
import Synchronization
import TestSupport
import Testing

@testable import EventStore

extension TemporaryDirectory {
    var database: String { file("terima.db") }
}

/// A store in a directory of its own.
final class Fixture: Sendable {
    let directory: TemporaryDirectory
    let store: EventStore

    /// On a busy machine an event may wait long: only a test that sets a bound of its own meets it.
    init(limits: EventStore.Limits = .init(), in directory: TemporaryDirectory? = nil) throws {
        self.directory = try directory ?? TemporaryDirectory()
        var patient = limits
        if limits.waitingMilliseconds == EventStore.Limits().waitingMilliseconds { patient.waitingMilliseconds = 600_000 }
        store = try EventStore.open(path: self.directory.database, limits: patient)
    }

    deinit { store.close() }

    /// Runs one statement on the writer's connection.
    func execute(_ sql: String) throws { try store.write("test") { try $0.connection.execute(sql) } }

    /// One integer, read through a connection of its own.
    func integer(_ sql: String) throws -> Int64? { try Fixture.integer(sql, at: directory.database) }

    static func integer(_ sql: String, at path: String) throws -> Int64? {
        let connection = try Connection(path: path, access: .readOnly)
        let statement = try connection.prepare(sql)
        return try statement.step() ? try statement.integerOrNil() : nil
    }

    /// The first column of every row, read through a connection of its own.
    func texts(_ sql: String) throws -> [String] {
        let connection = try Connection(path: directory.database, access: .readOnly)
        return try connection.rows(of: try connection.prepare(sql), []) { row throws(StoreError) in try row.text() }
    }

    func reader() throws -> Reader { try Reader.open(path: directory.database) }
}

extension EventStore {
    func append(_ event: Event) async -> AppendOutcome {
        await withCheckedContinuation { continuation in append(event) { continuation.resume(returning: $0) } }
    }

    /// Appends all events so that they wait together and are stored in one batch (as far as the limits allow).
    func appendTogether(_ events: [Event]) async -> [AppendOutcome] {
        let outcomes = Mutex<[Int: AppendOutcome]>([:])
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            queue.suspend()
            for (number, event) in events.enumerated() {
                append(event) { outcome in
                    let count = outcomes.withLock {
                        $0[number] = outcome
                        return $0.count
                    }
                    if count == events.count { continuation.resume() }
                }
            }
            queue.resume()
        }
        return outcomes.withLock { all in events.indices.compactMap { all[$0] } }
    }
}

extension Fixture {
    /// When the lock file beside a database was last touched, in milliseconds.
    static func lockTime(_ database: String) throws -> Int64 {
        let attributes = try FileManager.default.attributesOfItem(atPath: database + ".lock")
        let date = try #require(attributes[.modificationDate] as? Date)
        return Int64((date.timeIntervalSince1970 * 1000).rounded(.down))
    }
}
