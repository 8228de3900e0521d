"""Backups under load, their way back, and what is left when terima is killed in the middle of either."""

import contextlib
import os
import signal
import sqlite3
import threading
import time

import lives
import ppro_events
from polling import eventually
from programs import Running
from service import AcceptanceTest

LONG = "TERIMA_ACCEPTANCE_LONG" in os.environ
CHARGES = 4_000 if LONG else 500
KILLS = 20 if LONG else 5
# A payment has some events of 1 kB: this makes the copy take long enough to be killed in.
BALLAST = 3_000 if LONG else 600


def looked_at(path):
    """What Python's SQLite finds in a backup: it must be whole, alone, and for its owner only."""
    assert (path.stat().st_mode & 0o777) == 0o600, oct(path.stat().st_mode)
    assert not list(path.parent.glob(path.name + "-*")), "a log lies beside it"
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA journal_mode").fetchall() == [("delete",)]
        return set(connection.execute("SELECT source, id FROM event"))
    finally:
        connection.close()


class BackupTest(AcceptanceTest):
    def service_with_ballast(self):
        service = self.started(endpoints={})
        padding = "x" * 50_000
        for number in range(BALLAST):
            service.accept(ppro_events.simple(charge=f"Ballast{number}", identity=f"ballast{number:05}", padding=padding))
        return service

    def load(self, service, seed=31):
        what = ["--outcome", "paid", "--charges", CHARGES, "--seed", seed]
        acknowledged = service.directory / "acknowledged.tsv"
        player = Running(
            "ppro-sandbox", *service.play_arguments(*what, "--retry-base", "50ms", "--attempts", 60, "--ack-file", acknowledged),
            log=service.directory / "play.log")
        self.addCleanup(player.abandon)

        def read():
            lines = acknowledged.read_text().split("\n")[:-1] if acknowledged.exists() else []
            return {tuple(line.split("\t")) for line in lines}
        return player, read, lives.plan(*what)

    def test_a_backup_under_load_holds_all_that_was_acknowledged_before_it(self):
        service = self.service_with_ballast()
        player, acknowledged, events = self.load(service)
        eventually("the load has begun", lambda: len(acknowledged()) > 50)
        for number in range(4):
            before = acknowledged()
            path = service.directory / f"backup{number}.db"
            [report] = service.cli("backup", path, "--json").rows()
            if number == 0:
                self.assertGreater(len(acknowledged()), len(before), "nothing was acknowledged while the backup was made")
            found = looked_at(path)
            self.assertLessEqual(before, found)
            self.assertEqual((report["file"], report["events"], report["bytes"]), (str(path), len(found), path.stat().st_size))
        refused = service.cli("backup", path, code=74)
        self.assertIn("is there already", refused.error_text)
        player.wait()
        service.settle()
        with contextlib.closing(sqlite3.connect(service.database)) as connection:
            self.assertEqual(connection.execute("SELECT count(*) FROM event").fetchone(), (BALLAST + len(events),))
        lives.check_rebuild(self, service, BALLAST + CHARGES)

    def test_a_restored_backup_serves_and_takes_the_lost_events_again(self):
        service = self.started(endpoints={})
        self.play(service, "--charges", 20, "--seed", 41)
        service.settle()
        path = service.directory / "copy.db"
        service.cli("backup", path)
        self.play(service, "--charges", 20, "--seed", 42)
        service.settle()
        both = lives.settled_charges(service)
        running = service.cli("restore", path, code=74)
        self.assertIn("database_locked", running.error_text)
        service.kill()
        [report] = service.cli("restore", path, "--json").rows()
        [old] = [kept for kept in report["kept"] if not kept.endswith(("-wal", "-shm"))]
        service.start()
        self.assertEqual(len(service.charges()), 20)
        # The old database holds everything, what was only in its log included.
        connection = sqlite3.connect(old)
        self.assertEqual(connection.execute("SELECT count(*) FROM charge").fetchone(), (40,))
        connection.close()
        # What PPRO would repeat: the first are repeats, the others are new.
        first = self.play(service, "--charges", 20, "--seed", 41)
        self.play(service, "--charges", 20, "--seed", 42)
        service.settle()
        self.assertEqual(lives.settled_charges(service), both)
        self.assertEqual({row["repeats"] for row in service.events()}, {0, 1}, first)
        lives.check_rebuild(self, service, 40)

    def test_a_directory_keeps_the_newest(self):
        service = self.started(endpoints={})
        self.play(service, "--charges", 2, "--seed", 43)
        directory = service.directory / "backups"
        directory.mkdir()
        for day in range(1, 5):
            (directory / f"terima-2026010{day}T000000Z.db").write_bytes(b"")
        (directory / "terima-20260104T000000Z.db.partial").write_bytes(b"")
        (directory / "keep-me.db").write_bytes(b"")
        [report] = service.cli("backup", "--directory", directory, "--keep", 3, "--json").rows()
        names = sorted(path.name for path in directory.iterdir())
        self.assertEqual(names[:3], ["keep-me.db", "terima-20260103T000000Z.db", "terima-20260104T000000Z.db"])
        self.assertEqual([str(directory / names[3])], [report["file"]])
        self.assertEqual(len(names), 4)
        looked_at(directory / names[3])

    def test_kill_9_during_a_backup_leaves_no_file_that_could_be_taken_for_one(self):
        service = self.service_with_ballast()
        path, killed_in_the_middle = service.directory / "copy.db", 0
        for number in range(KILLS):
            command = threading.Thread(target=lambda: service.cli("backup", path, code=None))
            command.start()
            eventually("the copy grows", lambda: self.unfinished(path) > 0 or path.exists(), 20)
            time.sleep(0.02 * number)
            service.kill()
            command.join()
            if path.exists():
                # It was finished just before.
                looked_at(path)
                path.unlink()
            else:
                killed_in_the_middle += 1
                self.assertTrue(path.with_name(path.name + ".partial").exists())
            service.start()
            self.assertEqual(service.status()["events"]["lastSeq"], BALLAST)
        self.assertGreater(killed_in_the_middle, 0, "no kill met a backup under way")
        service.cli("backup", path)
        looked_at(path)
        self.assertFalse(path.with_name(path.name + ".partial").exists())

    @staticmethod
    def unfinished(path):
        try:
            return path.with_name(path.name + ".partial").stat().st_size
        except FileNotFoundError:
            return 0

    def test_kill_9_during_a_restore_leaves_the_old_or_the_new_database(self):
        service = self.service_with_ballast()
        path = service.directory / "copy.db"
        service.cli("backup", path)
        service.accept(ppro_events.simple(charge="Later", identity="later"))
        service.kill()
        seen = set()
        log = service.directory / "restore.log"
        for number in range(3 * KILLS):
            restore = Running("terima", "restore", path, "--config", service.configuration, log=log, environment=service.environment)
            time.sleep(0.02 * number)
            was_running = restore.is_running
            restore.kill()
            service.start()
            count = service.status()["events"]["lastSeq"]
            self.assertIn(count, (BALLAST, BALLAST + 1))
            seen.add((was_running, count))
            if count == BALLAST:
                service.accept(ppro_events.simple(charge="Later", identity="later"))
            service.kill()
        self.assertIn((True, BALLAST + 1), seen, "no kill met a restore under way")
        service.cli("restore", path)
        service.start()
        self.assertEqual(service.status()["events"]["lastSeq"], BALLAST)

    def test_control_a_torn_copy_is_refused(self):
        """Without the check a file that ends too early would be put into the database's place."""
        service = self.service_with_ballast()
        path = service.directory / "copy.db"
        service.cli("backup", path)
        service.stop()
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        before = service.database.read_bytes()
        self.assertIn("backup_invalid", service.cli("restore", path, code=74).error_text)
        self.assertEqual(service.database.read_bytes(), before)
        # The same file, copied by hand into its place, is no database to work with.
        service.database.write_bytes(path.read_bytes())
        connection = sqlite3.connect(service.database)
        with self.assertRaises(sqlite3.DatabaseError):
            if connection.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]:
                raise sqlite3.DatabaseError("damaged")
        connection.close()


