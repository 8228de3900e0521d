package import PaymentCore

/// Whose personal data is to be erased, and who wants it.
package struct EraseRequest: Sendable, Equatable {
    package enum Selection: Sendable, Equatable {
        /// Everything about this charge, agreement or other resource, by PPRO's id.
        case subject(String)
        /// Everything in which this mail address is found, and everything about the same charges.
        case consumer(String)
    }

    package var selection: Selection
    package var at: Instant
    package var who: String
    package var reason: String?

    package init(_ selection: Selection, at: Instant, who: String, reason: String?) {
        self.selection = selection
        self.at = at
        self.who = who
        self.reason = reason
    }

    /// What is written down about it: a consumer's address would be the very thing that is to be gone.
    var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            switch selection {
            case .subject(let id): writer.member("charge", id)
            case .consumer: writer.member("consumer", true)
            }
        }
        return writer.text
    }
}

/// What an erasure did.
package struct EraseReport: Sendable, Equatable {
    /// Events that had or have personal data.
    package var events = 0
    /// What they are about: charges, agreements and others, by id.
    package var subjects: [String] = []
    /// Bodies of events, of conflicts and of notifications from which data was erased.
    package var bodies = 0
    /// Pages of the file on which remains of moved rows were overwritten.
    package var pages = 0
    /// Whether the write-ahead log and the file are free of it. False when somebody read from the database all the time: to be repeated.
    package var isClean = false

    package init() {}

    /// The report as one JSON object.
    package func write(to writer: inout JSONWriter, copies: [String]) {
        writer.object { writer in
            writer.member("events", events)
            writer.member("bodies", bodies)
            writer.member("pages", pages)
            writer.member("clean", isClean)
            writer.key("subjects")
            writer.array { writer in subjects.forEach { writer.string($0) } }
            writer.key("copies")
            writer.array { writer in copies.forEach { writer.string($0) } }
        }
    }
}
