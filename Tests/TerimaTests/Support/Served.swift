import PaymentCore

@testable import Terima

/// A running service and the ways to reach it.
struct Served: Sendable {
    let installation: Installation
    let ports: RunningService.Ports
    /// Where its requests wait.
    let feed: ChangeFeed
    let stopRequest: StopRequest
    let running: Task<Void, any Error>
    let reloadRequest: ReloadRequest
    let reloads: AsyncStream<Void>

    /// The operator API on the Unix socket.
    var socket: APIClient { APIClient(place: .socket(installation.socketPath)) }
    /// The operator API on its port, with the right token.
    var http: APIClient { http(token: "Bearer \(Installation.token)") }

    func http(token: String?) -> APIClient {
        APIClient(place: .port(ports.api ?? 0), headers: token.map { [("Authorization", $0)] } ?? [])
    }

    /// Sends a webhook as PPRO does: again when it was refused for now, which on a busy machine it may be.
    func receive(_ body: [UInt8], secret: String = Installation.signingSecret) async throws -> APIClient.Answer {
        let signature = PPROSigner.current(body: body, secret: SigningSecret(secret), at: WallClock.now())
        let ppro = APIClient(place: .port(ports.receiver), headers: [("PPRO-Signature", signature)])
        while true {
            let answer = try await ppro.post("/webhooks/ppro", body)
            if answer.status != 503 { return answer }
        }
    }

    /// Has the secrets read again, and returns when that was done or refused.
    func reload() async {
        reloadRequest.ask(.secrets)
        for await _ in reloads { return }
    }

    /// Ends the service and returns when nothing of it is left. Again is nothing.
    func stop() async throws {
        stopRequest.stop()
        try await running.value
    }
}
