/// Why a state file cannot be used, in words for whoever named it. Holds nothing of what is in it.
package struct StateFileError: Error, Sendable, Equatable, CustomStringConvertible {
    package var description: String

    init(_ description: String) { self.description = description }

    static func unreadable(_ kind: String, _ name: String) -> StateFileError {
        StateFileError("the state file holds a \(kind) that cannot be read: \(name) is missing or wrong")
    }
}
