import ArgumentParser
import Provider
import Testing
import TestSupport

@testable import Sandbox

@Suite struct CommandLineTests {
    @Test func aPlayIsUnderstood() throws {
        let command = try PlayCommand.parse(
            ["--secret", "s", "--outcome", "paid", "--outcome", "timeout", "--charges", "10", "--repeat", "3", "--shuffle", "--retry-base", "100ms"])
        #expect(command.outcome == [.paid, .timeout])
        #expect(command.charges == 10)
        #expect(command.repeats == 3)
        #expect(command.shuffle)
        #expect(command.retryBase.milliseconds == 100)
        #expect(try command.secret.text() == "s")
    }

    @Test(arguments: [
        ["--charges", "0"], ["--rate", "0"], ["--repeat", "0"], ["--currency", "idr"], ["--amount", "0"], ["--end", "yesterday"], ["--outcome", "won"],
        ["--retry-base", "15"], ["--secret", "a", "--secret-file", "b"], ["--connections", "0"], ["--scheme", "none"], ["--order-prefix", ""],
    ]) func nonsenseIsRefused(arguments: [String]) {
        #expect(throws: (any Error).self) { _ = try PlayCommand.parse(arguments) }
    }

    @Test(arguments: [["--listen", "9000"], ["--listen", "::1:9000"], ["--listen", "127.0.0.1:70000"], ["--status", "200"], ["--fail", "-1"]])
    func nonsenseForTheShopIsRefused(arguments: [String]) {
        #expect(throws: (any Error).self) { _ = try ShopCommand.parse(arguments) }
    }

    @Test func aStandInIsUnderstood() throws {
        let command = try ServeCommand.parse(
            ["--key", "k", "--secret", "s", "--drop", "0.25", "--delay-by", "2s", "--latency", "5ms", "--time-scale", "0.001", "--scheme", "both", "--kyc"])
        #expect(try command.key.text() == "k")
        #expect(command.listen.port == 9100)
        #expect(command.trouble.ofWebhooks.drop == 0.25)
        #expect(command.trouble.ofWebhooks.delayMilliseconds == 2_000)
        #expect(command.latency.milliseconds == 5)
        #expect(command.timeScale == 0.001)
        #expect(command.kyc && !command.verbose && command.state == nil)
        #expect(try ServeCommand.parse(["--state", "sandbox.db"]).state == "sandbox.db")
        #expect(throws: (any Error).self) { _ = try KeyOptions.parse([]).text() }
    }

    @Test(arguments: [
        ["--drop", "1.5"], ["--duplicate", "-0.1"], ["--fail-rate", "nan"], ["--time-scale", "0"], ["--rate", "0"], ["--burst", "0"], ["--latency", "2m"],
        ["--webhooks-url", "shop.test"], ["--webhooks-url", "http://shop.test:70000/"], ["--public-url", "ftp://shop.test"], ["--merchant-id", ""],
        ["--key", "a", "--key-file", "b"], ["--delay-by", "0s"],
    ]) func nonsenseForTheStandInIsRefused(arguments: [String]) {
        #expect(throws: (any Error).self) { _ = try ServeCommand.parse(arguments) }
    }

    @Test func addressesAreUnderstood() throws {
        let six = try #require(ListenAddress(argument: "[::1]:0"))
        #expect(six.host == "::1" && six.port == 0)
        let four = try #require(ListenAddress(argument: "127.0.0.1:9000"))
        #expect(four.host == "127.0.0.1" && four.port == 9000)
    }

    @Test func aSecretFileHoldsOneLine() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        try directory.append("whsec_x \n", to: "good")
        try directory.append("a\nb\n", to: "two")
        try directory.append("\n", to: "empty")
        #expect(try SecretOptions.parse(["--secret-file", directory.file("good")]).text() == "whsec_x ")
        for name in ["two", "empty", "missing"] {
            let options = try SecretOptions.parse(["--secret-file", directory.file(name)])
            #expect(throws: SandboxError.self) { _ = try options.text() }
        }
    }
}
