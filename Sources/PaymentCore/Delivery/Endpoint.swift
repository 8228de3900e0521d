/// A place of the shop's that notifications are sent to, as the operator configured it.
package struct Endpoint: Sendable {
    /// The operator's name for it; deliveries are stored under this name, so a changed URL keeps its backlog.
    package var name: String
    /// Absolute `http` or `https` URL; checked by the configuration.
    package var url: String
    /// Every notification is signed with each of them: more than one while a secret is rotated.
    package var secrets: [EndpointSecret]
    /// Which types it wants; none means nothing.
    package var patterns: [EventPattern]

    package init(name: String, url: String, secrets: [EndpointSecret], patterns: [EventPattern]) {
        self.name = name
        self.url = url
        self.secrets = secrets
        self.patterns = patterns
    }

    /// Whether notifications of this type go here.
    package func wants(_ type: String) -> Bool {
        patterns.contains { $0.matches(type) }
    }
}
