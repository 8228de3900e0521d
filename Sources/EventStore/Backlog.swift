/// What stands at one endpoint.
package struct Backlog: Sendable, Equatable {
    package var pending: Int
    package var dead: Int

    package init(pending: Int, dead: Int) {
        self.pending = pending
        self.dead = dead
    }
}
