import AsyncHTTPClient
import EventStore
import Glibc
import NIOCore
import NIOHTTP1
import PPRO
import PaymentCore
import Receiver
import Worker

/// The checks of `terima check`, in the order in which an operator should mend what they find.
struct Inspection {
    enum Grade: String {
        case ok, warn
        case fail = "FAIL"
    }

    struct Finding {
        var grade: Grade
        var subject: String
        var text: String

        var line: String { "\(grade.rawValue.padded(to: 5))\(subject.padded(to: 28))\(Table.printable(text))" }

        var json: String {
            var writer = JSONWriter()
            writer.object {
                $0.member("grade", grade.rawValue.lowercased())
                $0.member("subject", subject)
                $0.member("text", text)
            }
            return writer.text
        }
    }

    let configuration: ServiceConfiguration
    private(set) var findings: [Finding] = []

    init(configuration: ServiceConfiguration) { self.configuration = configuration }

    private mutating func add(_ grade: Grade, _ subject: String, _ text: String) { findings.append(Finding(grade: grade, subject: subject, text: text)) }

    mutating func checkSettings() {
        for setting in Setting.allCases where !setting.isSecret && setting != .endpoints {
            guard let origin = configuration.origins[setting], let text = configuration.texts[setting] else { continue }
            // A list of the file has an item a line.
            add(.ok, setting.rawValue, "\(text.split(whereSeparator: \.isNewline).joined(separator: ",")) (\(origin))")
        }
        let standard = Setting.allCases.filter { $0.standard != nil && configuration.origins[$0] == nil }
        if !standard.isEmpty { add(.ok, "defaults", standard.map { "\($0.rawValue)=\($0.standard ?? "")" }.joined(separator: " ")) }
        if configuration.retrySchedule != .standard && configuration.retrySchedule.delays.reduce(0, +) < 3_600_000 {
            add(.warn, "retry_schedule", "a notification is given up within an hour; a longer outage of the shop leaves dead letters")
        }
        if configuration.apiToken == nil { add(.ok, "api", "only on the Unix socket \(configuration.socketPath) (no TERIMA_API_TOKEN)") }
    }

    mutating func checkSecrets() {
        let count = configuration.signingSecrets.count
        if count == 0 {
            add(.fail, "signing_secrets", "none; ask PPRO's account manager for the signing secret and set TERIMA_SIGNING_SECRETS_FILE to a file with it")
        } else {
            add(.ok, "signing_secrets", "\(count), from \(configuration.origins[.signingSecrets] ?? "-"): PPRO signs webhooks to us with it")
        }
        for endpoint in configuration.endpoints {
            add(
                .ok, "endpoint \(endpoint.name)",
                "\(Count.text(Int64(endpoint.secrets.count), "secret")): we sign notifications to the shop with it; the shop verifies with the same")
        }
        if configuration.endpoints.isEmpty { add(.warn, "endpoints", "none: events are stored and folded, but nobody is told; set TERIMA_ENDPOINTS") }
    }

    /// The certificate as `serve` would take it.
    mutating func checkTLS() {
        guard let files = configuration.tls else { return }
        do {
            let identity = try files.read()
            let validity = CertificateValidity(identity, now: WallClock.now())
            let clients = identity.asksClients ? "; clients need a certificate, too" : ""
            switch validity.state {
            case .good: add(.ok, "tls", validity.sentence + clients)
            case .ending: add(.warn, "tls", "\(validity.sentence): renew it; terima takes the new files by itself")
            case .expired, .notYet: add(.fail, "tls", "\(validity.sentence): who checks it sends no webhooks")
            }
        } catch {
            add(.fail, "tls", "\(error)")
        }
    }

    mutating func checkFiles() {
        let path = configuration.database
        let directory = path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) : "."
        if unsafe access(directory.isEmpty ? "/" : directory, R_OK | W_OK | X_OK) != 0 {
            add(.fail, "directory", "\(directory) cannot be read and written by this user (uid \(getuid())); create it, or run as the service's user")
        } else {
            add(.ok, "directory", "\(directory) can be written")
        }
        for secret in configuration.secretFiles {
            var info = stat()
            guard unsafe stat(secret, &info) == 0, info.st_mode & 0o077 != 0 else { continue }
            add(.warn, "permissions", "\(secret) holds a secret and is open to other users; chmod 600 it")
        }
        for suffix in ["", "-wal", "-shm", ".lock", ".reserve", ".sock"] {
            var info = stat()
            guard unsafe stat(path + suffix, &info) == 0 else { continue }
            if info.st_mode & 0o077 != 0 { add(.warn, "permissions", "\(path + suffix) is open to other users; chmod 600 it: it holds personal data") }
            if info.st_uid != getuid() && getuid() != 0 {
                add(.fail, "owner", "\(path + suffix) belongs to uid \(info.st_uid), not to this user (uid \(getuid()))")
            }
        }
        if configuration.socketPath.utf8.count >= 104 {
            add(.fail, "socket", "the database's path is too long for the Unix socket beside it (at most 99 bytes)")
        }
    }

    mutating func checkDatabase() async {
        let path = configuration.database
        do {
            let file = DatabaseFile(path: path)
            try file.refuseLoss()
            try file.refuseExchangedLog()
            guard unsafe access(path, F_OK) == 0 else {
                return add(.ok, "database", "\(path) does not exist yet; `terima serve` creates it")
            }
            let readers = try ReaderPool(path: path, count: 1)
            defer { readers.close() }
            let damage = try await readers.read { try $0.damage() }
            if damage.isEmpty {
                let status = try await readers.read { try $0.status() }
                add(.ok, "database", "\(path) is whole; \(status.lastSeq) events")
            } else {
                add(
                    .fail, "database",
                    "\(path) is damaged: \(damage.joined(separator: "; ")); stop terima, keep a copy of it and its -wal, and restore a backup")
            }
        } catch let error as StoreError {
            add(.fail, "database", "\(error.advising(path)); before you change anything keep a copy of the file and its -wal")
        } catch {
            add(.fail, "database", "\(error)")
        }
    }

    mutating func checkEndpoints() async {
        for endpoint in configuration.endpoints {
            var settings = HTTPClient.Configuration(redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: .seconds(5)))
            settings.httpVersion = .http1Only
            settings.tlsConfiguration = HTTPSender.tls(authorities: configuration.authorities[endpoint.name])
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
            do {
                let request = try HTTPClient.Request(url: endpoint.url, method: .HEAD)
                let response = try await client.execute(request: request, deadline: .now() + .seconds(10)).get()
                add(.ok, "endpoint \(endpoint.name)", "\(endpoint.url) is reachable (HEAD answered \(response.status.code))")
            } catch {
                add(
                    .fail, "endpoint \(endpoint.name)",
                    "\(endpoint.url) is not reachable: \(Reason.text(error)); is the shop running, and does the name resolve here?")
            }
            try? await client.shutdown()
        }
    }

    /// Asks PPRO's API, where one is configured, about a charge that there is not: whoever says so took the key.
    mutating func checkPPRO() async {
        guard let settings = configuration.ppro else { return }
        do {
            _ = try await RemoteAccess.with(configuration) { try await $0.charge(id: "charge_terima-check") }
            add(.ok, "ppro", "\(settings.baseURL) answers and takes the key")
        } catch {
            add(.fail, "ppro", "\(settings.baseURL): \(error)")
        }
    }
}

extension String {
    /// The text, filled up with spaces; at least one follows it.
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
