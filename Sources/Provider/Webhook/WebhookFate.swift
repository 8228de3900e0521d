/// What trouble on demand does to a webhook before it is sent. Each kind has dice of its own, so that one does not change another.
struct WebhookFate: Sendable, Equatable {
    var isDropped: Bool
    var isDelayed: Bool
    /// How long it is held back if it is delayed, as a part of the longest time: 0 up to 1.
    var wait: Double
    /// Goes after the next one.
    var isReordered: Bool
    var isDuplicate: Bool

    init(of webhook: Webhook, _ trouble: WebhookTrouble, _ dice: TroubleDice) {
        func happens(_ kind: TroubleDice.Kind, _ probability: Double, number: Int) -> Bool {
            dice.happens(kind, probability, for: [webhook.chargeNumber, number])
        }
        isDropped = happens(.drop, trouble.drop, number: webhook.number)
        isDelayed = happens(.delay, trouble.delay, number: webhook.number)
        isDuplicate = happens(.duplicate, trouble.duplicate, number: webhook.number)
        var generator = dice.roll(.delay, for: [webhook.chargeNumber, webhook.number, 1])
        wait = Double(generator.below(1 << 32)) / Double(1 << 32)
        // Of several in a row every second one, or the next would have nothing to go before.
        isReordered = false
        var number = webhook.number
        while number > 0, happens(.reorder, trouble.reorder, number: number) {
            isReordered.toggle()
            number -= 1
        }
    }
}
