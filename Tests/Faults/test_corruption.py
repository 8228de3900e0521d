"""Damaged, cut off, missing and exchanged files: terima refuses to start, or starts with what is certainly right and says what is not. Never an empty database
where one was, and `terima check` tells what to do."""

import contextlib
import hashlib
import shutil
import sqlite3

import oracle
import ppro_events
from load import Load
from polling import eventually
from programs import Running
from service import AcceptanceTest
from shop import Shop

STORAGE_FAILED = 74
PAGE, FRAME, LOG_HEADER = 16_384, 16_384 + 24, 32


class CorruptionTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.service = self.started()
        # Few enough for all of it to be in the log still.
        self.load = Load(self.service, connections=1, charges=3).start()
        self.load.join()
        self.service.settle()

    def killed(self):
        """The files as a kill leaves them: most of the database is in the log."""
        self.service.kill()
        self.assertGreater(oracle.log_bytes(self.service), 20 * FRAME)
        return self.service

    def stopped(self):
        """The files as a stop leaves them: there is no log."""
        self.service.stop()
        self.assertEqual(oracle.log_bytes(self.service), 0)
        return self.service

    def file(self, suffix=""):
        return self.service.database.with_name(self.service.database.name + suffix)

    def flip(self, suffix, at, count=64):
        with self.file(suffix).open("r+b") as file:
            file.seek(at)
            octets = file.read(count)
            self.assertEqual(len(octets), count)
            file.seek(at)
            file.write(bytes(octet ^ 0xFF for octet in octets))

    def snapshot(self):
        """What is in the files; an empty log is as good as none."""
        files = {suffix: self.file(suffix) for suffix in ("", "-wal", ".reserve")}
        return {suffix: hashlib.sha256(path.read_bytes()).hexdigest() for suffix, path in files.items() if path.exists() and path.stat().st_size}

    def refused(self, *says):
        """It does not start, changes nothing, and both it and `terima check` say what is wrong."""
        before = self.snapshot()
        running = Running("terima", "serve", "--config", self.service.configuration, log=self.service.log, environment=self.service.environment)
        running.wait(code=STORAGE_FAILED, seconds=20)
        said = self.service.log.read_text()[-3000:]
        for word in says:
            self.assertIn(word, said)
        self.assertEqual(self.snapshot(), before, "the files were changed")
        report = self.service.cli("check", code=1)
        self.assertEqual(self.snapshot(), before, "check changed the files")
        line = next(line for line in report.text.splitlines() if line.startswith("FAIL") and "database" in line)
        self.assertRegex(line, "backup|put")

    def starts(self, *says):
        """It starts with a beginning of what was acknowledged, and says so."""
        self.service.start()
        findings = [line["finding"] for line in self.service.said() if "finding" in line]
        self.assertTrue(findings, "it says nothing")
        for word in says:
            self.assertIn(word, findings[-1])
        with oracle.database(self.service) as connection:
            oracle.check_integrity(self, connection)
            stored = [row[0] for row in connection.execute("SELECT id FROM event ORDER BY seq")]
        self.assertGreater(len(stored), 0)
        self.assertLess(len(stored), len(self.load.acknowledged))
        [report] = self.service.cli("rebuild", "--check", "--json").rows()
        self.assertEqual(report["different"], 0)
        # What is missing comes again and is taken.
        for body in self.load.sent.values():
            self.assertIn(self.service.post(body).status, (200, 202))
        oracle.check(self, self.service, self.load.acknowledged, sent=self.load.sent)

    def leaf(self, table):
        """Where a leaf page of a table begins, not its root if there is another."""
        with contextlib.closing(sqlite3.connect(self.service.database)) as connection:
            root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
        octets = self.service.database.read_bytes()
        page = octets[(root - 1) * PAGE:root * PAGE]
        if page[0] == 5:
            root = int.from_bytes(page[8:12], "big")
        return (root - 1) * PAGE

    def test_flipped_bytes_in_page_1(self):
        for at in (0, 24, 100):
            with self.subTest(at=at):
                self.stopped() if at == 0 else None
                self.flip("", at, 16)
                self.refused("terima:", "restore a backup")
                self.flip("", at, 16)
        # The control: whole again, it starts and nothing is missing.
        self.service.start()
        oracle.check(self, self.service, self.load.acknowledged, sent=self.load.sent)

    def test_flipped_bytes_in_a_leaf(self):
        self.stopped()
        place = self.leaf("event")
        self.flip("", place, 64)
        self.refused("database_corrupt", "is damaged", "restore a backup")

    def test_flipped_bytes_in_a_body_are_found_by_check(self):
        self.stopped()
        octets = self.service.database.read_bytes()
        place = octets.index(b"Toko Contoh")
        self.flip("", place, 4)
        report = self.service.cli("check", code=1).text
        self.assertRegex(report, r"FAIL database .* the body of event \d+ is not the one that was received; .*restore a backup")

    def test_flipped_bytes_in_the_log(self):
        self.killed()
        frames = (oracle.log_bytes(self.service) - LOG_HEADER) // FRAME
        self.flip("-wal", LOG_HEADER + (frames * 3 // 4) * FRAME + 5_000)
        self.starts("acknowledged", "ask PPRO")

    def test_a_log_cut_off(self):
        self.killed()
        frames = (oracle.log_bytes(self.service) - LOG_HEADER) // FRAME
        with self.file("-wal").open("r+b") as log:
            log.truncate(LOG_HEADER + (frames * 3 // 4) * FRAME)
        self.starts("acknowledged", "ask PPRO")

    def test_a_log_whose_header_is_damaged_with_all_that_there_was(self):
        self.killed()
        self.flip("-wal", 16, 8)
        self.refused("database_foreign", "put the right one back")

    def test_a_missing_log_with_all_that_there_was(self):
        self.killed()
        self.file("-wal").unlink()
        self.refused("database_missing", "put them back")

    def test_a_missing_log_behind_what_was_copied(self):
        # So much that a part of the log is copied into the database while it runs.
        self.load = Load(self.service, name="M", connections=4, charges=120).start()
        self.load.join()
        self.service.settle()
        self.killed()
        self.file("-wal").unlink()
        self.service.start()
        self.assertIn("acknowledged", [line["finding"] for line in self.service.said() if "finding" in line][-1])

    def test_a_missing_database(self):
        self.stopped()
        self.service.database.unlink()
        self.refused("database_missing", "put it back")
        self.assertFalse(self.service.database.exists())

    def test_a_missing_database_beside_its_log(self):
        self.killed()
        self.service.database.unlink()
        self.refused("database_missing", "put the database file back")

    def test_an_empty_file_in_place_of_the_database(self):
        self.stopped()
        self.service.database.write_bytes(b"")
        self.refused("database_missing")

    def test_a_database_cut_off(self):
        self.stopped()
        size = self.service.database.stat().st_size
        with self.service.database.open("r+b") as file:
            file.truncate(size // 2 // PAGE * PAGE)
        self.refused("malformed", "restore a backup")

    def test_the_log_of_another_run(self):
        other = self.started("other")
        for number in range(5):
            other.accept(ppro_events.simple(identity=f"evtO{number}", charge=f"O{number}"))
        other.kill()
        self.killed()
        for suffix in ("-wal", "-shm"):
            shutil.copy(f"{other.database}{suffix}", self.file(suffix))
        self.refused("database_foreign", "of another database")

    def test_an_older_log_of_the_same_database(self):
        """It fits by its name, and its pages are older than those in the database."""
        older = self.service.directory / "older"
        shutil.copy(self.file("-wal"), older)
        later = Load(self.service, name="Later", connections=2, charges=60).start()
        later.join()
        self.service.settle()
        self.killed()
        newer = self.file("-wal").read_bytes()
        self.assertNotEqual(newer[16:24], older.read_bytes()[16:24], "the log has not started anew since")
        shutil.copy(older, self.file("-wal"))
        self.refused("database_foreign", "is not the write-ahead log that was last in use")
        # The control: with the right one it goes on.
        self.file("-wal").write_bytes(newer)
        self.service.start()
        oracle.check(self, self.service, self.load.acknowledged | later.acknowledged, sent=self.load.sent | later.sent)


class DamagedNotificationTest(AcceptanceTest):
    def test_a_damaged_notification_is_dead_with_its_reason_and_all_others_are_told(self):
        answers = {"status": 500}
        shop = Shop(respond=lambda body: answers["status"])
        self.addCleanup(shop.close)
        service = self.started(endpoints={"shop": shop.url}, TERIMA_RETRY_SCHEDULE="1s,1s,1s,1s,1s,1s,1s,1s,1h")
        for name in ("First", "Second", "Third"):
            service.accept(ppro_events.simple(charge=name, identity=f"evt{name}"))
        eventually("everything is applied", lambda: service.status()["events"]["received"] == 0)
        service.stop()
        with contextlib.closing(sqlite3.connect(f"file:{service.database}?mode=ro", uri=True)) as connection:
            id, stored = connection.execute("SELECT id, body FROM notification ORDER BY seq LIMIT 1").fetchone()
        octets = bytearray(service.database.read_bytes())
        self.assertEqual(octets.count(stored), 1)
        place = octets.index(stored) + len(stored) // 2
        octets[place] ^= 0xFF
        service.database.write_bytes(octets)
        answers["status"] = 204
        before = len(shop.notifications())
        service.start()
        eventually("nothing waits", lambda: service.status()["deliveries"]["pending"] == 0)
        rows = {row["id"]: (row["state"], row["lastError"]) for row in service.deliveries()}
        self.assertEqual(rows.pop(id), ("dead", "body_damaged"))
        self.assertEqual(set(rows.values()), {("delivered", None)})
        self.assertEqual({one.id for one in shop.notifications()[before:]}, set(rows))
        self.assertRegex(service.cli("deliveries", "show", id).text, r"(?m)^body +damaged$")
        self.assertIn(f"the body of notification {id} is not the one that was written", service.cli("check", code=1).text)
