import NIOCore
import Testing

@testable import Receiver

@Suite struct RequestClockTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private func at(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }
    private func clock() -> RequestClock { RequestClock(limits: RequestLimits(), now: start) }

    @Test func aNewConnectionIsIdle() {
        #expect(clock().deadline == at(30))
        #expect(!clock().isReceiving)
    }

    /// A client that never gets as far as a request has the time of a header, however busily it shakes hands.
    @Test func aHandshakeHasItsTimeFromTheBeginning() {
        var clock = RequestClock(limits: RequestLimits(), now: start, isEncrypted: true)
        #expect(clock.deadline == at(10))
        #expect(!clock.isReceiving)
        clock.handshakeEnded(at: at(4))
        #expect(clock.deadline == at(34))
        clock.bytesArrived(at: at(5))
        clock.handshakeEnded(at: at(6))
        #expect(clock.phase == .head)
        #expect(clock.deadline == at(15))
    }

    @Test func drippingBytesDoNotMoveTheDeadlines() {
        var clock = clock()
        clock.bytesArrived(at: at(3))
        #expect(clock.deadline == at(13))
        clock.bytesArrived(at: at(12))
        #expect(clock.deadline == at(13))
        clock.headEnded(at: at(12))
        #expect(clock.deadline == at(18))
        clock.bytesArrived(at: at(17))
        #expect(clock.deadline == at(18))
        #expect(clock.isReceiving)
    }

    @Test func aConnectionThatWaitsForTheStoreHasTimeUntilItsOldestRequestIsOverdue() {
        var clock = clock()
        clock.bytesArrived(at: start)
        clock.headEnded(at: start)
        clock.requestEnded(at: start)
        #expect(clock.deadline == start + .milliseconds(4_500))
        clock.requestEnded(at: at(1))
        #expect(clock.deadline == start + .milliseconds(4_500))
        clock.answersAwaited(since: at(1))
        #expect(clock.deadline == at(1) + .milliseconds(4_500))
        clock.allAnswered(at: at(100))
        #expect(clock.phase == .idle)
        #expect(clock.deadline == at(130))
    }

    @Test func aPipelinedRequestGetsItsTimeOnceTheOneBeforeIsAnswered() {
        var clock = clock()
        clock.bytesArrived(at: start)
        clock.headEnded(at: start)
        clock.requestEnded(at: start)
        clock.bytesArrived(at: at(1))
        #expect(clock.isAnswering)
        #expect(clock.isReceiving)
        clock.allAnswered(at: at(20))
        #expect(clock.phase == .head)
        #expect(clock.deadline == at(30))
    }

    @Test func aPipelinedHeadThatCameWithTheRequestBeforeStartsItsTime() {
        var clock = clock()
        clock.bytesArrived(at: start)
        clock.headEnded(at: start)
        clock.requestEnded(at: start)
        clock.allAnswered(at: at(1))
        clock.headEnded(at: at(2))
        #expect(clock.phase == .body)
        #expect(clock.deadline == at(17))
    }

    @Test func lingeringEndsSoonWhateverHappens() {
        var clock = clock()
        clock.bytesArrived(at: start)
        clock.linger(from: at(1))
        clock.bytesArrived(at: at(2))
        clock.headEnded(at: at(2))
        clock.requestEnded(at: start)
        #expect(clock.phase == .lingering)
        #expect(clock.deadline == at(3))
    }
}
