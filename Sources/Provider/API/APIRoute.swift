/// What a request asks for, by its method and path.
enum APIRoute: Sendable, Equatable {
    case createCharge
    case findCharges
    case charge(String)
    case list(OperationKind, of: String)
    case operate(OperationKind, on: String)
    /// `POST …/authorizations`: the code of MULTI_FACTOR.
    case submitCode(of: String)
    case fundsStatuses(of: String)
    case instrument(String)
    case createAgreement
    case walletPage(token: String)
    case decide(token: String)
    /// To the wallet page of a charge.
    case wallet(of: String)
    /// A page for people with the latest charges.
    case index
    case charges
    case trigger(ChargeTrigger, on: String)
    case requests
    case webhooks

    /// - Throws: 404 for a path that is not there, 405 for one that is there for another method.
    init(_ method: APIRequest.Method, _ path: [String]) throws(Refusal) {
        let (get, post) = Self.routes(path)
        let route: APIRoute? =
            switch method {
            case .get: get
            case .post: post
            case .other: nil
            }
        if let route {
            self = route
        } else if get == nil && post == nil {
            throw Refusal(404, "there is no such path")
        } else {
            let allowed = [get.map { _ in "GET" }, post.map { _ in "POST" }].compactMap(\.self)
            let headers = [get.map { _ in "GET, HEAD" }, post.map { _ in "POST" }].compactMap(\.self)
            throw Refusal(405, "the path takes \(allowed.joined(separator: " and "))", allow: headers.joined(separator: ", "))
        }
    }

    /// What the path is for GET and for POST.
    private static func routes(_ path: [String]) -> (get: APIRoute?, post: APIRoute?) {
        let tail = Array(path.dropFirst(2))
        switch (path.first, path.dropFirst().first) {
        case (nil, _): return (.index, nil)
        case ("v1", "payment-charges"): return chargeRoutes(tail)
        case ("v1", "payment-instruments"): return (tail.count == 1 ? .instrument(tail[0]) : nil, nil)
        case ("v1", "payment-agreements"): return (nil, tail.isEmpty ? .createAgreement : nil)
        case ("wallet", let token?): return tail.isEmpty ? (.walletPage(token: token), .decide(token: token)) : (nil, nil)
        case ("sandbox", "requests"): return (tail.isEmpty ? .requests : nil, nil)
        case ("sandbox", "webhooks"): return (tail.isEmpty ? .webhooks : nil, nil)
        case ("sandbox", "charges"):
            if tail.isEmpty { return (.charges, nil) }
            return (nil, tail.count == 2 ? ChargeTrigger(rawValue: tail[1]).map { .trigger($0, on: tail[0]) } : nil)
        case ("sandbox", "wallet"): return (tail.count == 1 ? .wallet(of: tail[0]) : nil, nil)
        default: return (nil, nil)
        }
    }

    private static func chargeRoutes(_ tail: [String]) -> (get: APIRoute?, post: APIRoute?) {
        guard let id = tail.first else { return (.findCharges, .createCharge) }
        guard tail.count == 2 else { return (tail.count == 1 ? .charge(id) : nil, nil) }
        switch tail[1] {
        case "authorizations": return (.list(.authorization, of: id), .submitCode(of: id))
        case "captures": return (.list(.capture, of: id), .operate(.capture, on: id))
        case "refunds": return (.list(.refund, of: id), .operate(.refund, on: id))
        case "voids": return (.list(.void, of: id), .operate(.void, on: id))
        case "funds-statuses": return (.fundsStatuses(of: id), nil)
        default: return (nil, nil)
        }
    }

    /// The charge or instrument that the path names.
    var subject: String? {
        switch self {
        case .charge(let id), .list(_, let id), .operate(_, let id), .submitCode(let id), .fundsStatuses(let id), .instrument(let id), .wallet(let id),
            .trigger(_, let id):
            id
        default: nil
        }
    }

    /// Whether it is one of the sandbox's own pages to look at: a look changes nothing and is not logged.
    var isLook: Bool {
        switch self {
        case .index, .charges, .requests, .webhooks, .wallet: true
        default: false
        }
    }

    /// The path with places in it instead of ids and tokens.
    var pattern: String {
        switch self {
        case .createCharge, .findCharges: "/v1/payment-charges"
        case .charge: "/v1/payment-charges/{id}"
        case .list(let kind, _), .operate(let kind, _): "/v1/payment-charges/{id}/\(kind.listName)"
        case .submitCode: "/v1/payment-charges/{id}/authorizations"
        case .fundsStatuses: "/v1/payment-charges/{id}/funds-statuses"
        case .instrument: "/v1/payment-instruments/{id}"
        case .createAgreement: "/v1/payment-agreements"
        case .walletPage, .decide: "/wallet/{token}"
        case .wallet: "/sandbox/wallet/{id}"
        case .index: "/"
        case .charges: "/sandbox/charges"
        case .trigger(let trigger, _): "/sandbox/charges/{id}/\(trigger.rawValue)"
        case .requests: "/sandbox/requests"
        case .webhooks: "/sandbox/webhooks"
        }
    }
}
