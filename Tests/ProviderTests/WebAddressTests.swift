import Testing

@testable import Provider

@Suite struct WebAddressTests {
    @Test(arguments: [
        ("https://shop.test/return?a=1#b", true), ("http://127.0.0.1:9000", true), ("HTTPS://SHOP.TEST/", true), ("shop.test/return", false),
        ("javascript:alert(1)", false), ("https://", false), ("https:///x", false), ("https://user:secret@shop.test/", false),
        ("http://:80/", false), ("http://shop.test:0/", false), ("http://shop.test:65535/", true), ("http://shop.test:65536/", false),
        ("http://shop.test:/", false), ("http://shop.test:8o/", false), ("http://shop.test:-1/", false), ("http://a:b:1/", false),
        ("http://[::1]:8080/x", true), ("http://[::1]", true), ("http://[::1", false), ("http://[]/", false), ("http://[::g]/", false),
        ("http://[1.2.3.4]/", false), ("http://[::1]x/", false), ("http://::1/", false), ("http://sh%6fp/", false), ("http://shop?", true),
        ("https://shop.test/\r\nX: y", false), ("https://shop.test/ü", false), ("https://shop.test/\"><script>", false),
    ]) func addressesAreChecked(url: String, isUsable: Bool) { #expect(WebAddress.isUsable(url) == isUsable) }

    /// A client has to be told what is wrong, not only that something is.
    @Test(arguments: [
        ("ftp://shop.test/", "http or https"), ("https://", "host"), ("http://shop.test:65536/", "port"), ("http://[::g]/", "IPv6"),
        ("https://user:secret@shop.test/", "without a user"), ("https://shop.test/ü", "ASCII"), ("http://shop..%/", "letters"),
    ]) func whatIsWrongIsSaid(url: String, word: String) {
        var rig = Rig()
        let answer = rig.post("v1/payment-charges", Orders.jeniusPay(more: #","webhooksUrl":"\#(url)""#))
        #expect(answer.status == 400)
        #expect(answer.failureMessage.hasPrefix("webhooksUrl must be ") && answer.failureMessage.contains(word), "\(answer.failureMessage)")
    }
}
