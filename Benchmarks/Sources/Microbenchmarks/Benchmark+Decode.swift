import PaymentCore

extension Benchmark {
    /// Checking the JSON of PAYMENT_CHARGE_CREATED, about 2.7 KB.
    static let jsonParse = Benchmark(name: "json-parse", few: 160, many: 1_600) { count in
        let bodies = SampleLife.several().map(\.created)
        var checksum = Checksum()
        for index in 0..<count {
            let document = try JSONDocument.parse(bodies[index % bodies.count])
            checksum.add(document.root.bytes.count)
        }
        return checksum
    }

    /// From the body of PAYMENT_CHARGE_CAPTURE_SUCCEEDED, about 1 KB, to an event with its facts.
    static let decode = Benchmark(name: "decode", few: 160, many: 1_600) { count in
        let bodies = SampleLife.several().map(\.captured)
        var checksum = Checksum()
        for index in 0..<count {
            let event = EventDecoder.decode(body: bodies[index % bodies.count], receivedAt: SampleLife.now)
            checksum.add(try event.facts().amount?.value ?? 0)
            checksum.add(event.bodyHash.count)
        }
        return checksum
    }

    /// The fingerprint by which the duplicate check finds an event.
    static let identity = Benchmark(name: "identity", few: 160, many: 1_600) { count in
        let identities = SampleLife.several().map { EventDecoder.decode(body: $0.captured, receivedAt: SampleLife.now).identity }
        var checksum = Checksum()
        for index in 0..<count { checksum.add(identities[index % identities.count].fingerprint) }
        return checksum
    }
}
