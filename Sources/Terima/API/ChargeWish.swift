import EventStore
import PaymentCore

/// What a request waits for to become true of a charge.
struct ChargeWish: Sendable, Equatable {
    enum Aim: Sendable, Equatable {
        /// Something is decided: no longer pending.
        case result
        /// A version after this one.
        case change(after: Int64)
    }

    private enum Until: String, CaseIterable { case result, change }

    /// Longest that a request may wait, in milliseconds: the usual limit of proxies.
    static let longestWaitMilliseconds: Int64 = 60_000

    var aim: Aim
    /// How long to wait for it.
    var milliseconds: Int64

    init(_ aim: Aim, milliseconds: Int64) { (self.aim, self.milliseconds) = (aim, milliseconds) }

    /// nil when the request does not wait.
    init?(_ parameters: Parameters) throws {
        let until = try parameters.words("until", Until.self)
        let version = try parameters.integer("version", 0...Int64.max)
        guard until.count <= 1 else { throw Problem(.badRequest, "'until' is one word: result or change") }
        guard let wait = try parameters.duration("wait", atMost: Self.longestWaitMilliseconds) else {
            if !until.isEmpty { throw Problem(.badRequest, "'until' goes with 'wait'") }
            if version != nil { throw Problem(.badRequest, "'version' goes with 'wait' and 'until=change'") }
            return nil
        }
        milliseconds = wait
        switch until.first ?? .result {
        case .result:
            if version != nil { throw Problem(.badRequest, "'version' goes with 'until=change'; a result is waited for whatever the version") }
            aim = .result
        case .change: aim = .change(after: version ?? 0)
        }
    }

    /// The charge that is the answer; nil: not yet.
    func fulfilled(_ name: String, _ reader: Reader) throws -> ChargeDetails? {
        try choose(reader.charges(named: name)).flatMap { try reader.charge(id: $0.charge.id) }
    }

    /// - Parameter charges: those of one name, the newest first.
    func choose(_ charges: [ChargeRow]) -> ChargeRow? {
        switch aim {
        case .change(let version): charges.first { $0.version > version }
        // Money that was promised or taken answers for the reference, even if the customer has begun anew since. Else the newest attempt decides:
        // that an earlier one failed says nothing about the one that is under way.
        case .result: charges.first { [.authorized, .paid].contains($0.charge.status.result) } ?? charges.first.flatMap { $0.isPending ? nil : $0 }
        }
    }
}

extension ChargeRow {
    fileprivate var isPending: Bool { charge.status.result == .pending }
}
