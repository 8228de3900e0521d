"""kill -9 at random moments under load, and at every SQL statement and every write of one life: always before or after, never between."""

import contextlib
import random
import signal
import sqlite3
import time
from pathlib import Path

import oracle
from faulty import KILL_AFTER, KILL_BEFORE, LONG, Faults, spread
from load import Load, identity, paid_charge
from polling import eventually
from service import AcceptanceTest
from shop import Shop

ROUNDS = 200 if LONG else 10
# Serving again, a debug build and the checks' own pauses included.
SECONDS = 2.0


class KillTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.shop = Shop()
        self.addCleanup(self.shop.close)
        self.service = self.terima(endpoints={"shop": self.shop.url})

    def test_kill_9_at_random_moments_loses_and_doubles_nothing(self):
        chance, kills, slowest = random.Random(5), 0, 0.0
        self.service.start()
        with Load(self.service, connections=4, pause=0.002) as load:
            for number in range(ROUNDS):
                before = load.count
                load.wait_for(1)
                time.sleep(chance.uniform(0.0, 0.1))
                self.service.kill()
                kills += self.service.running.process.returncode == -signal.SIGKILL
                acknowledged, began = load.acknowledged, time.monotonic()
                self.assertGreater(len(acknowledged), before)
                self.service.start()
                load.wait_for(1)
                slowest = max(slowest, time.monotonic() - began)
                with oracle.database(self.service) as connection:
                    oracle.check_stored(self, connection, acknowledged)
                if number % 50 == 49:
                    print(f"  {number + 1} kills, {len(acknowledged)} events, slowest return {slowest:.2f} s", flush=True)
        self.assertEqual(kills, ROUNDS)
        self.assertTrue(any(outcome.status is None for outcome in load.outcomes), "no request was cut off by a kill")
        oracle.check(self, self.service, load.acknowledged, shop=self.shop, sent=load.sent, outcomes=load.outcomes, seconds=120)
        print(f"  {kills} kills, {load.count} events acknowledged, 0 lost, slowest return {slowest:.2f} s")
        self.assertLess(slowest, SECONDS)

    def test_kill_9_with_a_million_events_stored_serves_again_within_2_s(self):
        release = Path(__file__).parents[2] / ".build/release/terima"
        if not LONG:
            self.skipTest("in the long form only")
        if not release.exists():
            self.skipTest("needs `swift build -c release`: a debug build takes longer")
        service = self.terima("million")
        service.program = release
        service.start()
        service.stop()
        with contextlib.closing(sqlite3.connect(service.database)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(
                "WITH RECURSIVE n (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n WHERE seq < 1000000) "
                "INSERT INTO event (seq, source, id, body_sha256, received_at, state, error) "
                "SELECT seq, 'https://www.ppro.com', printf('evtMillion%07d', seq), randomblob(32), 1780000000000 + seq, 'failed', 'made: for this' FROM n")
            connection.execute("INSERT INTO payload (event, body) SELECT seq, zeroblob(1000) FROM event")
            connection.execute("UPDATE progress SET applied_through = 1000000")
            connection.commit()
        service.start()
        returns = []
        with Load(service, connections=4, pause=0.002) as load:
            for _ in range(20):
                load.wait_for(20)
                service.kill()
                began = time.monotonic()
                service.start()
                load.wait_for(1)
                returns.append(time.monotonic() - began)
        with oracle.database(service) as connection:
            oracle.check_stored(self, connection, load.acknowledged)
        print(f"  1,000,000 events stored, 20 kills, {load.count} acknowledged, 0 lost, returns {min(returns):.2f} to {max(returns):.2f} s")
        self.assertLess(max(returns), SECONDS)

    def test_kill_at_statements_is_before_or_after_and_never_between(self):
        self.sweep("statement", 14)

    def test_kill_at_writes_and_syncs_is_before_or_after_and_never_between(self):
        self.sweep("pwrite64,fdatasync,fsync,ftruncate", 10)

    def sweep(self, calls, count):
        """Every action that a killed life can die in: migrate, accept, apply, deliver, replay, stop."""
        calm = self.terima("calm", endpoints={"shop": self.shop.url})
        faults = Faults(calm, *calls.split(","))
        self.live(calm, "calm")
        self.assertFalse(calm.running.is_running)
        total = faults.count
        self.assertGreater(total, 30)
        deaths = 0
        for at in spread(count, total):
            # Both where each is tried; else by turns.
            for action in (KILL_BEFORE, KILL_AFTER) if LONG else ((KILL_BEFORE, KILL_AFTER)[at % 2],):
                with self.subTest(calls=calls, at=at, action=action):
                    deaths += self.die(calls, at, action)
        print(f"  {calls}: {total} in a life, {deaths} deaths")
        self.assertGreater(deaths, count // 2)

    def die(self, calls, at, action):
        """One life that dies there. Returns whether it did: a life has not always as many calls as another."""
        name = f"d{at}a{action}"
        shop = Shop()
        service = self.terima(name, endpoints={"shop": shop.url})
        faults = Faults(service, *calls.split(","))
        faults.plan(action, at)
        acknowledged, bodies = self.live(service, name)
        has_died = faults.fired > 0 and service.running.process.returncode == -signal.SIGKILL
        faults.off()
        service.start()
        oracle.check(self, service, acknowledged, shop=shop, sent={identity(body): body for body in bodies})
        # PPRO sends what it had no answer to; then it is as if nothing had been.
        for body in bodies:
            self.assertIn(service.post(body).status, (200, 202))
        oracle.check(self, service, {identity(body) for body in bodies}, shop=shop, sent={identity(body): body for body in bodies})
        [charge] = service.charges()
        self.assertEqual((charge["status"], charge["captured"], charge["anomalies"]), ("CAPTURED", 10_000, 0))
        service.stop()
        service.close()
        shop.close()
        return has_died

    def live(self, service, name):
        """A whole life, or as much of it as there is: what was acknowledged, and all bodies."""
        bodies = paid_charge(name, 1)
        acknowledged = set()
        try:
            service.start()
            for body in bodies:
                if service.post(body).status == 202:
                    acknowledged.add(identity(body))
            self.settle(service)
            service.cli("replay", "--charge", f"charge_{name}", "--delivered")
            self.settle(service)
            service.stop()
        except (AssertionError, OSError, IndexError):
            eventually("the end of the life", lambda: not service.running.is_running, 10)
        return acknowledged, bodies

    def settle(self, service):
        def settled():
            status = service.status()
            return not service.running.is_running or (status["events"]["received"] == 0 and status["deliveries"]["pending"] == 0)
        eventually("settled or dead", settled)
        self.assertTrue(service.running.is_running)
