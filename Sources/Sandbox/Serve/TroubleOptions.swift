import ArgumentParser
import Provider

/// Trouble that `ppro-sandbox serve` makes when it is asked to.
struct TroubleOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Send a webhook twice.", valueName: "p"))
    var duplicate = 0.0

    @Option(help: ArgumentHelp("Send a webhook after the next one of its charge.", valueName: "p"))
    var reorder = 0.0

    @Option(help: ArgumentHelp("Hold a webhook back for up to --delay-by.", valueName: "p"))
    var delay = 0.0

    @Option(help: ArgumentHelp("The longest that a delayed webhook is held back; scaled by --time-scale.", valueName: "duration"))
    var delayBy = DurationArgument(milliseconds: WebhookTrouble().delayMilliseconds)

    @Option(help: ArgumentHelp("Never send a webhook.", valueName: "p"))
    var drop = 0.0

    @Option(help: ArgumentHelp("Damage a webhook on its way; the next attempt may be whole.", valueName: "p"))
    var corrupt = 0.0

    @Option(help: ArgumentHelp("Fail an API request: with 500 before anything is done, or with 504 when all of it is done.", valueName: "p"))
    var failRate = 0.0

    func validate() throws {
        let probabilities = [
            ("duplicate", duplicate), ("reorder", reorder), ("delay", delay), ("drop", drop), ("corrupt", corrupt), ("fail-rate", failRate),
        ]
        for (name, value) in probabilities where !(0...1).contains(value) { throw ValidationError("--\(name) must be from 0 to 1.") }
        guard (1...86_400_000).contains(delayBy.milliseconds) else { throw ValidationError("--delay-by must be from 1ms to 24h.") }
    }

    var ofWebhooks: WebhookTrouble {
        var trouble = WebhookTrouble()
        (trouble.duplicate, trouble.reorder, trouble.delay, trouble.drop, trouble.corrupt) = (duplicate, reorder, delay, drop, corrupt)
        trouble.delayMilliseconds = delayBy.milliseconds
        return trouble
    }
}
