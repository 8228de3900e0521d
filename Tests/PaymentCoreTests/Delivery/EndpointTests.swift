import PaymentCore
import Testing

extension DeliveryTests {
    struct EndpointTests {
        @Test func wantsWhatAnyOfItsPatternsMatches() throws {
            let patterns = try ["charge.captured", "agreement.*"].map { try #require(EventPattern($0)) }
            let endpoint = Endpoint(name: "shop", url: "http://127.0.0.1:9000/", secrets: [], patterns: patterns)
            #expect(endpoint.wants("charge.captured"))
            #expect(endpoint.wants("agreement.active"))
            #expect(!endpoint.wants("charge.failed"))
            #expect(!Endpoint(name: "none", url: endpoint.url, secrets: [], patterns: []).wants("charge.captured"))
        }
    }
}
