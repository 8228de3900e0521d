import EventStore
import NIOCore
import PaymentCore
import Worker

extension Operations {
    /// `GET /v1/charges/{id}` with `wait`: the charge as soon as it is as wished, or nothing.
    func charge(_ name: String, as wish: ChargeWish) async throws -> OperatorAnswer {
        let (feed, loop) = try waitingRoom()
        // The place first: a change between the question and the waiting must wake us.
        let place = feed.place(for: .charge(name))
        let end = loop.now + .milliseconds(wish.milliseconds)
        var question = Question(name: name, ask: ask)
        defer { withExtendedLifetime(question) {} }
        while true {
            question.silence = loop.now + .milliseconds(feed.settings.askAfterMilliseconds)
            if let charge = try await readers.read({ try wish.fulfilled(name, $0) }) { return Self.answer { charge.write(to: &$0) } }
            guard let place else { throw Self.tooManyWaiting(feed.settings.maximumWaiting) }
            guard try await isChanged(place, &question, loop, until: end) else { return .nothing }
        }
    }

    /// What a waiting request does once when its charge stays silent.
    private struct Question {
        var name: String
        /// nil when it was asked, or when nobody can be asked.
        var ask: (@Sendable (String) -> Interest)?
        /// Who leaves before the question was asked withdraws it.
        var interest: Interest?
        /// When the charge has been silent for long enough.
        var silence = NIODeadline.distantFuture
    }

    /// Waits for a change of the charge; false when the time is over.
    private func isChanged(_ place: Place, _ question: inout Question, _ loop: any EventLoop, until end: NIODeadline) async throws -> Bool {
        if let ask = question.ask, question.silence < end {
            let wake = try await place.wait(until: question.silence, on: loop)
            guard wake == .timedOut else { return wake == .changed }
            question.ask = nil
            question.interest = ask(question.name)
        }
        return try await place.wait(until: end, on: loop) == .changed
    }

    /// What waiting needs, which only the running service has.
    func waitingRoom() throws -> (ChangeFeed, any EventLoop) {
        guard let feed, let loop else { throw Problem(.serviceDown, "waiting needs the running service: nothing changes while it is down") }
        return (feed, loop)
    }

    static func tooManyWaiting(_ limit: Int) -> Problem {
        Problem(.tooManyWaiting, "\(limit) requests wait already, more than that may not; try again in a few seconds")
    }
}
