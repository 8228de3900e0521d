"""Personal data after an erasure: not one byte of it in the database, its log, or a new backup; and never in a log line."""

import json
import os
import shutil
import sqlite3
import threading
import time

import lives
import ppro_events
import signing
from polling import eventually
from service import AcceptanceTest
from shop import Shop

LONG = "TERIMA_ACCEPTANCE_LONG" in os.environ
PERSONS = 1_000 if LONG else 120
KILLS = 20 if LONG else 4


class Person:
    """Somebody whose name, address and telephone number are found nowhere else."""

    def __init__(self, number):
        self.number = number
        self.charge = f"charge_E{number}"
        self.name = f"Canary{number:05}Name"
        self.mail = f"canary{number:05}mail@example.com"
        self.phone = f"+62811{number:05}77"

    @property
    def traces(self):
        return [self.name.encode(), self.mail.encode(), self.mail.upper().encode(), self.phone.encode(), self.mail.split("@")[0].encode()]

    def story(self):
        """Two events of a payment: one with the address, one with the telephone number only; and an instrument of the same person."""
        story = ppro_events.ChargeStory(f"E{self.number}", 20)
        story.charge("CREATED", "AUTHORIZATION_PROCESSING", 1_000, consumer={"name": self.name, "email": self.mail}, padding="x" * (self.number * 37 % 2_000))
        story.charge("AUTHORIZATION_SUCCEEDED", "CAPTURE_PENDING", 1_000, authorizationId=f"authz_{self.number}", consumer={"phone": self.phone})
        instrument = ppro_events.Story(f"I{self.number}", f"instr_{self.number}", 21, {"paymentInstrumentId": f"instr_{self.number}"})
        instrument.tell("PAYMENT_INSTRUMENT_CREATED", details={"holder": self.name, "email": self.mail.upper()})
        return story.bodies + instrument.bodies


def escaped(body):
    """The same JSON with the sign of the address written as an escape."""
    return body.replace(b"mail@", b"mail\\u0040")


class EraseTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.shop = Shop()
        self.addCleanup(self.shop.close)
        self.service = self.started(endpoints={"shop": self.shop.url}, TERIMA_LOG_LEVEL="trace")
        self.persons = [Person(number) for number in range(PERSONS)]

    def send(self, person, change=lambda body: body):
        for body in person.story():
            self.service.accept(change(body))

    def files(self):
        return [path for path in self.service.directory.glob("terima.db*") if path.name in ("terima.db", "terima.db-wal", "terima.db-shm")]

    def found(self, person, paths=None):
        """Which of the person's traces are in which file, byte by byte."""
        return [(trace, path.name) for path in (paths or self.files()) for trace in person.traces if trace in path.read_bytes()]

    def erase(self, *arguments, code=0):
        return self.service.cli("erase", *arguments, "--json", code=code).rows()[0]

    def backup(self, name):
        path = self.service.directory / name
        self.service.cli("backup", path)
        return path

    def test_not_a_byte_is_left_in_database_log_and_new_backup(self):
        for person in self.persons:
            self.send(person, escaped if person.number % 3 == 0 else lambda body: body)
        self.service.settle()
        charges = {row["id"]: row for row in self.service.charges()}
        told = len(self.shop.notifications())
        connection = sqlite3.connect(f"file:{self.service.database}?mode=ro", uri=True)
        identities = connection.execute("SELECT source, id, hex(body_sha256) FROM event ORDER BY seq").fetchall()
        connection.close()
        before = self.backup("before.db")
        for person in self.persons[::2]:
            self.assertTrue(self.found(person), "there was nothing to erase")
            report = self.erase("--consumer", person.mail.title()) if person.number % 4 else self.erase("--charge", person.charge)
            self.assertTrue(report["clean"])
            self.assertIn(person.charge, report["subjects"])
            if person.number % 4 == 0:
                # An instrument is another subject than the charge.
                self.assertEqual(report["events"], 2)
                self.assertEqual(self.erase("--charge", f"instr_{person.number}")["events"], 1)
            else:
                self.assertEqual((report["events"], report["subjects"]), (3, [person.charge, f"instr_{person.number}"]))
        after = self.backup("after.db")
        for person in self.persons[::2]:
            self.assertEqual(self.found(person), [])
            self.assertEqual(self.found(person, [after]), [])
            self.assertTrue(self.found(person, [before]), "the old backup still has it")
        for person in self.persons[1::2]:
            self.assertIn((person.phone.encode(), "terima.db"), self.found(person))
        # Money, history and identities stay.
        self.assertEqual({row["id"]: row for row in self.service.charges()}, charges)
        lives.check_rebuild(self, self.service, PERSONS)
        connection = sqlite3.connect(f"file:{self.service.database}?mode=ro", uri=True)
        self.assertEqual(connection.execute("SELECT source, id, hex(body_sha256) FROM event ORDER BY seq").fetchall(), identities)
        self.assertEqual(connection.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        recorded = json.dumps(connection.execute("SELECT who, reason, selection FROM erasure").fetchall())
        connection.close()
        self.assertFalse([person for person in self.persons if person.mail in recorded.lower()])
        # A repeat is a repeat, and brings nothing back.
        person = self.persons[2]
        for body in person.story():
            self.assertEqual(self.service.post(body).status, 200)
        self.service.settle()
        self.assertEqual(self.found(person), [])
        self.assertEqual(len(self.shop.notifications()), told)

    def test_control_a_plain_delete_leaves_the_bytes(self):
        """Without overwriting, and without emptying the log, the same search finds the person."""
        person = self.persons[0]
        for each in self.persons[:10]:
            self.send(each)
        self.service.settle()
        self.service.stop()
        copy = self.service.directory / "copy" / "terima.db"
        copy.parent.mkdir()
        shutil.copy(self.service.database, copy)
        connection = sqlite3.connect(copy, isolation_level=None)
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("DELETE FROM payload")
        connection.execute("DELETE FROM delivery")
        connection.execute("DELETE FROM notification")
        self.assertTrue(self.found(person, list(copy.parent.iterdir())), "the search finds nothing: it would show nothing either")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        self.assertTrue(self.found(person, [copy]))
        # With overwriting, the log alone still has it.
        shutil.copy(self.service.database, copy)
        connection = sqlite3.connect(copy, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("DELETE FROM payload")
        self.assertTrue(self.found(person, [copy]), "the file has it until the log is emptied")
        connection.close()

    def test_a_reader_in_the_way_is_told_and_a_repeat_finishes(self):
        self.send(self.persons[1])
        self.service.settle()
        connection = sqlite3.connect(f"file:{self.service.database}?mode=ro", uri=True, isolation_level=None)
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM event").fetchone()
        report = self.erase("--consumer", self.persons[1].mail, code=75)
        self.assertFalse(report["clean"])
        connection.close()
        self.assertTrue(self.erase("--consumer", self.persons[1].mail)["clean"])
        self.assertEqual(self.found(self.persons[1]), [])

    def test_kill_9_during_an_erasure_leaves_a_good_state_and_a_repeat_finishes(self):
        person = self.persons[0]
        bodies = 6_000 if LONG else 1_500
        for number in range(bodies):
            self.service.accept(ppro_events.simple(charge=f"K{number}", identity=f"evtK{number:05}", consumer={"email": person.mail}, padding="x" * 4_000))
        self.service.settle()
        in_the_middle, left = 0, bodies
        for number in range(KILLS):
            erasing = threading.Thread(target=lambda: self.service.cli("erase", "--consumer", person.mail, code=None))
            erasing.start()
            # Without a pause: it is over soon.
            while self.payloads() == left and erasing.is_alive():
                pass
            time.sleep(0.002 * number)
            self.service.kill()
            erasing.join()
            self.service.start()
            now = self.payloads()
            in_the_middle += 0 < now < left
            left = now
            connection = sqlite3.connect(f"file:{self.service.database}?mode=ro", uri=True)
            self.assertEqual(connection.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            connection.close()
            lives.check_rebuild(self, self.service, bodies)
        self.assertGreater(in_the_middle, 0, "no kill met an erasure under way")
        self.assertTrue(self.erase("--consumer", person.mail)["clean"])
        self.assertEqual(self.payloads(), 0)
        self.assertEqual(self.found(person), [])

    def payloads(self):
        connection = sqlite3.connect(f"file:{self.service.database}?mode=ro", uri=True)
        try:
            return connection.execute("SELECT count(*) FROM payload").fetchone()[0]
        finally:
            connection.close()

    def test_no_log_line_has_personal_data(self):
        """At the most talkative level, through everything that can happen to a webhook and a notification."""
        canary = self.persons[3]
        self.shop.respond = lambda body: 410 if b"charge_E4" in body else 500 if b"charge_E5" in body else 204
        for person in self.persons[3:8]:
            self.send(person)
        body = canary.story()[0]
        self.assertEqual(self.service.post(body).status, 200)
        self.assertIn(self.service.post(body.replace(b"x\"", b"\"", 1) + b" ").status, (200, 202))
        # Unreadable, twice the same key, another scheme, forged, stale, too large, not JSON, headers and paths with data in them.
        broken = json.dumps({"specversion": "1.0", "source": canary.mail, "id": canary.phone, "type": 7, "data": {"name": canary.name}}).encode()
        self.assertEqual(self.service.post(broken).status, 202)
        self.assertEqual(self.service.post(b'{"name":"%s"' % canary.name.encode()).status, 202)
        forged = [(signing.CURRENT, signing.current(body, "another secret"))]
        self.assertEqual(self.service.post(body, forged).status, 401)
        stale = [(signing.CURRENT, signing.current(body, self.service.signing_secret, age=90 * 86_400))]
        self.assertEqual(self.service.post(body, stale).status, 401)
        self.assertEqual(self.service.post(body, [("X-Name", canary.name)]).status, 401)
        self.assertEqual(self.service.post(b"x" * 300_000 + canary.name.encode()).status, 413)
        eventually("dead and failed", lambda: (s := self.service.status())["deliveries"]["dead"] > 0 and s["events"]["failed"] == 2)
        self.service.cli("replay", "--failed", "--reason", "again")
        for arguments in (["events", "list"], ["charges", "list"], ["status"], ["alarms"], ["check"]):
            self.service.cli(*arguments, code=None)
        self.service.cli("verify", "--body", "-", "--header", f"PPRO-Signature: {forged[0][1]}", stdin=body, code=None)
        self.service.cli("purge", "--older-than", "0s")
        self.service.cli("erase", "--consumer", canary.mail)
        self.service.cli("backup", self.service.directory / "copy.db")
        self.service.stop()
        log = self.service.log.read_bytes()
        for said in (b"terima is ready", b"notification is dead", b"terima has stopped"):
            self.assertIn(said, log)
        for person in self.persons[3:8]:
            for trace in [*person.traces, person.mail.replace("@", "%40").encode(), b"padding"]:
                self.assertNotIn(trace, log)

