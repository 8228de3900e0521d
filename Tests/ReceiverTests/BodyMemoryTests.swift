import Testing

@testable import Receiver

@Suite struct BodyMemoryTests {
    private let own = BodyMemory.ownBytes

    @Test func theFirstBytesCostNothing() {
        let memory = BodyMemory(maximum: 0)
        #expect(memory.grow(from: 0, to: own))
        #expect(!memory.grow(from: own, to: own + 1))
        #expect(memory.takenBytes == 0)
    }

    @Test func whatIsBeyondComesOutOfThePoolAndGoesBack() {
        let memory = BodyMemory(maximum: 100)
        #expect(memory.grow(from: 0, to: own + 60))
        #expect(memory.grow(from: 0, to: own + 40))
        #expect(!memory.grow(from: own + 40, to: own + 41))
        #expect(memory.takenBytes == 100)
        memory.release(own + 60)
        #expect(memory.grow(from: own + 40, to: own + 100))
        memory.release(own + 100)
        memory.release(own)
        #expect(memory.takenBytes == 0)
    }
}
