import Glibc

/// Looks for what the time of a verification tells about the right signature, as dudect does (Reparaz, Balasch, Verbauwhede: "Dude, is my code constant time?", 2017):
/// two classes of inputs in random order, Welch's t-test on their times. One class is wrong in the first byte of the signature, the other in the last.
///
///   ConstantTimeCheck SAMPLES
@main struct ConstantTimeCheck {
    /// dudect's bound: beyond it a difference is certain.
    private static let certain = 10.0

    static func main() {
        guard CommandLine.arguments.count == 2, let samples = Int(CommandLine.arguments[1]), samples >= 1000 else {
            print("usage: ConstantTimeCheck SAMPLES (at least 1000)")
            exit(64)
        }
        print("each of two classes: wrong in the first byte, wrong in the last; |t| under \(certain): nothing to be seen\n")
        var isBroken = false
        for subject in Subject.all() {
            let all = measured(subject, samples)
            // Interrupts make a few times very long: the slowest tenth is looked at apart.
            let bound = all.map(\.nanoseconds).sorted()[all.count * 9 / 10]
            let (whole, cropped) = (WelchTest(all), WelchTest(all.filter { $0.nanoseconds <= bound }))
            let isSeen = max(abs(whole.t), abs(cropped.t)) >= certain
            let isRight = isSeen != subject.mustBeConstant
            isBroken = isBroken || !isRight
            print(
                "\(isRight ? "ok  " : "BAD ") \(subject.name): t \(rounded(whole.t)), of the fastest 90 % \(rounded(cropped.t)); "
                    + "\(rounded(cropped.means.first)) and \(rounded(cropped.means.second)) ns, \(all.count) measurements of \(subject.batch)")
        }
        exit(isBroken ? 1 : 0)
    }

    private static func measured(_ subject: Subject, _ samples: Int) -> [(isSecond: Bool, nanoseconds: Double)] {
        var random = SystemRandomNumberGenerator()
        let clock = ContinuousClock()
        var found: [(isSecond: Bool, nanoseconds: Double)] = []
        found.reserveCapacity(samples)
        var rightOnes = 0
        for index in 0..<samples + samples / 10 {
            let isSecond = random.next() & 1 == 1
            let elapsed = clock.measure {
                for _ in 0..<subject.batch where subject.run(isSecond) { rightOnes += 1 }
            }
            // The first tenth warms up.
            guard index >= samples / 10 else { continue }
            found.append((isSecond, Double(elapsed.components.attoseconds) / 1e9 + Double(elapsed.components.seconds) * 1e9))
        }
        if rightOnes > 0 { print("BAD  \(subject.name): takes a wrong signature") }
        return found
    }

    private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
