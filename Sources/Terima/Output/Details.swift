/// Names and values one below the other.
enum Details {
    static func lines(_ pairs: [(String, String)]) -> [String] {
        let width = pairs.reduce(0) { max($0, $1.0.count) }
        return pairs.filter { $0.1 != "-" }.map { name, value in
            name + String(repeating: " ", count: width - name.count + 2) + Table.printable(value)
        }
    }
}
