/// Something in the tree that breaks a rule, said so that the reader knows what to do.
struct Finding: Sendable, Equatable, CustomStringConvertible {
    var path: String
    var line: Int
    /// What is wrong.
    var problem: String
    /// What to do about it.
    var fix: String

    var description: String { "\(path):\(line): \(problem). Fix: \(fix)." }
}
