import EventStore
import Foundation
import PaymentCore
import TestSupport
import Testing

@testable import Terima

/// `backup`, `restore`, `purge` and `erase`, with the service and without.
@Suite(.timeLimit(.minutes(5))) struct MaintenanceCommandTests {
    @Test(arguments: Operating.allCases) func aBackupIsWritten(operating: Operating) async throws {
        try await operating.with { installation in
            let file = installation.directory.file("copy.db")
            let events = try installation.integer("SELECT count(*) FROM event") ?? 0
            let run = try await installation.run("backup", file, "--json")
            #expect(run.status == 0, "\(run.error)")
            #expect(run.objects.first?["file"]?.string == file)
            #expect(run.objects.first?["events"]?.integerValue == events)
            #expect(try BackupFile(path: file).check().events == events)
            let again = try await installation.run("backup", file)
            #expect(again.status == 74 && again.error.contains("is there already"))
            let directory = try await installation.run("backup", "--directory", installation.directory.path, "--keep", "1")
            #expect(directory.status == 0 && directory.text.contains("terima-20"))
        }
    }

    @Test func aBackupComesBackWhenTheServiceIsStopped() async throws {
        let installation = try await Installation()
        let file = installation.directory.file("copy.db")
        let events = try installation.integer("SELECT count(*) FROM event") ?? 0
        #expect(try await installation.run("backup", file).status == 0)
        try await installation.serve { served in
            let run = try await served.installation.run("restore", file)
            #expect(run.status == 74 && run.error.contains("database_locked") && run.error.contains("stop the service"))
        }
        let run = try await installation.run("restore", file)
        #expect(run.status == 0, "\(run.error)")
        #expect(run.text.contains("restored with \(events) events") && run.text.contains("terima reconcile"))
        #expect(try installation.integer("SELECT count(*) FROM event") == events)
        #expect(try await installation.run("restore", installation.directory.file("terima.yaml")).status == 74)
    }

    @Test func theBackupRouteIsOnTheSocketOnly() async throws {
        try await Installation().serve { served in
            let file = served.installation.directory.file("copy.db")
            let problem = try await served.http.post("/v1/backups", #"{"file":"\#(file)"}"#)
            #expect(problem.status == 404)
        }
    }

    @Test(arguments: Operating.allCases) func aPurgeCountsAndPurges(operating: Operating) async throws {
        try await operating.with { installation in
            let before = try installation.integer("SELECT count(*) FROM payload") ?? 0
            let dry = try await installation.run("purge", "--older-than", "0s", "--dry-run", "--json")
            #expect(dry.status == 0, "\(dry.error)")
            #expect(try installation.integer("SELECT count(*) FROM payload") == before)
            let run = try await installation.run("purge", "--older-than", "0s", "--json")
            let payloads = try #require(run.objects.first?["payloads"]?.integerValue)
            #expect(payloads > 0 && payloads == dry.objects.first?["payloads"]?.integerValue)
            #expect(try installation.integer("SELECT count(*) FROM payload") == before - payloads)
            #expect(try await installation.run("rebuild", "--check").status == 0)
            #expect(try await installation.run("purge").text.hasPrefix("purged, from before "))
            let id = try installation.text(
                "SELECT id FROM event AS e WHERE state = 'applied' AND NOT EXISTS (SELECT 1 FROM payload WHERE event = e.seq) LIMIT 1")
            let shown = try await installation.run("events", "show", try #require(id), "--body")
            #expect(shown.status == 66 && shown.error.contains("purged"))
            #expect(try await installation.run("events", "show", try #require(id)).text.contains("purged"))
        }
    }

    @Test(arguments: Operating.allCases) func anErasureIsRecorded(operating: Operating) async throws {
        try await operating.with { installation in
            let charge = Template.odd
            let run = try await installation.run("erase", "--charge", charge, "--reason", "asked for", "--json")
            #expect(run.status == 0, "\(run.error)")
            #expect(run.objects.first?["clean"]?.bool == true)
            #expect(run.objects.first?["subjects"]?.elements.compactMap(\.string) == [charge])
            #expect(try installation.text("SELECT who || ': ' || reason || selection FROM erasure") == "\(NSUserName()): asked for{\"charge\":\"\(charge)\"}")
            #expect(try await installation.run("rebuild", "--check").status == 0)
            let nobody = try await installation.run("erase", "--charge", "charge_nobody")
            #expect(nobody.status == 66)
            let consumer = try await installation.run("erase", "--consumer", "nobody@example.com")
            #expect(consumer.status == 0 && consumer.text == "Nothing that is stored has this address.\n")
            #expect(!consumer.error.contains("nobody@"))
        }
    }
}
