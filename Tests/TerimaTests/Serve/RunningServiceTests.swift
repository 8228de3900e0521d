import EventStore
import Foundation
import Logging
import NIOCore
import NIOPosix
import PaymentCore
import Synchronization
import Testing
import TestSupport

@testable import Terima

@Suite(.timeLimit(.minutes(5))) struct RunningServiceTests {
    /// The whole way: in at the receiver, through the fold, out to the shop, and seen by the operator.
    @Test func aWebhookReachesTheShop() async throws {
        let shop = try await Shop.start()
        try await Installation(shop: shop.port, isSeeded: false).serve { served in
            let body = Life.charge("charge_1", "CAPTURE_SUCCEEDED", at: 0, status: "CAPTURED", #""captureId":"capture_1""#)
            #expect(try await served.receive(body).text == #"{"status":"accepted"}"#)
            let told = try #require(await shop.next())
            #expect(told.method == "POST")
            #expect(told.header("user-agent") == "terima/\(Version.text)")
            #expect(told.isSigned(with: served.installation.endpointSecret))
            #expect(told.json?["type"]?.string == "charge.captured")
            #expect(told.json?["data"]?["charge"]?["result"]?.string == "paid")
            #expect(try await served.receive(body).text == #"{"status":"duplicate"}"#)
            let events = try await served.socket.get("/v1/events")
            #expect(events.column("state") == ["applied"])
            #expect(events.rows.first?["repeats"]?.integerValue == 1)
            #expect(try await served.socket.get("/v1/charges/charge_1").json?["captured"]?.integerValue == 1_000_000)
            let counters = try await served.socket.get("/v1/status").json?["receiver"]
            #expect(counters?["accepted"]?.integerValue == 1 && counters?["duplicates"]?.integerValue == 1)
        }
        await shop.stop()
    }

    @Test func theFeedAnswersWhenAnEventComes() async throws {
        try await Installation().serve { served in
            let after = Template.eventCount
            async let waiting = served.http.get("/v1/events?after=\(after)&wait=60s")
            _ = try await served.receive(Life.report("report_2"))
            let answer = try await waiting
            #expect(answer.column("id") == ["event-report_2"])
            #expect(answer.column("seq") == ["\(after + 1)"])
            // What is there already is not waited for.
            #expect(try await served.http.get("/v1/events?after=\(after)&wait=60s").column("id") == ["event-report_2"])
            #expect(try await served.http.get("/v1/events?after=\(after + 1)&wait=1ms").text == #"{"data":[],"next":null}"#)
        }
    }

    /// Only what the filter wants is an answer; anything else that comes ends the waiting with nothing.
    @Test func theFeedKeepsToItsFilter() async throws {
        try await Installation().serve { served in
            let isAnswered = Mutex(false)
            let waiting = Task {
                defer { isAnswered.withLock { $0 = true } }
                return try await served.http.get("/v1/events?after=\(Template.eventCount)&wait=60s&type=PAYMENT_*")
            }
            // Events that come before the request has begun to wait do not end it, so there are more.
            var number = 0
            while !isAnswered.withLock({ $0 }) {
                number += 1
                _ = try await served.receive(Life.report("another_\(number)"))
            }
            let answer = try await waiting.value
            #expect(answer.text == #"{"data":[],"next":null}"#)
        }
    }

    /// A request that waits for an event ends with the service, as an answer.
    @Test func aFollowerDoesNotHoldUpTheStop() async throws {
        let installation = try await Installation()
        try await installation.serve { served in
            // In one piece: the answer to the first tells that the second is being read.
            let target = "/v1/events?after=\(Template.eventCount)&wait=60s"
            async let answers = RawExchange.with(
                socketPath: installation.socketPath,
                sending: "GET /v1/agreements HTTP/1.1\r\nHost: x\r\n\r\nGET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
            for _ in 1...3 { #expect(try await served.socket.get("/v1/charges").status == 200) }
            try await served.stop()
            #expect(try await answers.hasSuffix(#"{"data":[],"next":null}"#))
        }
    }

    @Test func stoppingLeavesNothingBehind() async throws {
        let installation = try await Installation()
        try await installation.serve { served in
            #expect(FileManager.default.fileExists(atPath: installation.socketPath))
            #expect(try await served.socket.get("/v1/status").status == 200)
            _ = try await served.receive(Life.report("report_2"))
            try await served.stop()
            #expect(!FileManager.default.fileExists(atPath: installation.socketPath))
            // The last connection to the database has emptied and removed its log.
            #expect(!FileManager.default.fileExists(atPath: installation.database + "-wal"))
            for port in [served.ports.receiver, served.ports.api ?? 0] {
                let answer = try? await APIClient(place: .port(port)).get("/")
                #expect(answer == nil)
            }
            #expect(try installation.integer("SELECT count(*) FROM event") == Int64(Template.eventCount + 1))
        }
    }

    @Test func theSocketOfACrashIsNoObstacle() async throws {
        let installation = try await Installation()
        // NIO removes the file that it made; under another name it stays, as after a crash.
        let path = installation.directory.file("socket")
        let crashed = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(unixDomainSocketPath: path).get()
        try FileManager.default.moveItem(atPath: path, toPath: installation.socketPath)
        try await crashed.close()
        #expect(FileManager.default.fileExists(atPath: installation.socketPath))
        try await installation.serve { served in
            let answer = try await served.socket.get("/v1/agreements")
            #expect(answer.rows.count == 1)
        }
    }

    @Test(arguments: ["TERIMA_LISTEN", "TERIMA_API_LISTEN"]) func aTakenAddressIsNamed(key: String) async throws {
        let taken = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0).get()
        let address = "127.0.0.1:\(taken.localAddress?.port ?? 0)"
        var installation = try await Installation()
        installation.environment[key] = address
        var refused: CommandFailure?
        do { try await installation.serve { _ in } } catch let error as CommandFailure { refused = error }
        #expect(refused?.code == .unavailable)
        #expect(refused?.message.hasPrefix("cannot listen on \(address) (\(key)): ") == true)
        #expect(!FileManager.default.fileExists(atPath: installation.socketPath))
        try await taken.close()
    }

    @Test func whatFailedIsReplayedAtStart() async throws {
        let shop = try await Shop.start()
        let lines = LineRecorder()
        try await Installation(shop: shop.port).serve(logger: Logger(label: "test") { _ in lines }, replayFailed: true) { served in
            var told: Set<String> = []
            while told.count < 2, let notification = await shop.next() { told.insert(notification.json?["data"]?["charge"]?["id"]?.string ?? "") }
            #expect(told == [Template.late, Template.declined])
            #expect(try served.installation.text("SELECT who || ': ' || reason FROM replay") == "terima serve: --replay-failed")
            let failed = try await served.socket.get("/v1/events?state=failed")
            #expect(failed.column("id") == [Template.unreadableId])
        }
        #expect(lines.lines.contains("notice replaying what had failed deliveries=1 events=2"))
        await shop.stop()
    }

    @Test func theLogTellsWhatIsServedAndNoSecret() async throws {
        let shop = try await Shop.start(status: 500)
        let lines = LineRecorder()
        let installation = try await Installation(shop: shop.port, isSeeded: false)
        try await installation.serve(logger: Logger(label: "test") { _ in lines }) { served in
            _ = try await served.receive(Life.report("report_1"))
            #expect(try await served.receive(Life.report("report_2"), secret: "another-secret").status == 401)
            #expect(try await served.http(token: "Bearer guess-of-a-token").get("/v1/status").status == 401)
            _ = try await served.http.get("/v1/status")
            _ = await shop.next()
            let ready = try #require(lines.lines.first { $0.hasPrefix("info terima is ready ") })
            #expect(ready.contains(" api=127.0.0.1:\(served.ports.api ?? 0) "))
            #expect(ready.contains(" listen=127.0.0.1:\(served.ports.receiver) "))
            #expect(ready.contains(" endpoints=shop "))
            #expect(ready.contains(" database=\(installation.database) "))
        }
        #expect(lines.lines.last == "info terima has stopped")
        let secrets = [Installation.signingSecret, Installation.token, installation.endpointSecret, "another-secret", "guess-of-a-token"]
        for line in lines.lines {
            for secret in secrets { #expect(!line.contains(secret)) }
        }
        await shop.stop()
    }

    @Test func readinessIsToldOnceAndWithThePort() async {
        let (told, tell) = AsyncStream.makeStream(of: Int?.self)
        let readiness = Readiness(listeners: 2) { tell.yield($0) }
        readiness.listenerIsUp(port: 8_081)
        readiness.listenerIsUp(port: nil)
        readiness.listenerIsUp(port: 9)
        tell.finish()
        let ports = await told.reduce(into: []) { $0.append($1) }
        #expect(ports == [8_081])
    }

    /// What was only received is applied and told after the next start.
    @Test func receivingOnlyIsNothingMore() async throws {
        let shop = try await Shop.start()
        let installation = try await Installation(shop: shop.port, isSeeded: false)
        try await installation.serve(receivesOnly: true) { served in
            #expect(try await served.receive(Life.charge("charge_1", "CREATED", at: 0, status: "AUTHORIZATION_PROCESSING")).status == 202)
            #expect(try await served.socket.get("/v1/events").rows.first?["state"]?.string == "received")
            let status = try await installation.run("status")
            #expect(status.status == 1)
            #expect(status.text.contains("nothing is applied and nobody is told (--receive-only)"))
        }
        try await installation.serve { _ in
            let told = try #require(await shop.next())
            #expect(told.json?["subject"]?.string == "charge_1")
        }
        await shop.stop()
    }
}
