import Testing

@testable import PPRO

@Suite struct PPROSettingsTests {
    private func settings(_ url: String, merchant: String = "merch_1") throws -> PPROSettings {
        try PPROSettings(baseURL: url, key: try #require(PPROKey("secret-key")), merchantId: merchant)
    }

    @Test func aSlashAtTheEndIsTakenAway() throws {
        #expect(try settings("https://api.sandbox.eu.ppro.com").baseURL == "https://api.sandbox.eu.ppro.com")
        #expect(try settings("https://api.eu.ppro.com//").baseURL == "https://api.eu.ppro.com")
        #expect(try settings("http://127.0.0.1:8090/").baseURL == "http://127.0.0.1:8090")
        #expect(try settings("http://[::1]:8090/ppro").baseURL == "http://[::1]:8090/ppro")
    }

    @Test(arguments: [
        "", "api.eu.ppro.com", "ftp://api.eu.ppro.com", "https://", "https:///x", "https://:80", "https://user:pass@host", "https://host?x=1", "https://host#x",
        "https://ho st", "https://höst", "https://host\n", "https://" + String(repeating: "a", count: 3000),
    ]) func otherURLsAreRefused(_ url: String) {
        #expect(throws: PPROSettings.Failure.url) { try settings(url) }
    }

    @Test(arguments: ["http://localhost", "http://127.0.0.1:8090", "http://127.1.2.3/x", "http://[::1]", "http://[::1]:1/"]) func plainHTTPStaysOnThisMachine(
        _ url: String
    ) throws {
        _ = try settings(url)
    }

    @Test(arguments: [
        "http://api.eu.ppro.com", "http://10.0.0.1", "http://127.0.0.1.example.test", "http://localhost.example.test", "http://[::2]:1", "http://127.0.0",
        "http://127.0.0.256", "http://[::1].example.test", "http://0.0.0.0",
    ]) func plainHTTPGoesNowhereElse(_ url: String) {
        #expect(throws: PPROSettings.Failure.plain) { try settings(url) }
    }

    @Test(arguments: ["", "a b", "a\r\nX: y", "é", String(repeating: "m", count: 129)]) func merchantIDsGoIntoAHeader(_ merchant: String) {
        #expect(throws: PPROSettings.Failure.merchantId) { try settings("https://host", merchant: merchant) }
    }

    @Test func aSandboxIsKnownByItsName() throws {
        for url in ["http://127.0.0.1:8090", "https://api.sandbox.eu.ppro.com", "https://localhost:1/x"] { #expect(try settings(url).isSandbox, "\(url)") }
        for url in ["https://api.eu.ppro.com", "https://api.eu.ppro.com/sandbox", "https://sandboxes.ppro.com"] {
            #expect(try !settings(url).isSandbox, "\(url)")
        }
    }

    @Test func settingsDoNotPrintTheKey() throws {
        var dumped = ""
        dump(try settings("https://host"), to: &dumped)
        #expect(!(dumped + String(reflecting: try settings("https://host"))).contains("secret-key"))
    }
}
