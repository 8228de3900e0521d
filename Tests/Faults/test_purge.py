"""Purging under load and under kill -9: what is needed stays, identities stay, the file shrinks."""

import os
import sqlite3
import threading
import time

import lives
import ppro_events
from polling import eventually
from programs import run
from service import AcceptanceTest
from shop import Shop

LONG = "TERIMA_ACCEPTANCE_LONG" in os.environ
CHARGES = 2_000 if LONG else 200
BALLAST = 20_000 if LONG else 1_500
KILLS = 20 if LONG else 5


class PurgeTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.shop = Shop()
        self.addCleanup(self.shop.close)
        self.service = self.started(endpoints={"shop": self.shop.url}, TERIMA_RETRY_SCHEDULE="100ms")

    def ask(self, sql):
        connection = sqlite3.connect(f"file:{self.service.database}?mode=ro", uri=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def number(self, sql):
        return self.ask(sql)[0][0]

    def purge(self, *arguments, code=0):
        return self.service.cli("purge", "--older-than", "0s", "--json", *arguments, code=code).rows()[0]

    def check_good(self, charges):
        self.assertEqual(self.ask("PRAGMA integrity_check"), [("ok",)])
        lives.check_rebuild(self, self.service, charges)

    def test_what_is_needed_stays_and_a_repeat_stays_a_repeat(self):
        what = ["--outcome", "paid", "--outcome", "declined", "--charges", CHARGES, "--seed", 51]
        self.play(self.service, *what)
        self.service.settle()
        # One that the shop will not hear of, one that cannot be read.
        self.shop.respond = lambda body: 410 if b"charge_Dead" in body else 204
        self.service.accept(ppro_events.simple(charge="Dead", identity="evtDead"))
        self.service.accept(b'{"specversion":"1.0.2","source":"https://www.ppro.com","id":"evtBroken"}')
        eventually("dead and failed", lambda: (s := self.service.status())["deliveries"]["dead"] == 1 and s["events"]["failed"] == 1)
        events = lives.plan(*what)
        counted, done = self.purge("--dry-run"), self.purge()
        for name in ("payloads", "conflicts", "notifications", "attempts", "kept"):
            self.assertEqual(counted[name], done[name], name)
        self.assertEqual(done["payloads"], len(events))
        # The dead one counts as an event and as a notification.
        self.assertEqual(done["kept"], {"unapplied": 1, "undelivered": 2})
        self.assertEqual(self.number("SELECT count(*) FROM payload"), 2)
        self.assertEqual(self.number("SELECT count(*) FROM notification WHERE body IS NOT NULL"), 1)
        self.assertEqual(self.number("SELECT freelist_count FROM pragma_freelist_count"), 0)
        self.check_good(CHARGES + 1)
        # Repeats are repeats, and the same identity with another body is still a conflict.
        body = next(line for line in run("ppro-sandbox", "play", "--dry-run", *what).output.splitlines())
        self.assertEqual(self.service.post(body).status, 200)
        before = len(self.shop.notifications())
        self.play(self.service, *what)
        self.service.settle()
        self.assertEqual(len(self.shop.notifications()), before)
        self.assertEqual(len(self.service.events()), len(events) + 2)
        charge = self.service.charges()[-1]["id"]
        refused = self.service.cli("replay", "--charge", charge, "--delivered", code=66)
        self.assertIn("purged", refused.error_text)
        [shown] = self.service.cli("events", "show", self.service.events("--charge", charge)[0]["id"], "--json").rows()
        self.assertEqual((shown["purged"], shown["data"]), (True, None))
        # What was kept can still be done.
        self.shop.respond = lambda body: 204
        self.service.cli("replay", "--failed")
        eventually("the dead one is told", lambda: b"charge_Dead" in self.shop.notifications()[-1].body)

    def fill(self, start, count):
        for number in range(start, start + count):
            self.service.accept(ppro_events.simple(charge=f"P{number}", identity=f"evtP{number:06}", padding="x" * 8_000))

    def test_the_file_shrinks_and_webhooks_are_taken_meanwhile(self):
        self.fill(0, BALLAST)
        self.service.settle()
        size, done = self.service.database.stat().st_size, []
        purging = threading.Thread(target=lambda: done.append(self.purge()))
        purging.start()
        taken, largest_log = 0, 0
        while purging.is_alive():
            self.fill(BALLAST + taken, 1)
            taken += 1
            largest_log = max(largest_log, os.stat(f"{self.service.database}-wal").st_size)
        purging.join()
        self.assertGreater(taken, 10, "the purge was over before anything else was done")
        self.assertGreaterEqual(done[0]["payloads"], BALLAST)
        self.assertLess(largest_log, 64 << 20)
        self.service.settle()
        self.purge()
        self.service.stop()
        self.assertLess(self.service.database.stat().st_size, size // 3)
        self.service.start()
        self.check_good(BALLAST + taken)

    def test_kill_9_during_a_purge_leaves_a_good_state(self):
        self.fill(0, BALLAST)
        self.service.settle()
        left, killed_in_the_middle = BALLAST, 0
        for number in range(KILLS):
            purging = threading.Thread(target=lambda: self.service.cli("purge", "--older-than", "0s", code=None))
            purging.start()
            eventually("the purge has begun or ended", lambda: self.number("SELECT count(*) FROM payload") < left or not purging.is_alive(), 20)
            time.sleep(0.005 * number)
            self.service.kill()
            purging.join()
            self.service.start()
            now = self.number("SELECT count(*) FROM payload")
            killed_in_the_middle += 0 < now < left
            left = now
            self.check_good(BALLAST)
        self.assertGreater(killed_in_the_middle, 0, "no kill met a purge under way")
        self.purge()
        self.assertEqual(self.number("SELECT count(*) FROM payload"), 0)
        self.assertEqual(self.number("SELECT freelist_count FROM pragma_freelist_count"), 0)
        self.check_good(BALLAST)
