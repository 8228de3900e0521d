import ArgumentParser

@main
struct Terima: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "terima",
        abstract: "Receives PPRO's webhooks for a shop: verified, stored before they are answered, applied in order, told to the shop with retries.",
        discussion: """
            Configuration comes from the environment (TERIMA_…) over a YAML file (--config, else /etc/terima/terima.yaml); `terima check` shows what is in force.

            Exit codes: 0 done; 1 something needs a person, or a check found a difference; 64 the command line cannot be understood;
            66 there is no such thing; 69 the service is not running; 74 the database cannot be used; 75 what was waited for has not come; 78 the configuration is wrong.
            """,
        version: Version.text,
        subcommands: [
            ServeCommand.self, PayCommand.self, StatusCommand.self, AlarmsCommand.self, EventsCommand.self, ChargesCommand.self, AgreementsCommand.self,
            DeliveriesCommand.self,
            ReplayCommand.self, ReconcileCommand.self, RebuildCommand.self, BackupCommand.self, RestoreCommand.self, PurgeCommand.self, EraseCommand.self,
            VerifyCommand.self, CheckCommand.self,
            KeygenCommand.self,
        ])
}
