import Dispatch
import PaymentCore
import Testing

@testable import EventStore

@Suite struct ReaderPoolTests {
    @Test func queriesWaitForAFreeReaderAndAllAreAnswered() async throws {
        let fixture = try Fixture()
        _ = await fixture.store.append(Sample.event("1"))
        let readers = try ReaderPool(path: fixture.directory.database, count: 2)
        let seqs = try await withThrowingTaskGroup(of: Int64.self) { group in
            for _ in 0..<40 { group.addTask { try await readers.read { try $0.status().lastSeq } } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(seqs == Array(repeating: 1, count: 40))
        #expect(try readers.readBlocking { try $0.events(EventFilter()).count } == 1)
        readers.close()
    }

    @Test func anErrorComesBackAndTheReaderGoesOn() async throws {
        struct Stop: Error {}
        let fixture = try Fixture()
        let readers = try ReaderPool(path: fixture.directory.database, count: 1)
        await #expect(throws: Stop.self) { try await readers.read { _ in throw Stop() } }
        #expect(try await readers.read { try $0.status().lastSeq } == 0)
        readers.close()
    }

    @Test func whoWaitsWhenThePoolClosesIsTold() async throws {
        let fixture = try Fixture()
        let readers = try ReaderPool(path: fixture.directory.database, count: 1)
        let isRunning = DispatchSemaphore(value: 0)
        let mayEnd = DispatchSemaphore(value: 0)
        async let slow = readers.read { _ in
            isRunning.signal()
            mayEnd.wait()
            return 1
        }
        async let waiting: Result<Int, any Error> = {
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    isRunning.wait()
                    DispatchQueue.global().async { continuation.resume(returning: Result { try readers.readBlocking { _ in 2 } }) }
                    mayEnd.signal()
                    readers.close()
                }
            }
        }()
        #expect(try await slow == 1)
        // Either it was served before the pool closed, or it is told: it is never left without an answer.
        switch await waiting {
        case .success(let value): #expect(value == 2)
        case .failure(let error): #expect((error as? StoreError)?.code == "store_closed")
        }
        await #expect(throws: StoreError.self) { try await readers.read { _ in 3 } }
        readers.close()
    }
}
