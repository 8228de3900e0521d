/// Numbers of things for people.
enum Count {
    /// `1 event`, `2 events`; `plural` where it is not just an s more.
    static func text(_ count: Int64, _ one: String, _ plural: String? = nil) -> String {
        "\(count) \(count == 1 ? one : plural ?? one + "s")"
    }
}
