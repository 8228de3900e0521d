import EventStore
import NIOCore
import NIOHTTP1
import PaymentCore
import Synchronization
import Testing

@testable import Terima

/// `GET /v1/stream`, from a webhook to the line that a browser would read.
@Suite(.timeLimit(.minutes(5))) struct ChangeStreamTests {
    private func charge(_ number: Int) -> [UInt8] { Life.charge("charge_\(number)", "CREATED", at: 100, status: "AUTHENTICATION_PENDING") }

    @Test func itBeginsWithNow() async throws {
        try await Installation().serve { served in
            let newest = try #require(try served.installation.integer("SELECT max(seq) FROM notification"))
            let stream = try await LiveExchange.open(served.http, "/v1/stream")
            #expect(stream.head.status == .ok)
            #expect(stream.head.headers.first(name: "content-type") == "text/event-stream")
            #expect(stream.head.headers.first(name: "cache-control") == "no-store")
            #expect(stream.head.headers.first(name: "x-accel-buffering") == "no")
            #expect(await stream.line() == "retry: 2000")
            // For a client that is cut off before the first event.
            #expect(await stream.line() == "id: \(newest)")
            #expect(await stream.line() == "")
            _ = try await served.receive(charge(1))
            #expect(await stream.line() == "id: \(newest + 1)")
            #expect(await stream.line() == "event: charge.authentication_pending")
            let id = try #require(try served.installation.text("SELECT id FROM notification WHERE seq = \(newest + 1)"))
            let line = try #require(await stream.line())
            #expect(line.hasPrefix(#"data: {"specversion":"1.0","id":"\#(id)","#))
            #expect(try await served.http.get("/v1/deliveries/\(id)").text.contains(line.dropFirst("data: ".count)))
            #expect(await stream.line() == "")
            try await stream.close()
            await served.feed.untilStreams(0)
        }
    }

    @Test func itResumesWithoutGapsOrDoubles() async throws {
        try await Installation(isSeeded: false).serve { served in
            for number in 1...250 { _ = try await served.receive(charge(number)) }
            func ids(_ stream: LiveExchange, _ count: Int) async throws -> [Int] {
                var ids: [Int] = []
                // The first names only where it begins.
                _ = await stream.event()
                while ids.count < count, let event = await stream.event() { ids.append(Int(event.id ?? "") ?? 0) }
                try await stream.close()
                return ids
            }
            let first = try await LiveExchange.open(served.http, "/v1/stream?after=0")
            #expect(try await ids(first, 120) == Array(1...120))
            // The header counts more: a browser that comes again sends it with the address that it began with.
            let second = try await LiveExchange.open(served.http, "/v1/stream?after=0", headers: [("Last-Event-ID", "120")])
            _ = try await served.receive(charge(251))
            #expect(try await ids(second, 131) == Array(121...251))
            let third = try await LiveExchange.open(served.http, "/v1/stream?after=250", headers: [("Last-Event-ID", "")])
            #expect(try await ids(third, 1) == [251])
        }
    }

    @Test func onlyTheTypesThatAreWanted() async throws {
        try await Installation().serve { served in
            let all = try served.installation.integer("SELECT max(seq) FROM notification") ?? 0
            let stream = try await LiveExchange.open(served.http, "/v1/stream?after=0&type=agreement.*,ppro.REPORT_*&type=charge.failed")
            #expect(await stream.event() == LiveExchange.Event(id: "0"))
            #expect(await stream.event()?.event == "charge.failed")
            #expect(await stream.event()?.event == "agreement.initializing")
            #expect(await stream.event()?.event == "agreement.active")
            let report = await stream.event()
            #expect(report?.event == "ppro.REPORT_PROCESSED")
            #expect(report?.data?.contains(#""data":{"reportId":"report_1","status":"PROCESSED", "rows":[1,2]}"#) == true)
            _ = try await served.receive(charge(1))
            _ = try await served.receive(Life.report("report_2"))
            #expect(await stream.event()?.id == "\(all + 2)")
            try await stream.close()
        }
    }

    /// PPRO's own bytes may hold line breaks, and its types any character.
    @Test func aLineBreakEndsNoField() async throws {
        try await Installation(isSeeded: false).serve { served in
            let stream = try await LiveExchange.open(served.http, "/v1/stream")
            _ = await stream.event()
            _ = try await served.receive(
                Life.event(#"ODD\nid: 7\r"#, id: "odd", at: 0, subject: "x", data: "{\"a\":1,\n\"b\":\r\n[2,\r3]}"))
            _ = try await served.receive(charge(1))
            let odd = await stream.event()
            #expect(odd?.id == "1" && odd?.event == "ppro.ODD id: 7 ")
            let json = try JSONDocument.parse(Array((odd?.data ?? "").utf8)).root
            #expect(json["type"]?.string == "ppro.ODD\nid: 7\r")
            #expect(json["data"]?["b"]?.elements.map(\.integerValue) == [2, 3])
            #expect(await stream.event()?.id == "2")
            try await stream.close()
        }
    }

    @Test func aSilentStreamSaysSo() async throws {
        #expect(ChangeFeed.Settings().heartbeatMilliseconds == 15_000)
        var settings = ChangeFeed.Settings()
        settings.heartbeatMilliseconds = 1
        try await Installation(isSeeded: false).serve(waiting: settings) { served in
            let stream = try await LiveExchange.open(served.http, "/v1/stream?type=agreement.*")
            _ = await stream.event()
            #expect(await stream.line() == ": still here")
            // What is not wanted is not read again after a break either.
            _ = try await served.receive(charge(1))
            while let line = await stream.line(), line != "id: 1" { #expect(["", ": still here"].contains(line)) }
            try await stream.close()
        }
    }

    @Test func theStopEndsIt() async throws {
        try await Installation().serve { served in
            let streams = [
                try await LiveExchange.open(served.http, "/v1/stream?after=0"), try await LiveExchange.open(served.socket, "/v1/stream"),
            ]
            await served.feed.untilStreams(2)
            try await served.stop()
            // With the end of the answer, not with the connection's.
            for stream in streams { #expect(try await stream.ended.get()) }
        }
    }

    /// One who does not read cannot keep the service from ending.
    @Test func theStopWaitsForNobody() async throws {
        var installation = try await Installation(isSeeded: false)
        installation.environment["TERIMA_MAXIMUM_BODY"] = "16777216"
        try await installation.serve { served in
            // More than a connection can hold.
            let text = String(repeating: "x", count: 8_000_000)
            for number in 1...3 {
                let body = Life.event("REPORT_PROCESSED", id: "r\(number)", at: 0, subject: "r", data: "{\"text\":\"\(text)\"}")
                #expect(try await served.receive(body).text == #"{"status":"accepted"}"#)
            }
            try await LiveExchange.ignoring(served.http, "/v1/stream?after=0") {
                await served.feed.untilStreams(1)
                // Ends by itself, for nothing is broken off here within the time that a test has.
                try await served.stop()
            }
        }
    }

    @Test func aMistakeIsNamed() async throws {
        let cases: [(String, [(String, String)], String)] = [
            ("after=-1", [], "'after' must be a whole number from 0 to "), ("after=", [], "'after' has an empty value"),
            ("type=a%20b", [], "'type' is no pattern of types"), ("limit=5", [], "unknown parameter 'limit'; known here: type, after"),
            ("", [("Last-Event-ID", "ntf_1")], "'Last-Event-ID' must be the id of an event of this stream; it was 'ntf_1'"),
            ("after=99999", [], "the history ends at "), ("", [("Last-Event-ID", "99999")], "the history ends at "),
        ]
        try await Installation().serve { served in
            for (query, headers, detail) in cases {
                let answer = try await APIClient(place: served.socket.place, headers: headers).get("/v1/stream?" + query)
                #expect(answer.status == 400, "\(query)")
                #expect(answer.json?["detail"]?.string?.hasPrefix(detail) == true, "\(answer.text)")
            }
            #expect(try await served.http(token: nil).get("/v1/stream").status == 401)
            #expect(try await served.socket.post("/v1/stream", "{}").header("allow") == "GET")
            #expect(served.feed.streams == 0)
        }
    }

    /// A reader that takes nothing holds up nobody else, is given no more than one batch, and misses nothing.
    @Test func aSlowReaderHoldsUpOnlyItself() async throws {
        try await Desk.with { desk in
            for number in 1...300 { try await desk.receive(charge(number)) }
            let (taken, take) = AsyncStream.makeStream(of: Void.self)
            let slow = Mutex<[String]>([])
            let stream = try await desk.operations.stream(Parameters([("after", "0"), ("type", "charge.authentication_pending")]), lastEventId: nil)
            let reading = Task {
                try await stream.run { buffer in
                    slow.withLock { $0.append(String(buffer: buffer)) }
                    _ = await taken.first { _ in true }
                }
            }
            // Meanwhile another reads everything.
            let fast = Mutex(0)
            let other = try await desk.operations.stream(Parameters([("after", "0")]), lastEventId: nil)
            let following = Task {
                try await other.run { buffer in fast.withLock { $0 += String(buffer: buffer).components("event: ") } }
            }
            let newest = try await desk.operations.readers.read { try $0.newestNotification() }
            while fast.withLock({ $0 }) < newest { await Task.yield() }
            #expect(slow.withLock { $0.count } == 1)
            take.finish()
            while slow.withLock({ $0.reduce(0) { $0 + $1.components("event: ") } }) < 300 { await Task.yield() }
            #expect(slow.withLock { $0.allSatisfy { $0.components("event: ") <= ChangeStream.batchRows } })
            desk.feed.close()
            try await reading.value
            try await following.value
        }
    }
}

extension String {
    /// How often the text occurs.
    fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}
