"""terima is killed between the shop's 2xx and its own commit: the notification comes again, with the same id and the same body."""

import os
import signal
import threading

from polling import eventually
from ppro_events import ChargeStory
from service import AcceptanceTest
from shops import RawShop, answer

LONG = "TERIMA_ACCEPTANCE_LONG" in os.environ
IN_THE_WINDOW = 100 if LONG else 5


class DeliveryCrashTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.armed, self.fired = None, threading.Event()
        self.shop = RawShop(self.behave)
        self.addCleanup(self.shop.close)
        self.service = self.terima(endpoints={"shop": f"http://127.0.0.1:{self.shop.port}/"})

    def behave(self, talk, _):
        """Answers 204; when armed it kills terima in the same breath, after the answer or instead of it."""
        how, self.armed = self.armed, None
        if how != "before":
            talk.send(answer(204))
        if how:
            os.kill(self.service.running.process.pid, signal.SIGKILL)
            self.fired.set()
        return True

    def round(self, number, how):
        """Whether the kill fell between the shop's 2xx (or what it made of the request) and the commit."""
        self.fired.clear()
        self.armed = how
        before = len(self.shop.requests())
        self.service.accept(ChargeStory(f"crash{number}", number).created(1000).bodies[0])
        self.assertTrue(self.fired.wait(20), "the shop was not told")
        self.service.running.process.wait(10)
        [told] = self.shop.requests()[before:]
        # The service is down: the command reads the database as the kill left it.
        [left] = self.service.cli("deliveries", "show", told.id, "--json").rows()
        self.service.start()
        if left["state"] == "delivered":
            return False
        self.assertEqual((left["state"], left["attempts"]), ("pending", []))
        eventually("the notification comes again", lambda: len(self.shop.requests()) > before + 1)
        again = self.shop.requests()[before + 1:]
        self.assertEqual([(one.id, one.body) for one in again], [(told.id, told.body)])
        self.service.settle()
        return True

    def test_a_kill_between_the_shops_2xx_and_our_commit_repeats_the_notification(self):
        self.service.start()
        fell = {"after": 0, "before": 0}
        rounds = 0
        while min(fell.values()) * 2 < IN_THE_WINDOW or sum(fell.values()) < IN_THE_WINDOW:
            rounds += 1
            self.assertLess(rounds, 3 * IN_THE_WINDOW + 10, f"the kills miss: {fell}")
            how = min(fell, key=fell.get)
            fell[how] += self.round(rounds, how)
        # Nobody was told of anything but by these notifications, each event is there once, and nothing is left.
        self.assertEqual({row["state"] for row in self.service.deliveries()}, {"delivered"})
        self.assertEqual(len(self.service.events()), rounds)
        self.assertEqual(len({one.id for one in self.shop.requests()}), rounds)
        print(f"{rounds} kills; between 2xx and commit: {fell['after']} right after the shop's 2xx, {fell['before']} on receipt")

    def test_without_a_kill_nothing_comes_twice(self):
        """The control: it is the kill that repeats."""
        self.service.start()
        for number in range(1, 6):
            self.service.accept(ChargeStory(f"calm{number}", number).created(1000).bodies[0])
        self.service.settle()
        self.service.stop()
        self.service.start()
        self.service.settle()
        self.assertEqual(len(self.shop.requests()), 5)
