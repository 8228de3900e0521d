import NIOCore
import Testing

@testable import Receiver

@Suite struct TrustedProxiesTests {
    private let proxies = TrustedProxies(["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"].compactMap(AddressRange.init))

    private func source(_ peer: String, _ forwarded: String...) throws -> String? {
        proxies.source(peer: try SocketAddress(ipAddress: peer, port: 1), forwarded: forwarded)
    }

    @Test func onlyATrustedPeerIsBelieved() throws {
        #expect(try source("192.0.2.1", "198.51.100.7") == "192.0.2.1")
        #expect(try source("127.0.0.1", "198.51.100.7") == "198.51.100.7")
        #expect(try source("2001:db8::1", "198.51.100.7") == "198.51.100.7")
        #expect(try source("127.0.0.1") == "127.0.0.1")
        let nobody = TrustedProxies.none
        #expect(nobody.source(peer: try SocketAddress(ipAddress: "127.0.0.1", port: 1), forwarded: ["198.51.100.7"]) == "127.0.0.1")
        #expect(proxies.source(peer: try SocketAddress(unixDomainSocketPath: "/run/x"), forwarded: ["198.51.100.7"]) == "unix")
        #expect(proxies.source(peer: nil, forwarded: ["198.51.100.7"]) == nil)
    }

    /// Whatever stands left of the first address that is not a proxy's was written by whoever wanted to.
    @Test func theRightmostStrangerIsTheSender() throws {
        #expect(try source("127.0.0.1", "1.1.1.1, 198.51.100.7, 10.1.2.3") == "198.51.100.7")
        #expect(try source("127.0.0.1", "1.1.1.1", "198.51.100.7,10.1.2.3", "10.9.9.9") == "198.51.100.7")
        #expect(try source("127.0.0.1", "nonsense, 198.51.100.7") == "198.51.100.7")
        #expect(try source("127.0.0.1", "10.0.0.1, 10.0.0.2") == "10.0.0.1")
    }

    @Test(arguments: [
        "", ",", "198.51.100.7,", "unknown", "1.2.3", "1.2.3.4.5", "198.51.100.7:99999", "198.51.100.7:x", "198.51.100.7\n", "fe80::1%eth0", "[2001:db9::1",
        "[2001:db9::1]x", "\"198.51.100.7\"", "a" + String(repeating: "1", count: 8_000), "0x7f.1", "127.1",
    ])
    func whatCannotBeReadIsNotBelieved(forwarded: String) throws {
        #expect(try source("127.0.0.1", forwarded) == "127.0.0.1")
    }

    @Test func someProxiesAddAPort() throws {
        #expect(try source("127.0.0.1", "198.51.100.7:4711") == "198.51.100.7")
        #expect(try source("127.0.0.1", "[2001:db9::1]:4711") == "2001:db9::1")
        #expect(try source("127.0.0.1", "[2001:db9::1]") == "2001:db9::1")
        #expect(try source("127.0.0.1", " 2001:DB9:0::1\t") == "2001:db9::1")
    }

    @Test func aChainWithoutEndIsCut() throws {
        let chain = Array(repeating: "10.0.0.1", count: 15).joined(separator: ",")
        #expect(try source("127.0.0.1", "198.51.100.7," + chain) == "198.51.100.7")
        #expect(try source("127.0.0.1", "198.51.100.7,10.0.0.2," + chain) == "10.0.0.2")
    }

    @Test func rangesHoldWhatBeginsAlike() throws {
        func contains(_ range: String, _ address: String) throws -> Bool {
            try #require(AddressRange(range)).contains(try #require(IPAddress(address)))
        }
        #expect(try contains("192.0.2.1", "192.0.2.1"))
        #expect(try !contains("192.0.2.1", "192.0.2.2"))
        #expect(try contains("192.0.2.77/23", "192.0.3.255"))
        #expect(try !contains("192.0.2.0/23", "192.0.4.0"))
        #expect(try contains("0.0.0.0/0", "255.255.255.255"))
        #expect(try !contains("0.0.0.0/0", "::1"))
        #expect(try contains("::/0", "2001:db8::1"))
        #expect(try contains("2001:db8::/33", "2001:db8:7fff::1"))
        #expect(try !contains("2001:db8::/33", "2001:db8:8000::1"))
        // A socket that takes both versions shows IPv4's addresses in IPv6's form.
        #expect(try contains("127.0.0.0/8", "::ffff:127.0.0.1"))
        #expect(IPAddress("::ffff:192.0.2.1")?.description == "192.0.2.1")
        for text in [
            "", "/", "/8", "192.0.2.1/", "192.0.2.1/33", "192.0.2.1/-1", "192.0.2.1/+8", "192.0.2.1/8/8", "::1/129", "::1/0128", "host", "unix", "10.0.0.0/ 8",
        ] {
            #expect(AddressRange(text) == nil, "\(text)")
        }
    }
}
