import ArgumentParser

/// `ppro-sandbox`: both ends of a payment for trying things out on one machine.
@main
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ppro-sandbox",
        abstract: "Stands in for PPRO and for a shop, so that terima can be tried out without either.",
        discussion: """
            `serve` is PPRO's API on this machine: charges, a wallet page to approve or decline them on, and webhooks for every change.
            `play` sends signed webhooks as PPRO does: whole lives of Jenius Pay payments, in order or not, repeated or not.
            `shop` takes terima's notifications as a shop does: it verifies them, keeps them apart from repeats and tells each order's story.

            EXAMPLES
              ppro-sandbox serve --key-file api.key --secret-file ppro.secret --webhooks-url http://127.0.0.1:8080/webhooks/ppro
              ppro-sandbox shop --listen 127.0.0.1:9000 --secret-file shop.secret
              ppro-sandbox play --url http://127.0.0.1:8080/webhooks/ppro --secret-file ppro.secret --outcome paid --outcome declined
            """,
        subcommands: [ServeCommand.self, ShopCommand.self, PlayCommand.self])
}

/// What went wrong, in words for whoever typed the command.
struct SandboxError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
