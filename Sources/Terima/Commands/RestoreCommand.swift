import ArgumentParser
import EventStore
import Glibc
import PaymentCore

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup into the place of the database, while the service is stopped.",
        discussion: """
            The backup is copied beside the database and checked as a whole before anything is touched; the old files stay there under a dated name (…before-…),
            be they damaged or not. Works also when the database is missing. Run it as the service's user. Broken off at any point it can be run again.

            EXAMPLE:
              systemctl stop terima.socket terima.service
              sudo -u terima terima restore /var/lib/terima/backups/terima-20260603T020000Z.db
              systemctl start terima.socket terima.service
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "A file that `terima backup` wrote.", completion: .file()) var file: String

    func run() async throws {
        try await runCommand {
            let database = try await common.configuration(readsSecrets: false).database
            umask(0o177)
            let report = try Restoration(of: file, to: database, now: WallClock.now()).run()
            if output.json { try Console.line(json(report, database)) } else { try Console.lines(Self.sentences(report, database)) }
        }
    }

    private func json(_ report: Restoration.Report, _ database: String) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("database", database)
            writer.member("bytes", report.contents.bytes)
            writer.member("events", report.contents.events)
            writer.member("charges", report.contents.charges)
            writer.member("newestReceivedAt", report.contents.newestReceivedAt?.iso8601)
            writer.key("kept")
            writer.array { writer in report.kept.forEach { writer.string($0) } }
        }
        return writer.text
    }

    private static func sentences(_ report: Restoration.Report, _ database: String) -> [String] {
        let newest = report.contents.newestReceivedAt.map { ", the newest received \(Ago.full($0, now: WallClock.now()))" } ?? ""
        let counts = [Count.text(report.contents.events, "event"), Count.text(report.contents.charges, "charge")].joined(separator: " and ")
        return ["\(database): restored with \(counts)\(newest)."]
            + report.kept.map { "the old file is now \($0)" }
            + [
                "", "What came after the backup is not in it. Start the service, then:",
                "  PPRO repeats a webhook for 68 hours only until it was acknowledged: those that were acknowledged since the backup do not come again.",
                "  terima reconcile --open          asks PPRO about every open charge (at start this happens by itself)",
                "  terima reconcile --charge ID     asks about a charge that the backup does not know",
                "  The shop may hear changes once more under other ids; versions and statuses count.",
            ]
    }
}
