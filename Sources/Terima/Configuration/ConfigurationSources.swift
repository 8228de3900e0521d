import Configuration
import SystemPackage
import Yams

/// The places a value can come from, strongest first: environment, credentials directory, YAML file.
package struct ConfigurationSources: Sendable {
    /// A value as text, and where it came from.
    package struct Found: Sendable {
        package var text: String
        package var origin: String
        /// False when the text is the content of a file, where each line is an item of a list.
        package var isInline = true
        /// The file it was read from, of a secret that has one.
        package var path: String?
    }

    let environment: EnvironmentVariablesProvider
    let environmentNames: [String]
    let credentials: DirectoryFilesProvider?
    let file: FileProvider<YAMLSnapshot>?
    let filePath: String?
    /// Every path of the YAML file that holds a value.
    let fileKeys: [[String]]
    /// False: secrets are not looked up anywhere, as if none were set.
    let readsSecrets: Bool

    /// Reads all sources once.
    /// - Parameters:
    ///   - environment: the process environment; of it only names that begin with `TERIMA_`, and `CREDENTIALS_DIRECTORY`, matter.
    ///   - configFile: the file named by the user (must exist), or nil for the default one (may be missing).
    ///   - readsSecrets: false for what needs none, and may be run by somebody who cannot read them.
    package init(environment: [String: String], configFile: String?, readsSecrets: Bool = true) async throws {
        self.readsSecrets = readsSecrets
        let ours = environment.filter { $0.key.hasPrefix("TERIMA_") }
        self.environment = EnvironmentVariablesProvider(environmentVariables: ours, secretsSpecifier: .all)
        environmentNames = ours.keys.sorted()
        if readsSecrets, let directory = environment["CREDENTIALS_DIRECTORY"], !directory.isEmpty {
            do { credentials = try await DirectoryFilesProvider(directoryPath: FilePath(directory)) } catch {
                throw ConfigurationError(.unreadable, key: "CREDENTIALS_DIRECTORY", "the directory \(directory) cannot be read")
            }
        } else {
            credentials = nil
        }
        let path = configFile ?? Self.defaultFile
        guard let text = try FileText.read(path, mayBeMissing: configFile == nil) else {
            (file, filePath, fileKeys) = (nil, nil, [])
            return
        }
        (fileKeys, filePath) = (try Self.keys(ofYAML: text, path: path), path)
        // An empty document has no mapping to offer to the provider.
        file = fileKeys.isEmpty ? nil : try await FileProvider<YAMLSnapshot>(parsingOptions: .init(secretsSpecifier: .all), filePath: FilePath(path))
    }

    package static let defaultFile = "/etc/terima/terima.yaml"

    /// The strongest value of `key`: set directly, or (for secrets) through its `_FILE` variant or the credentials directory.
    func value(_ key: SettingKey) throws -> Found? {
        guard readsSecrets || !key.isSecret else { return nil }
        if let found = try alternatives(key, lookUp: inEnvironment) { return found }
        if key.isSecret, let found = try inCredentials(key) { return found }
        return try alternatives(key, lookUp: inFile)
    }

    /// systemd puts the ID before the names of the files where `LoadCredential=terima:…` loads a whole directory (systemd.exec(5)).
    private func inCredentials(_ key: SettingKey) throws -> Found? {
        guard let credentials else { return nil }
        for name in ["terima_" + key.credential, key.credential] {
            guard let text = try credentials.value(forKey: AbsoluteConfigKey([name]), type: .string).value?.text else { continue }
            return Found(text: text, origin: "credential \(name)", isInline: false)
        }
        return nil
    }

    /// The value itself or, for secrets, the content of the file it names; both at once are a mistake.
    private func alternatives(_ key: SettingKey, lookUp: (SettingKey) throws -> Found?) throws -> Found? {
        let direct = try lookUp(key)
        guard key.isSecret, let path = try lookUp(key.fileVariant) else { return direct }
        if direct != nil { throw ConfigurationError(.badValue, key: path.origin, "set either the secret or the path of its file, not both") }
        return try Self.secret(inFileNamedBy: path)
    }

    /// Its errors name the setting and not the path: somebody may have written the secret itself there.
    private static func secret(inFileNamedBy path: Found) throws -> Found? {
        do {
            return try FileText.read(path.text, mayBeMissing: false).map { Found(text: $0, origin: path.origin, isInline: false, path: path.text) }
        } catch let error as ConfigurationError {
            throw ConfigurationError(.unreadable, key: path.origin, "must be the path of a file with the secret; \(error.problem)")
        }
    }

    private func inEnvironment(_ key: SettingKey) throws -> Found? {
        guard let text = try environment.value(forKey: AbsoluteConfigKey([key.environment]), type: .string).value?.text else { return nil }
        return Found(text: text, origin: key.environment)
    }

    private func inFile(_ key: SettingKey) throws -> Found? {
        guard let file, let filePath, fileKeys.contains(key.file) else { return nil }
        let path = AbsoluteConfigKey(key.file)
        let origin = "\(key.yamlName) in \(filePath)"
        if let text = try? file.value(forKey: path, type: .string).value?.text { return Found(text: text, origin: origin) }
        if case .stringArray(let items)? = try? file.value(forKey: path, type: .stringArray).value?.content {
            return Found(text: items.joined(separator: "\n"), origin: origin, isInline: false)
        }
        throw ConfigurationError(.badValue, key: origin, "must be a text or a list of texts")
    }

    private static func keys(ofYAML text: String, path: String) throws -> [[String]] {
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            throw ConfigurationError(.unreadable, key: path, "is no valid YAML")
        }
        guard let root, root.null == nil else { return [] }
        guard root.mapping != nil else { throw ConfigurationError(.unreadable, key: path, "must be a YAML mapping of keys to values") }
        var found: [[String]] = []
        var open: [(path: [String], node: Node)] = [([], root)]
        while let (prefix, node) = open.popLast() {
            guard let mapping = node.mapping else {
                found.append(prefix)
                continue
            }
            for (key, value) in mapping {
                guard let name = key.string else { throw ConfigurationError(.unreadable, key: path, "every key must be a text") }
                open.append((prefix + [name], value))
            }
        }
        return found.sorted { $0.lexicographicallyPrecedes($1) }
    }
}

extension ConfigValue {
    fileprivate var text: String? { if case .string(let text) = content { text } else { nil } }
}
