import PaymentCore

extension Reader {
    /// What is wrong with the file, a sentence each: pages that do not fit together, rows that the schema does not allow, bodies that are not those that were
    /// signed. Empty: nothing. Reads the whole file.
    package func damage() throws(StoreError) -> [String] {
        try snapshot { reader throws(StoreError) in
            let found = try reader.connection.damage()
            guard found.isEmpty else { return found }
            if let changed = try reader.changedBody() { return ["the body of event \(changed) is not the one that was received"] }
            if let damaged = try reader.damagedNotification() { return ["the body of notification \(damaged) is not the one that was written"] }
            return []
        }
    }

    /// The first event whose body does not fit its hash.
    private func changedBody() throws(StoreError) -> Int64? {
        let statement = try connection.prepare("SELECT seq, body_sha256, body FROM event JOIN payload ON payload.event = event.seq")
        defer { statement.reset() }
        while try statement.step() {
            let seq = try statement.integer()
            guard try statement.bytes() == Digest.sha256(try statement.bytes()) else { return seq }
        }
        return nil
    }

    /// The first notification whose body cannot be expanded.
    private func damagedNotification() throws(StoreError) -> String? {
        let statement = try connection.prepare("SELECT id, body FROM notification WHERE body IS NOT NULL")
        defer { statement.reset() }
        while try statement.step() {
            let id = try statement.text()
            if StoredBody.expanded(try statement.bytes()) == nil { return id }
        }
        return nil
    }
}
