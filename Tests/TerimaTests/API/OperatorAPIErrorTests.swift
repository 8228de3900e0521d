import NIOHTTP1
import PaymentCore
import Testing

@testable import Terima

/// What is refused, how, and that the answer says what is right.
@Suite(.timeLimit(.minutes(5))) struct OperatorAPIErrorTests {
    private func expectProblem(_ answer: APIClient.Answer, _ code: Problem.Code, _ detail: String? = nil, _ what: Comment? = nil) {
        #expect(answer.status == Problem(code, "").status, what)
        #expect(answer.header("content-type") == "application/problem+json")
        #expect(answer.header("cache-control") == "no-store")
        #expect(answer.json?.members.map(\.key) == ["type", "title", "status", "detail", "code"])
        #expect(answer.json?["type"]?.string == "urn:terima:problem:\(code.rawValue)")
        #expect(answer.json?["code"]?.string == code.rawValue)
        #expect(answer.json?["status"]?.integerValue == Int64(answer.status))
        #expect(answer.json?["detail"]?.string?.isEmpty == false)
        if let detail { #expect(answer.json?["detail"]?.string == detail, what) }
    }

    @Test func theTokenIsAsked() async throws {
        try await Installation().serve { served in
            let token = Installation.token
            let wrong = [
                nil, "", "Bearer", "Bearer ", "Bearer  \(token)", "Bearer \(token)x", "Bearer \(token.dropLast())", "Bearer \(token.uppercased())", token,
                "Basic \(token)", "Bearer wrong", "Bearer \(token) \(token)", "Bearer \(token),Bearer \(token)",
            ]
            for value in wrong {
                for target in ["/v1/status", "/v1/charges/\(Template.paid)", "/v1/nothing", "/"] {
                    let answer = try await served.http(token: value).get(target)
                    expectProblem(answer, .unauthorized)
                    #expect(answer.header("www-authenticate") == "Bearer")
                    #expect(!answer.text.contains(token))
                }
                let replay = try await served.http(token: value).post("/v1/replays", #"{"failed":true}"#)
                expectProblem(replay, .unauthorized)
            }
            #expect(try served.installation.integer("SELECT count(*) FROM replay") == 0)
            for value in ["Bearer \(token)", "bearer \(token)", "BEARER \(token)"] {
                #expect(try await served.http(token: value).get("/v1/status").status == 200)
            }
        }
    }

    @Test func theSocketNeedsNoTokenAndAnswersTheSame() async throws {
        try await Installation().serve { served in
            for target in ["/v1/charges", "/v1/events/seq:1", "/v1/agreements/agr_1", "/v1/events/seq:1/body"] {
                let (first, second) = (try await served.socket.get(target), try await served.http.get(target))
                #expect(first.status == 200)
                #expect(first.body == second.body)
            }
        }
    }

    @Test func withoutATokenThereIsOnlyTheSocket() async throws {
        var installation = try await Installation()
        installation.environment["TERIMA_API_TOKEN"] = nil
        try await installation.serve { served in
            #expect(served.ports.api == nil)
            let answer = try await served.socket.get("/v1/status")
            #expect(answer.status == 200)
        }
    }

    @Test func anUnknownParameterIsNamed() async throws {
        let cases: [String] = [
            "/v1/status", "/v1/events", "/v1/events/seq:1", "/v1/events/seq:1/body", "/v1/charges", "/v1/charges/charge_paid", "/v1/agreements",
            "/v1/agreements/agr_1", "/v1/deliveries", "/v1/deliveries/ntf_1",
        ]
        try await Installation().serve { served in
            for path in cases {
                let answer = try await served.socket.get(path + "?sort=asc")
                expectProblem(answer, .badRequest, nil, "\(path)")
                #expect(answer.json?["detail"]?.string?.hasPrefix("unknown parameter 'sort'; known here: ") == true, "\(path)")
            }
        }
    }

    @Test func aBadParameterIsNamed() async throws {
        let cases: [(String, String)] = [
            ("events?limit=0", "'limit'"), ("events?limit=10001", "'limit'"), ("charges?limit=x", "'limit'"), ("deliveries?limit=", "'limit'"),
            ("events?limit=1&limit=2", "'limit' is given twice"), ("events?before=-1", "'before'"), ("events?after=1&before=2", "'after' and 'before'"),
            ("events?state=dead", "'state' must be one of received, applied, failed"), ("events?state=", "'state' has an empty value"),
            ("deliveries?state=failed", "'state' must be one of pending, delivered, dead"), ("events?type=a%20b", "'type'"), ("events?type=", "'type'"),
            ("events?charge=", "'charge'"), ("charges?reference=", "'reference'"), ("charges?anomalous=1", "'anomalous' must be true or false"),
            ("charges?since=yesterday", "'since'"), ("agreements?until=2026-13-01T00:00:00Z", "'until'"), ("events?wait=1s", "'wait' goes with 'after'"),
            ("events?after=1&wait=61s", "'wait' must be a duration like 30s, at most 1m"), ("events?after=1&wait=1", "'wait'"),
            ("charges?wait=1s", "unknown parameter 'wait'"), ("agreements?type=x", "unknown parameter 'type'"),
            ("deliveries?reference=x", "unknown parameter 'reference'"), ("events?State=failed", "unknown parameter 'State'"),
            ("events?=1", "unknown parameter ''"), ("events?%6Cimit=0", "'limit'"), ("events?charge=%zz", "the parameter 'charge=%zz'"),
            ("events?charge=%FF", "the parameter 'charge=%FF'"), ("events?%", "the parameter '%'"), ("deliveries/ntf_1?endpoint=", "'endpoint'"),
        ]
        try await Installation().serve { served in
            for (query, detail) in cases {
                let answer = try await served.socket.get("/v1/" + query)
                expectProblem(answer, .badRequest, nil, "\(query)")
                #expect(answer.json?["detail"]?.string?.hasPrefix(detail) == true, "\(query): \(answer.text)")
            }
        }
    }

    @Test func aBrokenPathIsRefused() async throws {
        let cases: [String] = ["/v1/charges/%", "/v1/charges/%zz", "/v1/events/%C3", "/v1/deliveries/a%FFb", "/v1/agreements/%4"]
        try await Installation().serve { served in
            for path in cases {
                expectProblem(try await served.socket.get(path), .badRequest, "the id in the path cannot be read", "\(path)")
            }
        }
    }

    @Test func anotherPathIsNothing() async throws {
        let cases: [String] = [
            "/", "/v1", "/v2/status", "/v1/status/more", "/v1/events/seq:1/body/more", "/v1/events/seq:1/data", "/v1/nothing", "/healthz", "/V1/status",
        ]
        try await Installation().serve { served in
            for path in cases {
                let answer = try await served.socket.get(path)
                expectProblem(answer, .notFound, "there is no GET \(path); docs/api.md lists what there is")
            }
        }
    }

    @Test func otherMethodsAreToldWhichThereIs() async throws {
        let cases: [(String, String)] = [
            ("/v1/status", "GET"), ("/v1/events", "GET"), ("/v1/charges", "GET"), ("/v1/agreements", "GET"), ("/v1/deliveries", "GET"),
            ("/v1/events/seq:1", "GET"), ("/v1/charges/charge_paid", "GET"), ("/v1/events/seq:1/body", "GET"), ("/v1/replays", "POST"),
            ("/v1/rebuilds", "POST"), ("/v1/stream", "GET"),
        ]
        try await Installation().serve { served in
            for (path, allowed) in cases {
                for method in [HTTPMethod.GET, .POST, .PUT, .PATCH, .DELETE, .OPTIONS, .TRACE] where method.rawValue != allowed {
                    let answer = try await served.socket.call(method, path)
                    expectProblem(answer, .methodNotAllowed, "\(path) takes \(allowed), not \(method.rawValue)")
                    #expect(answer.header("allow") == allowed)
                }
                let head = try await served.socket.call(.HEAD, path)
                #expect(head.status == 405)
                #expect(head.header("allow") == allowed)
                // What the token guards is not told without it.
                #expect(try await served.http(token: nil).call(.DELETE, path).status == 401)
            }
        }
    }

    /// A body after an answer to HEAD would be taken for the next answer on the connection.
    @Test func headHasNoBody() async throws {
        try await Installation().serve { served in
            for path in ["/v1/status", "/v1/nothing"] {
                let answers = try await RawExchange.with(
                    socketPath: served.installation.socketPath,
                    sending: "HEAD \(path) HTTP/1.1\r\nHost: x\r\n\r\nGET /v1/agreements HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                let parts = answers.split(separator: "\r\n\r\n", omittingEmptySubsequences: false)
                #expect(parts.count == 3, "\(answers)")
                #expect(parts.dropFirst().first?.hasPrefix("HTTP/1.1 200 OK\r\n") == true)
                #expect(parts.last?.hasPrefix(#"{"data":[{"id":"agr_1""#) == true)
            }
        }
    }

    @Test func oddTargetsAreAnsweredToo() async throws {
        let cases = [
            ("*", 404), ("//", 404), ("/?", 404), ("?", 400), ("x", 400), ("/v1/charges?&&=&", 400), ("http://x/v1/status", 200), ("/v1/charges/%00", 404),
            ("/v1/charges?" + String(repeating: "a", count: 20_000), 400), ("/v1/charges/" + String(repeating: "%2F", count: 5_000), 404),
        ]
        try await Installation().serve { served in
            for (target, status) in cases {
                let answer = try await RawExchange.with(
                    socketPath: served.installation.socketPath, sending: "GET \(target) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(target.prefix(40))")
            }
            #expect(try await served.socket.get("/v1/status").status == 200)
        }
    }

    @Test func aReplayIsReadStrictly() async throws {
        let cases: [String] = [
            "", "{", "[]", "\"failed\"", "null", "{}", #"{"failed":false}"#, #"{"delivered":true}"#, #"{"limit":5}"#, #"{"dryRun":true}"#,
            #"{"failed":"true"}"#, #"{"failed":1}"#, #"{"event":1}"#, #"{"event":""}"#, #"{"charge":true}"#, #"{"charge":["a"]}"#,
            #"{"failed":true,"limit":0}"#,
            #"{"failed":true,"limit":-1}"#, #"{"failed":true,"limit":1.5}"#, #"{"failed":true,"limit":"5"}"#, #"{"failed":true,"limit":1000000001}"#,
            #"{"since":"yesterday"}"#, #"{"until":""}"#, #"{"type":"a b"}"#, #"{"failed":true,"dry_run":true}"#, #"{"failed":true,"failed":true}"#,
            #"{"failed":true,"who":""}"#, #"{"failed":true} "# + "x", "{\"failed\":true,\"reason\":\"\u{1}\"}",
        ]
        try await Installation().serve { served in
            for document in cases {
                expectProblem(try await served.socket.post("/v1/replays", document), .badRequest, nil, "\(document)")
                #expect(try served.installation.integer("SELECT count(*) FROM replay") == 0)
            }
        }
    }

    @Test func aReplaysMistakeIsNamed() async throws {
        try await Installation().serve { served in
            let unknown = try await served.socket.post("/v1/replays", #"{"failed":true,"dry_run":true}"#)
            expectProblem(unknown, .badRequest, "'dry_run' is unknown or of the wrong kind; docs/api.md lists the members of a replay")
            let nothing = try await served.socket.post("/v1/replays", #"{"limit":5}"#)
            expectProblem(nothing, .badRequest, "say what to replay: at least one of failed, event, charge, endpoint, type, since, until")
            let limit = try await served.socket.post("/v1/replays", #"{"failed":true,"limit":0}"#)
            expectProblem(limit, .badRequest, "'limit' must be a whole number from 1 to 1000000000; it was '0'")
            expectProblem(try await served.socket.post("/v1/replays?failed=true", #"{"failed":true}"#), .badRequest)
        }
    }

    @Test func aRebuildIsReadStrictly() async throws {
        let cases: [String] = ["", "{}", "[]", #"{"check":1}"#, #"{"check":null}"#, #"{"check":true,"all":true}"#, #"{"Check":true}"#]
        try await Installation().serve { served in
            for document in cases {
                let answer = try await served.socket.post("/v1/rebuilds", document)
                expectProblem(answer, .badRequest, "the body must be {\"check\":true} or {\"check\":false}", "\(document)")
            }
        }
    }

    @Test func aBodyHasABound() async throws {
        try await Installation().serve { served in
            let room = OperatorAPI.maximumBodyBytes
            func document(_ count: Int) -> [UInt8] {
                let start = #"{"failed":true,"dryRun":true,"reason":""#
                return Array((start + String(repeating: "x", count: count - start.utf8.count - 2) + "\"}").utf8)
            }
            #expect(try await served.socket.post("/v1/replays", document(room)).status == 200)
            expectProblem(try await served.socket.post("/v1/replays", document(room + 1)), .badRequest, "the request body is larger than 65536 bytes")
        }
    }
}
