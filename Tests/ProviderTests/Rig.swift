import PaymentCore
import Testing

@testable import Provider

/// The stand-in as a value, asked with plain requests at times that the test chooses.
struct Rig {
    static let start = Instant(milliseconds: 1_780_485_827_123)
    static let key = "sandbox-key"

    var state: ProviderState
    var now = Rig.start
    /// Every webhook so far, in the order of sending; each was answered with 2xx at once.
    var webhooks: [Webhook] = []
    private var keys = 0

    init(rules: ProviderRules = ProviderRules(), seed: UInt64 = 1, burst: Int = 1_000_000, _ change: (inout ProviderSettings) -> Void = { _ in }) {
        var rules = rules
        if rules.webhooksUrl == nil { rules.webhooksUrl = "http://shop.test/default" }
        var settings = ProviderSettings(
            rules: rules, key: ProviderKey(Rig.key), signingSecret: SigningSecret("ppro"), limit: RateLimit(perSecond: 5, burst: burst), seed: seed,
            idSeed: seed)
        change(&settings)
        state = ProviderState(settings, at: Rig.start)
    }

    /// Lets so much time go by; what is due happens at its own time.
    mutating func wait(milliseconds: Int64) {
        now = now.advanced(byMilliseconds: milliseconds)
        settle()
    }

    mutating func wait(hours: Int64) { wait(milliseconds: hours * 3_600_000) }

    mutating func get(_ path: String, _ query: (String, String)...) -> APIAnswer { ask(request(.get, path, query: query.map { ($0.0, $0.1) })) }

    /// - Parameter key: nil for a new one.
    mutating func post(_ path: String, _ body: String, key: String? = nil) -> APIAnswer {
        var request = request(.post, path)
        request.body = Array(body.utf8)
        request.idempotencyKey = key ?? newKey()
        return ask(request)
    }

    mutating func ask(_ request: APIRequest) -> APIAnswer {
        let answer = state.conclude(state.admit(request, at: now), at: now).answer
        settle()
        return answer
    }

    func request(_ method: APIRequest.Method, _ path: String, query: [(name: String, value: String)] = []) -> APIRequest {
        APIRequest(
            method, path: path.split(separator: "/").map(String.init), query: query, authorization: "Bearer \(Rig.key)",
            merchantId: ProviderRules.defaultMerchantId, host: "pay.test:9100")
    }

    mutating func newKey() -> String {
        keys += 1
        let digits = String(keys, radix: 16)
        return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    private mutating func settle() {
        while true {
            let attempts = state.turn(at: now)
            if attempts.isEmpty { return }
            for attempt in attempts {
                webhooks.append(attempt.webhook)
                state.queue.finish(attempt, .acknowledged(.accepted), at: now)
            }
        }
    }

    // What the tests are about

    /// Creates a charge and insists on it.
    mutating func create(_ body: String) throws -> RemoteCharge {
        let answer = post("v1/payment-charges", body)
        try #require(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
        return try RemoteCharge(try JSONDocument.parse(answer.body).root)
    }

    mutating func charge(_ id: String) throws -> RemoteCharge {
        let answer = get("v1/payment-charges/\(id)")
        try #require(answer.status == 200)
        return try RemoteCharge(try JSONDocument.parse(answer.body).root)
    }

    /// Clicks on the wallet page; returns where the browser goes.
    mutating func click(_ form: String, on id: String) throws -> APIAnswer {
        let token = try #require(state.book.charges[id]?.token)
        var request = request(.post, "wallet/\(token)")
        request.body = Array(form.utf8)
        return ask(request)
    }

    /// The types of a charge's webhooks, shortened.
    func told(_ id: String) -> [String] {
        webhooks.filter { $0.chargeId == id }.map { $0.type.hasPrefix("PAYMENT_CHARGE_") ? String($0.type.dropFirst(15)) : $0.type }
    }
}

extension APIAnswer {
    var json: JSONValue {
        get throws { try JSONDocument.parse(body).root }
    }

    var failureMessage: String { (try? json["failureMessage"]?.string) ?? "" }
    var text: String { String(decoding: body, as: UTF8.self) }
}
