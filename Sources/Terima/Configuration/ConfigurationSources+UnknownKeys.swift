extension ConfigurationSources {
    /// Refuses every key that means nothing, with the nearest one that does.
    func refuseUnknownKeys(endpoints: [String]) throws {
        var keys = Setting.allCases.map(\.key)
        for name in endpoints { keys += EndpointPart.allCases.map { SettingKey.endpoint(name, $0) } }
        keys += keys.filter(\.isSecret).map(\.fileVariant)
        let variables = Set(keys.map(\.environment))
        for name in environmentNames where !variables.contains(name) {
            throw ConfigurationError(.unknownKey, key: name, Self.hint(name, among: variables.sorted(), isEndpoint: name.hasPrefix("TERIMA_ENDPOINT_")))
        }
        // Endpoints of the file that the environment's list leaves out are switched off, not misspelt.
        let paths = Set(keys.map(\.yamlName))
        let parts = Set(EndpointPart.allCases.map(\.rawValue) + ["secret_file"])
        for path in fileKeys where !paths.contains(path.joined(separator: ".")) {
            if path.count == 3, path[0] == "endpoints", parts.contains(path[2]) { continue }
            // A key below a secret may be the secret itself.
            let secret = keys.first { $0.isSecret && path.starts(with: $0.file) }
            if let secret { throw ConfigurationError(.badValue, key: "\(secret.yamlName) in \(filePath ?? "")", "must be a text or a list of texts") }
            let name = path.joined(separator: ".")
            throw ConfigurationError(
                .unknownKey, key: "\(name) in \(filePath ?? "")", Self.hint(name, among: paths.sorted(), isEndpoint: path.first == "endpoints"))
        }
    }

    private static func hint(_ name: String, among known: [String], isEndpoint: Bool) -> String {
        let nearest = known.map { ($0, distance(name, $0)) }.min { $0.1 < $1.1 }
        if let nearest, nearest.1 <= 3 { return "is no setting; did you mean \(nearest.0)?" }
        if isEndpoint { return "is no setting of an endpoint named in TERIMA_ENDPOINTS; an endpoint has _URL, _SECRET (or _SECRET_FILE), _EVENTS and _CA_FILE" }
        return "is no setting; `terima check --help` lists them all"
    }

    /// Levenshtein's edit distance.
    private static func distance(_ a: String, _ b: String) -> Int {
        let (left, right) = (Array(a.utf8), Array(b.utf8))
        var row = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (character == other ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
