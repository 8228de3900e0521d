import PaymentCore

extension Benchmark {
    /// A charge out of the six events of its whole life.
    static let fold = Benchmark(name: "fold", few: 160, many: 1_600) { count in
        let lives = try SampleLife.several().map { try $0.chargeEvents() }
        var checksum = Checksum()
        for index in 0..<count {
            let folded = Charge.fold(id: "charge_1", events: lives[index % lives.count])
            guard let folded, folded.anomalous.isEmpty else { throw BenchmarkError("a sample life does not fold into a sound charge") }
            checksum.add(folded.state.refunded)
            checksum.add(folded.order.count)
        }
        return checksum
    }
}
