"""A small real disk that is full: new events are refused with 503, what was accepted is still told and recorded, and it heals by itself."""

import subprocess
import time

import oracle
import rawhttp
from faulty import Disk, on
from load import Load
from polling import eventually
from service import AcceptanceTest
from shop import Shop


class DiskFullTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.disk = Disk(self)
        self.shop = Shop(respond=lambda body: 503)
        self.addCleanup(self.shop.close)
        # Slow enough retries for the backlog to wait until the disk is full.
        self.service = on(self.disk, self, endpoints={"shop": self.shop.url}, TERIMA_RETRY_SCHEDULE=",".join(["300ms"] * 60))
        self.service.start()

    def fill(self, load):
        """Until an event is refused for want of space."""
        filler = self.disk.fill()
        eventually("a refusal", lambda: any(one.status == 503 for one in load.outcomes), 20)
        return filler

    def health(self):
        answer = rawhttp.exchange(self.service.port, rawhttp.request("GET", "/healthz"))
        return answer.status, answer.json().get("reason")

    def attempts(self):
        with oracle.database(self.service) as connection:
            return connection.execute("SELECT count(*) FROM attempt").fetchone()[0]

    def delivered(self):
        return self.service.status()["deliveries"]["delivered"]

    def test_refuses_new_events_and_goes_on_with_the_others(self):
        process = self.service.running.process.pid
        with Load(self.service, connections=2, pause=0.01) as load:
            load.wait_for(100)
            filler = self.fill(load)
            refused = load.count
            eventually("unwell", lambda: self.health() == (503, "storage_full"))
            # The shop is back: what was accepted is told, and the results are recorded, with no byte free for others.
            self.shop.respond = lambda body: 204
            self.service.settle(60)
            self.assertGreaterEqual(self.delivered(), 100)
            self.assertEqual(self.health(), (503, "storage_full"))
            # Commands read, and say what is wrong.
            self.assertGreaterEqual(len(self.service.events()), 100)
            self.assertIn("the disk is full", self.service.cli("status", code=1).text)
            self.assertLess(self.disk.free, 12 << 20)
            before = load.count
            filler.unlink()
            began = time.monotonic()
            eventually("events are taken again", lambda: load.count > before, 5)
            print(f"  full at {refused} events; taken again {time.monotonic() - began:.2f} s after space returned", flush=True)
            load.wait_for(20)
        self.assertEqual(self.service.running.process.pid, process)
        self.assertTrue(self.service.running.is_running)
        self.assertEqual({one.code for one in load.outcomes if one.status == 503}, {"storage_unavailable"})
        self.assertEqual(self.health(), (200, None))
        oracle.check(self, self.service, load.acknowledged, shop=self.shop, sent=load.sent, outcomes=load.outcomes)

    def test_a_restart_on_a_full_disk_works_and_waits_for_space(self):
        with Load(self.service, connections=2, pause=0.01) as load:
            load.wait_for(20)
            filler = self.fill(load)
        self.service.kill()
        self.disk.fill()
        self.service.start()
        self.assertEqual(self.health(), (503, "storage_full"))
        self.shop.respond = lambda body: 204
        filler.unlink()
        eventually("well again", lambda: self.health() == (200, None), 5)
        oracle.check(self, self.service, load.acknowledged, shop=self.shop, sent=load.sent, outcomes=load.outcomes)

    def test_control_without_the_reserve_results_are_not_recorded(self):
        with Load(self.service, connections=2, pause=0.01) as load:
            load.wait_for(100)
            # Taken away from outside, and the space with it.
            subprocess.run(["truncate", "--size", "49", f"{self.service.database}.reserve"], check=True)
            self.fill(load)
        self.shop.respond = lambda body: 204
        with self.assertRaisesRegex(AssertionError, "everything applied and delivered"):
            self.service.settle(4)
        self.assertGreater(len(self.shop.notifications(status=204)), 0, "nothing was told, so that nothing could be recorded")
