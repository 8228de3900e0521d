"""Ends the service in the middle of a load, by kill -9 and by SIGTERM: what was acknowledged is there afterwards, once, and the shop hears of all of it."""

import os

import lives
from polling import eventually
from programs import Running
from service import AcceptanceTest
from shop import Shop

LONG = "TERIMA_ACCEPTANCE_LONG" in os.environ
CHARGES = 1500 if LONG else 200
KILLS = 25 if LONG else 4
OUTCOMES = ["--outcome", "paid", "--outcome", "declined", "--outcome", "timeout"]


class Load:
    """A play under way, which writes down each event as it is first acknowledged and repeats what was not."""

    def __init__(self, service, seed, charges):
        self.what = [*OUTCOMES, "--charges", charges, "--seed", seed]
        self.events = lives.plan(*self.what)
        self.acknowledgements = service.directory / "acknowledged.tsv"
        arguments = [*self.what, "--shuffle", "--repeat", 2, "--retry-base", "50ms", "--attempts", 60, "--ack-file", self.acknowledgements]
        self.player = Running("ppro-sandbox", *service.play_arguments(*arguments), log=service.directory / "play.log")

    def acknowledged(self):
        """The identities acknowledged so far, in order; a line that is being written does not count yet."""
        if not self.acknowledgements.exists():
            return []
        return [tuple(line.split("\t")) for line in self.acknowledgements.read_text().split("\n")[:-1]]

    def wait_for(self, count):
        eventually(f"{count} acknowledgements", lambda: len(self.acknowledged()) >= count or not self.player.is_running, 120)


class CrashTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.shop = Shop()
        self.addCleanup(self.shop.close)
        self.service = self.started(endpoints={"shop": self.shop.url})

    def load(self, seed, charges):
        load = Load(self.service, seed, charges)
        self.addCleanup(load.player.abandon)
        return load

    def interrupt(self, load, times, end):
        """Ends the service that often, evenly over the load, and starts it again each time. Each time it was taking events before and after."""
        for number in range(1, times + 1):
            before = len(load.acknowledged())
            load.wait_for(max(before + 1, len(load.events) * number // (times + 1)))
            end()
            self.assertTrue(load.player.is_running, "the load was over before the service was ended")
            at_end = load.acknowledged()
            self.assertGreater(len(at_end), before, "nothing was acknowledged since the last time")
            self.service.start()
            # At once, before any more of the load can come: what was acknowledged is stored, once.
            stored = [(row["source"], row["id"]) for row in self.service.events()]
            self.assertEqual(len(stored), len(set(stored)))
            self.assertLessEqual(set(at_end), set(stored))
            load.wait_for(len(at_end) + 1)
            self.assertGreater(len(load.acknowledged()), len(at_end), "nothing was acknowledged afterwards")

    def finish(self, load, charges):
        load.player.wait()
        self.service.settle(120)
        acknowledged = load.acknowledged()
        self.assertEqual(len(acknowledged), len(set(acknowledged)))
        self.assertEqual(set(acknowledged), set(load.events))
        lives.check_events(self, self.service, load.events)
        lives.check_outcome(self, self.service, load.events)
        lives.check_rebuild(self, self.service, charges)
        self.check_told()

    def check_told(self):
        """The shop heard each version of each charge, in order; a repeat has the same id and the same bytes."""
        self.assertEqual({row["state"] for row in self.service.deliveries()}, {"delivered"})
        bodies, versions = {}, {}
        for notification in self.shop.notifications():
            if notification.id in bodies:
                self.assertEqual(bodies[notification.id], notification.body)
                continue
            bodies[notification.id] = notification.body
            told = notification.json()
            versions.setdefault(told["subject"], []).append(told["data"]["version"])
        expected = {row["id"]: list(range(1, row["version"] + 1)) for row in self.service.charges()}
        self.assertEqual(versions, expected)

    def test_kill_9_during_load_loses_nothing_that_was_acknowledged(self):
        load = self.load(seed=21, charges=CHARGES)
        self.interrupt(load, KILLS, self.service.kill)
        self.finish(load, CHARGES)
        [summary] = [line for line in load.player.log.read_text().splitlines() if line.startswith("{")]
        self.assertNotIn('"unanswered":{}', summary, "no request met a service that was gone")
        # In order, without any trouble, it is the same.
        calm = self.started("calm")
        self.play(calm, *load.what)
        calm.settle()
        self.assertEqual(lives.settled_charges(self.service), lives.settled_charges(calm))

    def test_sigterm_during_load_ends_in_time_and_loses_nothing(self):
        times, seconds, charges = (8, [], 600) if LONG else (2, [], 100)
        load = self.load(seed=22, charges=charges)
        self.interrupt(load, times, lambda: seconds.append(self.service.stop()))
        self.finish(load, charges)
        self.assertEqual(len(seconds), times)
        self.assertLess(max(seconds), 10.0)
        self.assertEqual(sum(line.get("message") == "terima has stopped" for line in self.service.said()), times)

    def test_sigterm_ends_in_time_while_the_shop_does_not_answer(self):
        self.shop.respond = lambda body: None
        load = self.load(seed=23, charges=10)
        load.player.wait()
        eventually("the shop is being told", self.shop.notifications)
        self.assertLess(self.service.stop(), 10.0)
        self.shop.respond = lambda body: 204
        hung = len(self.shop.notifications())
        self.service.start()
        self.service.settle()
        answered = self.shop.notifications(status=204)
        self.assertGreater(hung, 0)
        self.assertLessEqual({one.id for one in self.shop.notifications()[:hung]}, {one.id for one in answered})
        lives.check_events(self, self.service, load.events)
