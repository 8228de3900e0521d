import ArgumentParser
import PaymentCore
import SystemPackage

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Write everything that is stored into one file, while serving.",
        discussion: """
            The file is written under another name, checked as a whole (structure, constraints, no event missing), synced, and only then gets its name: one SQLite
            file, mode 0600, that `terima restore` takes back. The running service writes it with its own user's rights; storing webhooks goes first. With
            --directory the file is called terima-<UTC time>.db, and older ones of that form beyond --keep are removed once the new one is there.
            A backup holds personal data, and on the same disk it is none.

            EXAMPLES:
              terima backup /mnt/backups/terima.db
              terima backup --directory /var/lib/terima/backups --keep 14
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The file to write; it must not be there yet.", completion: .file()) var file: String?
    @Option(help: ArgumentHelp("Write terima-<UTC time>.db into this directory instead.", valueName: "dir")) var directory: String?
    @Option(help: ArgumentHelp("How many backups of the directory stay (default: \(BackupDocument.standardKeep)).", valueName: "n")) var keep: Int?

    func validate() throws {
        guard (file == nil) != (directory == nil) else { throw ValidationError("say where to: a FILE or --directory") }
        guard keep == nil || directory != nil else { throw ValidationError("--keep goes with --directory") }
        guard keep.map({ (1...100_000).contains($0) }) ?? true else { throw ValidationError("--keep must be from 1 to 100000") }
    }

    /// A large database takes a while, and nothing is gained by giving up.
    private static let patienceSeconds: Int64 = 86_400

    func run() async throws {
        try await runCommand {
            let document = try document()
            try await OperatorAccess.with(common, changes: true, patience: Self.patienceSeconds) { access in
                let report = try await access.answer(.backUp(document: document)).row
                if output.json { try Listing.printJSON([report]) } else { try Console.lines(Self.sentences(report)) }
            }
        }
    }

    private func document() throws -> [UInt8] {
        let (file, directory) = (try file.map(WorkingDirectory.absolute), try directory.map(WorkingDirectory.absolute))
        var writer = JSONWriter()
        writer.object {
            $0.member("file", file)
            $0.member("directory", directory)
            $0.member("keep", keep)
        }
        return writer.bytes
    }

    private static func sentences(_ report: Row) -> [String] {
        let counts = [Count.text(report.integer("events") ?? 0, "event"), Count.text(report.integer("charges") ?? 0, "charge")].joined(separator: " and ")
        let removed = report.json["removed"]?.elements.compactMap(\.string) ?? []
        return ["\(Table.printable(report.text("file"))): \(counts), \(report.integer("bytes") ?? 0) bytes, written, synced and checked."]
            + removed.map { "removed \(Table.printable($0))" }
    }
}
