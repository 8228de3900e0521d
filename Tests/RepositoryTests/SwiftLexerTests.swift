import Testing

/// Everything else stands on this: what is text must never look like code, and code never like text.
struct SwiftLexerTests {
    private func tokens(_ text: String) -> String {
        SourceFile("Sources/X/X.swift", text).tokens.map(\.text).joined(separator: " ")
    }

    @Test(arguments: [
        (#"let a = 1 // try! "no"#, "let a = 1"),
        ("a /* b /* c */ d */ e", "a e"),
        ("a /* never closed", "a"),
        (#"f("try!", x)"#, #"f ( " , x )"#),
        (#""a \" b" c"#, #"" c"#),
        (#""a \\" c"#, #"" c"#),
        (#""{" }"#, #"" }"#),
        (#""// no comment" b"#, #"" b"#),
        (##"#"a " \" b"# c"##, #"" c"#),
        (###"##"a "# b"## c"###, #"" c"#),
        (##"#"""# c"##, #"" c"#),
        (#""" c"#, #"" c"#),
        ("\"\"\"\n a \" {\n \"\"\" c", "\" c"),
        ("\"\"\"\n a \\\"\"\" b\n \"\"\" c", "\" c"),
        (##"#/a"{/# c"##, #"" c"#),
        ("\"not closed\nc", "\" c"),
        ("`try`! x", "`try` ! x"),
        ("@Test func `a name: with {`() {}", "@ Test func `a name: with {` ( ) { }"),
        ("try! a as! b", "try! a as! b"),
        ("try !a, try? b as? c, has!", "try ! a , try ? b as ? c , has !"),
        ("#expect(a)", "# expect ( a )"),
        ("a\u{E9}_1.b", "a\u{E9}_1 . b"),
    ])
    func textIsNoCode(text: String, expected: String) {
        #expect(tokens(text) == expected)
    }

    @Test(arguments: [
        (#""a \(b) c" d"#, #"" b d"#),
        (#""a \(f("x", (1))) c" d"#, #"" f ( " , ( 1 ) ) d"#),
        (##"#"a \(b) \#(c)"# d"##, #"" c d"#),
        ("\"\"\"\n \\(b) {\n \"\"\" d", "\" b d"),
        (#""\(a.map { "\($0)" })" d"#, #"" a . map { " $0 } d"#),
    ])
    func interpolationIsCode(text: String, expected: String) {
        #expect(tokens(text) == expected)
    }

    @Test func linesAreCountedThroughTextAndComments() {
        let file = SourceFile("Sources/X/X.swift", "a\n/* 2\n3 */ b\n\"\"\"\n5\n\"\"\" c \"\"\"\n7 \\(d)\n\"\"\"\n// 9\ne")
        #expect(file.tokens.filter { $0.text != "\"" }.map { "\($0.text)\($0.line)" } == ["a1", "b3", "c6", "d7", "e10"])
        #expect(file.comments == [Token(text: "/* 2\n3 */", line: 2), Token(text: "// 9", line: 9)])
        #expect(file.lineCount == 10)
    }

    @Test(arguments: [("", 0), ("a", 1), ("a\n", 1), ("a\nb", 2), ("\n\n", 2)])
    func linesOfAFile(text: String, expected: Int) {
        #expect(SourceFile("Sources/X/X.swift", text).lineCount == expected)
    }

    @Test func partsOfAPath() {
        let file = SourceFile("Sources/EventStore/Inbox/Transaction+Inbox.swift", "")
        #expect(file.area == "Sources")
        #expect(file.target == "EventStore")
        #expect(file.stem == "Transaction+Inbox")
    }
}
