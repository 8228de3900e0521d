import NIOCore
import Testing

@testable import Receiver

@Suite struct AnswerQueueTests {
    @Test func answersComeInTheOrderOfTheRequests() {
        var queue = AnswerQueue()
        let first = queue.append(closes: false, at: .uptimeNanoseconds(0))
        let second = queue.append(closes: false, at: .uptimeNanoseconds(0))
        _ = queue.append(.healthy, closes: true, at: .uptimeNanoseconds(0))
        queue.fill(second, with: .duplicate)
        #expect(queue.next()?.answer == nil)
        queue.fill(first, with: .accepted)
        #expect(queue.next()?.answer == .accepted)
        #expect(queue.next()?.answer == .duplicate)
        let last = queue.next()
        #expect(last?.answer == .healthy)
        #expect(last?.slot.closes == true)
        #expect(queue.next()?.answer == nil)
        #expect(queue.isEmpty)
    }

    @Test func anAnswerThatComesTooLateIsIgnored() {
        var queue = AnswerQueue()
        let old = queue.append(closes: false, at: .uptimeNanoseconds(0))
        queue.removeAll()
        queue.fill(old, with: .accepted)
        #expect(queue.isEmpty)
        let new = queue.append(closes: false, at: .uptimeNanoseconds(0))
        queue.fill(old, with: .accepted)
        #expect(queue.next()?.answer == nil)
        queue.fill(new, with: .duplicate)
        #expect(queue.next()?.answer == .duplicate)
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
