/// Held by somebody who waits for an answer of PPRO's. When it goes before PPRO was asked, one less waits for the answer.
package final class Interest: Sendable {
    private let withdraw: @Sendable () -> Void

    package init(withdraw: @escaping @Sendable () -> Void = {}) { self.withdraw = withdraw }

    deinit { withdraw() }
}
