import Testing

struct SizeRuleTests {
    private func functions(_ text: String) -> [SizeRule.Function] {
        SizeRule.functions(in: SourceFile("Sources/X/X.swift", text))
    }

    private func problems(_ text: String) -> [String] {
        SizeRule.findings(in: SourceFile("Sources/X/X.swift", text)).map { "\($0.line): \($0.problem)" }
    }

    @Test func filesOfTheLimitAndOneMore() {
        #expect(problems(String(repeating: "\n", count: 400)) == [])
        #expect(problems(String(repeating: "\n", count: 401)) == ["401: 401 lines, at most 400 are allowed"])
    }

    @Test func functionsOfTheLimitAndOneMore() {
        let atLimit = "func f() {" + String(repeating: "\n", count: 59) + "}"
        #expect(functions(atLimit) == [SizeRule.Function(name: "f", line: 1, lines: 60)])
        #expect(problems(atLimit) == [])
        #expect(problems("\n" + atLimit.replacingFirstNewlineByTwo()) == ["2: f has 61 lines, at most 60 are allowed"])
    }

    @Test func everyKindOfFunctionIsCounted() {
        let text = """
            struct A {
                init() {
                }
                init?<T>(_ t: T) where T: P {
                }
                static func == (a: A, b: A) -> Bool {
                    true
                }
                subscript(index: Int) -> Int {
                    get { 1 }
                }
                deinit { }
            }
            """
        let expected = [("init", 2), ("init", 2), ("=", 3), ("subscript", 3), ("deinit", 1)]
        #expect(functions(text).map { "\($0.name) \($0.lines ?? 0)" } == expected.map { "\($0.0) \($0.1)" })
    }

    @Test func bracesInTextAndCommentsAreNotCounted() {
        let text = #"""
            func f() {
                let a = "}" // }
                /* } */
                let b = "\(c.map { "}\($0)" })"
                let d = """
                    }}}
                    """
            }
            func g() { }
            """#
        #expect(functions(text) == [SizeRule.Function(name: "f", line: 1, lines: 8), SizeRule.Function(name: "g", line: 9, lines: 1)])
    }

    @Test func aClosureInTheSignatureIsNotTheBody() {
        let text = """
            func f(
                a: () -> Int = { 1 },
                b: [Int] = [1].map { $0 }
            ) -> @Sendable () -> Void {
            }
            """
        #expect(functions(text) == [SizeRule.Function(name: "f", line: 1, lines: 5)])
    }

    @Test func requirementsHaveNoBody() {
        let text = """
            protocol P {
                init(a: Int)
                func f() -> Int
                func g()
            }
            func h() {
            }
            """
        #expect(functions(text).map(\.name) == ["h"])
    }

    @Test func callsAreNoDeclarations() {
        #expect(functions("let a = A.init(1); let b = x.func; super.init(); let c = A(init: 1)\nif a { }") == [])
    }

    @Test func nestedFunctionsCountForBoth() {
        let text = "func f() {\n func g() {\n }\n}"
        #expect(functions(text).map(\.lines) == [4, 2])
    }

    @Test func whatIsNeverClosedIsSaid() {
        #expect(problems("func f() {\n#if A\nif a {\n#else\nif b {\n#endif\n}\n}") == ["1: f is never closed"])
    }
}

extension String {
    fileprivate func replacingFirstNewlineByTwo() -> String {
        guard let newline = firstIndex(of: "\n") else { return self }
        return self[..<newline] + "\n" + self[newline...]
    }
}
