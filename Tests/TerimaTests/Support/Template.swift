import EventStore
import Foundation
import Logging
import PaymentCore
import TestSupport

@testable import Worker

/// A database with one of everything an operator can meet. It is made once and every test gets a copy: a new file, which nobody has ever locked.
enum Template {
    static let paid = "charge_paid"
    static let declined = "charge_declined"
    static let anomalous = "charge_anomalous"
    static let agreement = "agr_1"
    static let report = "report_1"
    /// A charge, an event and a reference with everything that a path or a query must encode.
    static let odd = "charge/ö 1%2F?&=#+"
    static let oddEvent = "event/ü 2%41?&=#+"
    static let oddReference = "order/é 3%2F&x=y#+"
    /// An event that was stored by a terima that could not read it; this one can.
    static let late = "charge_late"

    /// When the operator of these tests looks, unless the wall clock does: an hour after the first webhook.
    static let now = Instant(milliseconds: Life.start + 3_600_000)

    /// Every body, in order of arrival, ten seconds apart.
    static let bodies: [[UInt8]] = [
        Life.charge(
            paid, "CREATED", at: 0, status: "AUTHORIZATION_PROCESSING",
            #""merchantPaymentChargeReference":"pay-4711","orderReferenceNumber":"order-4711","merchantId":"merchant_1""#),
        Life.charge(paid, "AUTHENTICATION_PENDING", at: 1, status: "AUTHENTICATION_PENDING", #""authorizationId":"authz_1""#),
        Life.charge(paid, "AUTHORIZATION_SUCCEEDED", at: 2, status: "CAPTURE_PROCESSING", #""authorizationId":"authz_1""#),
        Life.charge(paid, "CAPTURE_SUCCEEDED", at: 3, status: "CAPTURED", #""captureId":"capture_1""#),
        Life.charge(declined, "CREATED", at: 10, status: "AUTHORIZATION_PROCESSING"),
        Life.charge(
            declined, "AUTHORIZATION_FAILED", at: 11, status: "FAILED", #""authorizationId":"authz_2","failure":{"failureCode":"INSUFFICIENT_FUNDS"}"#),
        Life.charge(anomalous, "CAPTURE_SUCCEEDED", at: 20, status: "CAPTURED", #""captureId":"capture_2""#),
        Life.charge(anomalous, "AUTHENTICATION_PENDING", at: 21, status: "AUTHENTICATION_PENDING", #""authorizationId":"authz_3""#),
        Life.agreement(agreement, "CREATED", at: 30, status: "INITIALIZING"),
        Life.agreement(agreement, "ACTIVE", at: 31, status: "ACTIVE"),
        Life.report(report),
        Life.charge(
            odd, "CREATED", at: 40, status: "AUTHORIZATION_PROCESSING", #""merchantPaymentChargeReference":"\#(oddReference)""#, id: oddEvent),
    ]

    /// Signed, and still no event.
    static let unreadable = Array(#"{"specversion":"1.0.2", "note":"a webhook without an envelope"}"#.utf8)
    static var unreadableId: String { Hex.encode(Digest.sha256(unreadable)) }
    static let lateBody = Life.charge(late, "CREATED", at: 50, status: "AUTHORIZATION_PROCESSING")
    static var lateId: String { Hex.encode(Digest.sha256(lateBody)) }

    /// How many events there are: the bodies, the two that could not be read, and no repeat.
    static let eventCount = bodies.count + 2

    static func receivedAt(_ seq: Int) -> Instant { Instant(milliseconds: Life.start + Int64(seq) * 10_000) }

    private static let file = Task { try await make() }

    /// Writes a copy, as `terima serve` would have left it, and returns its path.
    static func copy(to directory: TemporaryDirectory, name: String = "terima.db") async throws -> String {
        let path = try directory.write("", to: name)
        try await file.value.write(to: URL(fileURLWithPath: path))
        return path
    }

    private static func make() async throws -> Data {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let store = try EventStore.open(path: directory.file("terima.db"))
        for (index, body) in bodies.enumerated() { await store.receive(body, at: receivedAt(index + 1)) }
        await store.receive(unreadable, at: receivedAt(13))
        await store.receiveUnreadable(lateBody, at: receivedAt(14))
        // The first event comes twice more, the second once with another body.
        await store.receive(bodies[0], at: receivedAt(15))
        await store.receive(bodies[0], at: receivedAt(16))
        let other = String(decoding: bodies[1], as: UTF8.self).replacing("authz_1", with: "authz_9")
        await store.receive(Array(other.utf8), at: receivedAt(17))
        try store.applyAll(endpoints: ["shop"], now: now)
        try store.deliverAll(to: "shop", now: now) { delivery in delivery.subject == declined && delivery.type == "charge.failed" }
        store.close()
        return try Data(contentsOf: URL(fileURLWithPath: directory.file("terima.db")))
    }
}

extension EventStore {
    /// What the receiver does with a signed body.
    @discardableResult
    func receive(_ body: [UInt8], at instant: Instant) async -> AppendOutcome { await add(EventDecoder.decode(body: body, receivedAt: instant)) }

    /// What a terima would have stored that could not read this body.
    func receiveUnreadable(_ body: [UInt8], at instant: Instant) async {
        let hash = Digest.sha256(body)
        _ = await add(
            Event(identity: .ofBody(hash: hash), body: body, bodyHash: hash, receivedAt: instant, content: .unreadable(.unsupportedSpecversion)))
    }

    private func add(_ event: Event) async -> AppendOutcome {
        await withCheckedContinuation { continuation in append(event) { continuation.resume(returning: $0) } }
    }

    /// Applies everything that waits and writes the notifications for these endpoints.
    func applyAll(endpoints: [String], now: Instant) throws {
        let secret = EndpointSecret.generate()
        let endpoints = endpoints.map { Endpoint(name: $0, url: "http://127.0.0.1:1/", secrets: [secret], patterns: ["*"].compactMap(EventPattern.init)) }
        let apply = ApplyEvents(store: self, endpoints: endpoints, logger: .silent)
        while try apply.step(now: now).hasMore {}
    }

    /// Makes every delivery that is due, and those that follow: delivered at once, or dead at the second attempt where the shop refuses.
    func deliverAll(to endpoint: String, now: Instant, refuses: (DueDelivery) -> Bool) throws {
        while true {
            let due = try write("test") { try $0.dueDeliveries(endpoint: endpoint, now: now, limit: 100, excluding: []) }
            guard !due.isEmpty else { return }
            for delivery in due {
                let isRefused = refuses(delivery)
                let next: AttemptRecord.Next = !isRefused ? .delivered : delivery.attempts == 0 ? .retry(at: now) : .dead
                let record = AttemptRecord(
                    delivery: delivery.seq, number: delivery.attempts + 1, at: now, status: isRefused ? (delivery.attempts == 0 ? 500 : nil) : 204,
                    error: isRefused && delivery.attempts > 0 ? "connection_refused" : nil, durationMilliseconds: 12, next: next)
                try write("test") { try $0.recordAttempt(record) }
            }
        }
    }
}
