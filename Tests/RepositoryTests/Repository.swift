import Glibc

/// The source tree that these tests read: found upwards from this file, so they work wherever the clone is and through symbolic links.
enum Repository {
    struct Unreadable: Error, CustomStringConvertible {
        var description: String
    }

    /// Every Swift file below `Sources` and `Tests`, in the order of their paths. Read once.
    static func swiftFiles() throws -> [SourceFile] { try loaded.get() }

    private static let loaded = Result { () throws -> [SourceFile] in
        let root = try Repository.root()
        return try ["Sources", "Tests"].flatMap { try swiftPaths(root: root, below: $0) }.sorted().map { path in
            SourceFile(path: path, text: try contents(root + "/" + path))
        }
    }

    /// The nearest directory above this file that holds both `Package.swift` and `schema.sql`, every symbolic link resolved.
    static func root(from file: String = #filePath) throws -> String {
        guard let resolved = realpath(file, nil) else { throw Unreadable(description: "\(file) is not where it was compiled: errno \(errno)") }
        defer { free(resolved) }
        var directory = String(cString: resolved)[...]
        while let slash = directory.lastIndex(of: "/") {
            directory = directory[..<slash]
            if isFile("\(directory)/Package.swift") && isFile("\(directory)/schema.sql") { return String(directory) }
        }
        throw Unreadable(description: "no directory above \(file) holds Package.swift and schema.sql")
    }

    private static func swiftPaths(root: String, below directory: String) throws -> [String] {
        guard let stream = opendir(root + "/" + directory) else { throw Unreadable(description: "cannot list \(directory): errno \(errno)") }
        defer { closedir(stream) }
        var paths: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: field.pointee)) { String(cString: $0) }
            }
            guard !name.hasPrefix(".") else { continue }
            let path = directory + "/" + name
            if kind(root + "/" + path) == S_IFDIR {
                paths += try swiftPaths(root: root, below: path)
            } else if name.hasSuffix(".swift") {
                paths.append(path)
            }
        }
        return paths
    }

    private static func contents(_ path: String) throws -> [UInt8] {
        guard let stream = fopen(path, "r") else { throw Unreadable(description: "cannot read \(path): errno \(errno)") }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&chunk, 1, chunk.count, stream), count > 0 {
            bytes += chunk.prefix(count)
        }
        return bytes
    }

    private static func isFile(_ path: String) -> Bool { kind(path) == S_IFREG }

    private static func kind(_ path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }
}
