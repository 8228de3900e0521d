import PaymentCore

/// Where a backup goes.
package enum BackupTarget: Sendable, Equatable {
    /// This file, which must not be there yet.
    case file(String)
    /// A file `terima-<time>.db` of this directory, in which only the newest `keep` of that form stay.
    case directory(String, keep: Int)

    /// While it is written: nobody takes a file of this name for a backup.
    static let unfinished = ".partial"

    /// `terima-20260603T112347Z.db`: sorted by name they are sorted by time.
    func path(now: Instant) -> String {
        switch self {
        case .file(let path): path
        case .directory(let directory, _): "\(directory)/terima-\(Self.stamp(now)).db"
        }
    }

    /// `20260603T112347Z`.
    static func stamp(_ time: Instant) -> String { String(time.iso8601.prefix { $0 != "." }.filter { $0 != "-" && $0 != ":" }) + "Z" }

    /// Files in the usual places that hold what the database held: older backups in the directory `backups` beside it, what a restore has kept, and what was
    /// left unfinished.
    package static func copies(of database: String) -> [String] {
        let directory = DurableFiles.directory(of: database)
        let name = database.split(separator: "/").last.map(String.init) ?? database
        func found(_ place: String, _ isCopy: (String) -> Bool) -> [String] {
            ((try? DurableFiles.names(in: place)) ?? []).filter(isCopy).map { "\(place)/\($0)" }
        }
        return found(directory) { $0.hasPrefix(name + ".before-") || $0 == name + Restoration.unfinished }
            + found(directory + "/backups") { isDated($0) || $0.hasSuffix(unfinished) }
    }

    /// Backups of the directory beyond those to keep, and what broken-off ones have left, by path.
    func superfluous(among names: [String]) -> [String] {
        guard case .directory(let directory, let keep) = self else { return [] }
        let backups = names.filter(Self.isDated)
        let unfinished = names.filter { $0.hasSuffix(Self.unfinished) && Self.isDated(String($0.dropLast(Self.unfinished.count))) }
        return (backups.dropLast(keep) + unfinished).map { "\(directory)/\($0)" }
    }

    private static func isDated(_ name: String) -> Bool {
        guard name.hasPrefix("terima-"), name.hasSuffix("Z.db") else { return false }
        let stamp = name.dropFirst(7).dropLast(4)
        return stamp.utf8.count == 15
            && stamp.utf8.enumerated().allSatisfy { place, byte in
                place == 8 ? byte == UInt8(ascii: "T") : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
    }
}
