import EventStore
import NIOCore
import PaymentCore

extension Operations {
    func events(_ parameters: Parameters) async throws -> OperatorAnswer {
        try parameters.allow("state", "type", "charge", "conflicting", "since", "until", "limit", "before", "after", "wait")
        var filter = EventFilter()
        filter.states = try parameters.words("state", EventState.self)
        filter.types = try parameters.patterns("type")
        (filter.charge, filter.agreement) = Self.resource(try parameters.text("charge"))
        filter.conflicting = try parameters.flag("conflicting")
        filter.since = try parameters.instant("since", now: now())
        filter.until = try parameters.instant("until", now: now())
        filter.page = try parameters.page()
        let wait = try parameters.duration("wait", atMost: ChargeWish.longestWaitMilliseconds) ?? 0
        guard wait == 0 || filter.page.after != nil else { throw Problem(.badRequest, "'wait' goes with 'after'") }
        let wanted = filter
        return page(try await rows(wanted, waitMilliseconds: wait), filter.page, seq: \.seq) { $0.write(to: &$1) }
    }

    /// The events, or the first that come within the time.
    private func rows(_ wanted: EventFilter, waitMilliseconds: Int64) async throws -> [EventRow] {
        guard waitMilliseconds > 0, let feed, let loop else { return try await readers.read { try $0.events(wanted) } }
        // The place first: an event between the question and the waiting must wake us.
        let place = feed.place(for: .events)
        let rows = try await readers.read { try $0.events(wanted) }
        guard rows.isEmpty else { return rows }
        guard let place else { throw Self.tooManyWaiting(feed.settings.maximumWaiting) }
        _ = try await place.wait(until: loop.now + .milliseconds(waitMilliseconds), on: loop)
        return try await readers.read { try $0.events(wanted) }
    }

    func charges(_ parameters: Parameters) async throws -> OperatorAnswer {
        try parameters.allow("state", "charge", "reference", "anomalous", "since", "until", "limit", "before", "after")
        var filter = ChargeFilter()
        filter.statuses = try parameters.list("state").flatMap(Self.statuses)
        filter.ids = try parameters.text("charge").map { [$0] } ?? []
        filter.reference = try parameters.text("reference")
        filter.anomalous = try parameters.flag("anomalous")
        filter.since = try parameters.instant("since", now: now())
        filter.until = try parameters.instant("until", now: now())
        filter.page = try parameters.page()
        let wanted = filter
        let rows = try await readers.read { try $0.charges(wanted) }
        return page(rows, filter.page, seq: \.seq) { $0.write(to: &$1) }
    }

    func agreements(_ parameters: Parameters) async throws -> OperatorAnswer {
        try parameters.allow("state", "since", "until", "limit", "before", "after")
        let filter = AgreementFilter(
            statuses: try parameters.list("state"), since: try parameters.instant("since", now: now()), until: try parameters.instant("until", now: now()),
            page: try parameters.page())
        let rows = try await readers.read { try $0.agreements(filter) }
        return page(rows, filter.page, seq: \.seq) { $0.write(to: &$1) }
    }

    func deliveries(_ parameters: Parameters) async throws -> OperatorAnswer {
        try parameters.allow("state", "type", "charge", "endpoint", "since", "until", "limit", "before", "after")
        var filter = DeliveryFilter()
        filter.states = try parameters.words("state", DeliveryState.self)
        filter.types = try parameters.patterns("type")
        (filter.charge, filter.agreement) = Self.resource(try parameters.text("charge"))
        filter.endpoint = try parameters.text("endpoint")
        filter.since = try parameters.instant("since", now: now())
        filter.until = try parameters.instant("until", now: now())
        filter.page = try parameters.page()
        let wanted = filter
        let rows = try await readers.read { try $0.deliveries(wanted) }
        return page(rows, filter.page, seq: \.seq) { $0.write(to: &$1) }
    }

    /// `charge` takes an agreement's id too: the prefix says which it is.
    private static func resource(_ id: String?) -> (charge: String?, agreement: String?) {
        id?.hasPrefix("agr_") == true ? (nil, id) : (id, nil)
    }

    /// A status word, or all the statuses of a result.
    private static func statuses(_ word: String) -> [String] {
        guard let result = ChargeResult(rawValue: word) else { return [ChargeStatus(word).word] }
        return ChargeStatus.published.filter { $0.result == result }.map { $0.word }
    }

    /// `{"data":[…],"next":…}`; `next` is the place to go on from when there may be more.
    private func page<Item>(
        _ rows: [Item], _ page: Page, seq: (Item) -> Int64, write: (Item, inout JSONWriter) -> Void
    ) -> OperatorAnswer {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("data")
            writer.array { writer in
                for row in rows { write(row, &writer) }
            }
            writer.member("next", rows.count < page.limit ? nil : rows.last.map(seq))
        }
        return OperatorAnswer(bytes: writer.bytes)
    }
}

extension Parameters {
    func page() throws -> Page {
        let page = Page(limit: try limit(), after: try integer("after", 0...Int64.max), before: try integer("before", 0...Int64.max))
        guard page.after == nil || page.before == nil else { throw Problem(.badRequest, "'after' and 'before' exclude each other") }
        return page
    }

    func patterns(_ name: String) throws -> [EventPattern] {
        try list(name).map { text in
            guard let pattern = EventPattern(text) else { throw Problem(.badRequest, "'\(name)' is no pattern of types: '\(text)'") }
            return pattern
        }
    }
}
