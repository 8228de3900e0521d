import PaymentCore
import Testing

extension DeliveryTests {
    struct EventPatternTests {
        @Test(arguments: [
            ("*", "charge.captured", true), ("*", "", true), ("charge.*", "charge.captured", true), ("charge.*", "charge.", true),
            ("charge.*", "charge", false), ("charge.*", "chargeback.won", false), ("charge.*", "agreement.active", false),
            ("charge.captured", "charge.captured", true), ("charge.captured", "charge.captured2", false), ("charge.captured", "charge.Captured", false),
            ("ppro.REPORT_*", "ppro.REPORT_FAILED", true), ("*.failed", "charge.failed", true), ("*.failed", "charge.failed.twice", false),
            ("*_*ED", "ppro.REPORT_PROCESSED", true), ("a*b*c", "aXbXbXc", true), ("a*b*c", "aXcXb", false), ("**", "x", true), ("a", "", false),
            ("charge.*", "charge.\u{E9}t\u{E9}", true), ("?", "x", false), (".", "x", false), ("[a]", "a", false),
        ])
        func matches(pattern: String, type: String, expected: Bool) throws {
            #expect(try #require(EventPattern(pattern)).matches(type) == expected)
        }

        @Test(arguments: ["", " ", "a b", "charge.*,ppro.*", "a\n", "\u{E9}", "a\0", String(repeating: "a", count: 513)])
        func refuses(pattern: String) {
            #expect(EventPattern(pattern) == nil)
        }

        @Test func takesTheLongestAllowed() {
            let text = String(repeating: "a", count: 512)
            #expect(EventPattern(text)?.description == text)
        }

        /// Against the definition itself, for every pattern of up to 4 and every text of up to 5 characters.
        @Test func agreesWithTheDefinition() throws {
            let texts = words(of: ["a", "b"], upTo: 5)
            for word in words(of: ["a", "b", "*"], upTo: 4) where !word.isEmpty {
                let pattern = try #require(EventPattern(word))
                for text in texts {
                    #expect(pattern.matches(text) == defined(word[...], text[...]), "\(word) on \(text)")
                }
            }
        }

        /// A backtracking matcher would need longer than the universe has existed; this one steps at most pattern x text.
        @Test func manyStarsAreNoAttack() throws {
            let pattern = try #require(EventPattern(String(repeating: "a*", count: 200) + "b"))
            #expect(!pattern.matches(String(repeating: "a", count: 2000)))
        }

        private func words(of letters: [String], upTo length: Int) -> [String] {
            var all = [""]
            var longest = [""]
            for _ in 1...length {
                longest = longest.flatMap { word in letters.map { word + $0 } }
                all += longest
            }
            return all
        }

        private func defined(_ pattern: Substring, _ text: Substring) -> Bool {
            guard let first = pattern.first else { return text.isEmpty }
            if first == "*" {
                return defined(pattern.dropFirst(), text) || (!text.isEmpty && defined(pattern, text.dropFirst()))
            }
            return text.first == first && defined(pattern.dropFirst(), text.dropFirst())
        }
    }
}
