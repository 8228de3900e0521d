import Provider
import Testing

@testable import Sandbox

@Suite struct PlayPlanTests {
    private func sends(_ plan: PlayPlan) -> [PlayPlan.Send] { (0..<plan.laneCount).flatMap(plan.lane) }

    @Test func inOrderEachLifeIsALane() {
        let plan = PlayPlan(lives: 2, repeats: 2, shuffleSeed: nil) { $0 == 0 ? 2 : 1 }
        #expect(plan.laneCount == 2)
        #expect(plan.lane(0).map(\.step) == [0, 1, 0, 1])
        #expect(plan.lane(1).map(\.life) == [1, 1])
        #expect(plan.lane(2).isEmpty)
    }

    @Test func shuffledEverySendIsThereAndALaneOfItsOwn() {
        let ordered = PlayPlan(lives: 30, repeats: 3, shuffleSeed: nil) { 3 + $0 % 2 }
        let shuffled = PlayPlan(lives: 30, repeats: 3, shuffleSeed: 7) { 3 + $0 % 2 }
        #expect(shuffled.laneCount == sends(ordered).count)
        #expect(sends(shuffled) != sends(ordered))
        #expect(counts(sends(shuffled)) == counts(sends(ordered)))
        #expect(sends(shuffled) == sends(PlayPlan(lives: 30, repeats: 3, shuffleSeed: 7) { 3 + $0 % 2 }))
        #expect(sends(shuffled) != sends(PlayPlan(lives: 30, repeats: 3, shuffleSeed: 8) { 3 + $0 % 2 }))
    }

    private func counts(_ sends: [PlayPlan.Send]) -> [PlayPlan.Send: Int] { sends.reduce(into: [:]) { $0[$1, default: 0] += 1 } }

    @Test func retriesFollowPPROsSchedule() {
        let delays = RetryDelays()
        #expect(
            (1...15).map { delays.delay(afterAttempt: $0).map { $0 / 1000 } }
                == [15, 30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, 30720, 61440, 122_880, nil])
        #expect((1..<15).compactMap { delays.delay(afterAttempt: $0) }.reduce(0, +) / 3_600_000 == 68)
    }

    @Test func retryDelaysNeverOverflow() {
        let delays = RetryDelays(baseMilliseconds: .max, attempts: 100)
        #expect(delays.delay(afterAttempt: 99) == Int64(2_592_000_000))
        #expect(RetryDelays(baseMilliseconds: 0, attempts: 3).delay(afterAttempt: 2) == 0)
    }
}
