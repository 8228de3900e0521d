/// Standard Webhooks 1.0.0, symmetric scheme `v1`: how notifications to the shop are signed.
package enum StandardWebhooks {
    /// Why a notification is not taken as ours. A closed list.
    package enum Failure: Error, Sendable, Equatable {
        /// An id that is empty or has a full stop (it would blur where the id ends), or a timestamp that is not 1 to 20 digits.
        case malformed
        /// None of the signatures is right for any of the secrets.
        case invalid
        /// The signature is right, but its time is further from now than the tolerance, in either direction.
        case stale
    }

    /// The three headers that sign `body`: over `id.timestamp.body`, one `v1,<base64>` for each secret, so that a receiver with any of them can check.
    /// - Parameter id: the same over all attempts; without a full stop.
    package static func headers(id: String, at instant: Instant, body: [UInt8], secrets: [EndpointSecret]) -> [(name: String, value: String)] {
        let timestamp = UnixSeconds.text(instant)
        let prefix = prefix(id: id, timestamp: timestamp)
        let signatures = secrets.map { "v1," + Base64.encode($0.authenticationCode(of: prefix, body)) }
        return [("webhook-id", id), ("webhook-timestamp", timestamp), ("webhook-signature", signatures.joined(separator: " "))]
    }

    /// Checks a notification the way the shop has to. Signatures of other versions in the list are passed over.
    package static func verify(
        id: String, timestamp: String, signature: String, body: [UInt8], secrets: [EndpointSecret], now: Instant, toleranceMilliseconds: Int64 = 5 * 60_000
    ) -> Result<Void, Failure> {
        guard !id.isEmpty, !id.utf8.contains(UInt8(ascii: ".")), (1...20).contains(timestamp.utf8.count),
            timestamp.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return .failure(.malformed) }
        let given = signature.utf8.split(separator: UInt8(ascii: " ")).compactMap { entry in
            entry.starts(with: "v1,".utf8) ? Base64.decode(entry.dropFirst(3)) : nil
        }
        let prefix = prefix(id: id, timestamp: timestamp)
        var isRight = false
        for secret in secrets {
            let expected = secret.authenticationCode(of: prefix, body)
            for candidate in given where ConstantTime.areEqual(candidate, expected) { isRight = true }
        }
        guard isRight else { return .failure(.invalid) }
        let tolerance = SignatureTolerance(backMilliseconds: toleranceMilliseconds, aheadMilliseconds: toleranceMilliseconds)
        return tolerance.staleness(of: UnixSeconds.instant(timestamp.utf8), now: now) == nil ? .success(()) : .failure(.stale)
    }

    private static func prefix(id: String, timestamp: String) -> [UInt8] { Array("\(id).\(timestamp).".utf8) }
}
