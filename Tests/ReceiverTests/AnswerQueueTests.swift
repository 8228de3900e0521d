import NIOCore
import Testing

@testable import Receiver

@Suite struct AnswerQueueTests {
    @Test func answersComeInTheOrderOfTheRequests() {
        var queue = AnswerQueue()
        let first = queue.append(closes: false, at: .uptimeNanoseconds(0))
        let second = queue.append(closes: false, at: .uptimeNanoseconds(0))
        _ = queue.append(.healthy, closes: true, at: .uptimeNanoseconds(0))
        _ = queue.fill(second, with: .duplicate)
        #expect(queue.next()?.answer == nil)
        _ = queue.fill(first, with: .accepted)
        #expect(queue.next()?.answer == .accepted)
        #expect(queue.next()?.answer == .duplicate)
        let last = queue.next()
        #expect(last?.answer == .healthy)
        #expect(last?.slot.closes == true)
        #expect(queue.next()?.answer == nil)
        #expect(queue.isEmpty)
    }

    @Test func anAnswerAfterTheConnectionHasNoPlace() {
        var queue = AnswerQueue()
        let old = queue.append(closes: false, at: .uptimeNanoseconds(0))
        queue.removeAll()
        _ = queue.fill(old, with: .accepted)
        #expect(queue.isEmpty)
        let new = queue.append(closes: false, at: .uptimeNanoseconds(0))
        _ = queue.fill(old, with: .accepted)
        #expect(queue.next()?.answer == nil)
        _ = queue.fill(new, with: .duplicate)
        #expect(queue.next()?.answer == .duplicate)
    }

    /// Else what the store says of it later would be counted as a second answer.
    @Test func whatWasAnsweredWhenItsTimeWasOverIsNotAnsweredAgain() {
        var queue = AnswerQueue()
        let done = queue.append(.healthy, closes: false, at: .uptimeNanoseconds(0))
        let late = queue.append(closes: false, at: .uptimeNanoseconds(0))
        #expect(queue.fillRest(with: .refused(.storageUnavailable)) == 1)
        let new = queue.append(closes: false, at: .uptimeNanoseconds(0))
        let filled = (late: queue.fill(late, with: .accepted), new: queue.fill(new, with: .accepted))
        #expect(filled == (false, true))
        #expect(done == 0 && queue.next()?.answer == .healthy)
        #expect(queue.next()?.answer == .refused(.storageUnavailable))
        #expect(queue.next()?.answer == .accepted)
    }

    @Test func theConnectionCanBeMadeToEndWithTheLastRequest() {
        var queue = AnswerQueue()
        queue.closeAfterLast()
        _ = queue.append(.healthy, closes: false, at: .uptimeNanoseconds(0))
        _ = queue.append(.healthy, closes: false, at: .uptimeNanoseconds(0))
        queue.closeAfterLast()
        #expect(queue.next()?.slot.closes == false)
        #expect(queue.next()?.slot.closes == true)
    }
}
