import ArgumentParser
import PaymentCore

struct KeygenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make a new endpoint secret (Standard Webhooks, 32 random bytes).",
        discussion: """
            Give the same secret to terima (TERIMA_ENDPOINT_<NAME>_SECRET) and to the shop. While it is rotated, list the new and the old one, separated by a comma.

            EXAMPLE:
              terima keygen > /etc/terima/secrets/endpoint_shop_secret
            """)

    func run() async throws { try Console.line(EndpointSecret.generate().exposed) }
}
