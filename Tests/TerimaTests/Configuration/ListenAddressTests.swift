import Testing

@testable import Terima

@Suite struct ListenAddressTests {
    @Test(arguments: [("127.0.0.1:8080", "127.0.0.1", 8080), ("[::1]:0", "::1", 0), ("localhost:65535", "localhost", 65_535)])
    func readsHostAndPort(text: String, host: String, port: Int) {
        #expect(ListenAddress(text)?.host == host)
        #expect(ListenAddress(text)?.port == port)
        #expect(ListenAddress(text)?.description == text)
    }

    @Test(arguments: ["", "8080", ":8080", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:8080", "a b:1", "host/x:1", "[[]]:1", "[x:1", "x:+1"])
    func refusesWhatIsNoAddress(text: String) {
        #expect(ListenAddress(text) == nil)
    }
}
