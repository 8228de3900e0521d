import ArgumentParser
import PPRO
import PaymentCore

/// `terima charges show --remote`: PPRO's word about a charge beside terima's.
struct RemoteShow {
    /// PPRO's id of the charge or the shop's reference.
    let name: String
    let json: Bool

    func run(_ common: CommonOptions) async throws {
        try await RemoteAccess.with(try await common.configuration()) { client in
            try await OperatorAccess.with(common) { access in
                var row = try await Self.ours(name, access)
                let remote = try await remoteCharge(client, id: row?.text("id"))
                // Of a charge whose webhooks name no reference terima knows the id alone.
                if row == nil, let remote { row = try await Self.ours(remote.id, access) }
                guard let id = remote?.id ?? row?.text("id") else {
                    throw CommandFailure(.notFound, "neither terima nor PPRO knows a charge '\(name)'")
                }
                let comparison = Comparison(ours: row.map { ChargeView($0) }, theirs: remote.map { ChargeView($0) })
                if json { try Console.write(comparison.json(charge: id) + [0x0A]) } else { try show(comparison, id, remote) }
                if !comparison.agrees { throw ExitCode(CommandFailure.Code.needsAttention.rawValue) }
            }
        }
    }

    /// The charge that we know under the name, else the one that PPRO does. PPRO's ids have a prefix, which a reference may have too.
    private func remoteCharge(_ client: PPROClient, id: String?) async throws -> RemoteCharge? {
        if let id { return try await client.charge(id: id) }
        if name.hasPrefix("charge_"), let charge = try await client.charge(id: name) { return charge }
        return try await client.charges(reference: name).first
    }

    private func show(_ comparison: Comparison, _ id: String, _ remote: RemoteCharge?) throws {
        try Console.lines(Details.lines([("charge", id), ("PPRO changed", Ago.full(remote?.updatedAt, now: WallClock.now()))]) + [""])
        try Console.lines(comparison.table.lines)
        if comparison.agrees { return try Console.line("\nNo difference. (Chargebacks are no part of PPRO's answer.)") }
        if comparison.theirs == nil { return try Console.line("\nPPRO knows no such charge: is TERIMA_PPRO_MERCHANT_ID right?") }
        if comparison.ours == nil { try Console.line("\nterima has never heard of it: no webhook has come.") }
        try Console.line("\nTo take PPRO's word:  terima reconcile --charge \(id)")
    }

    /// terima's charge of that name; nil when it knows none.
    private static func ours(_ name: String, _ access: OperatorAccess) async throws -> Row? {
        do { return try await access.answer(.show(.charges, id: name, Parameters())).row } catch let problem as Problem where problem.code == .notFound {
            return nil
        }
    }
}
