/// Swift compares strings by canonical equivalence ("é" is "e\u{301}"); identities, ids and PPRO's words are told apart by their bytes, as SQLite does.
extension String {
    package func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }

    /// A total order that agrees with `hasSameBytes`.
    func precedesByBytes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
