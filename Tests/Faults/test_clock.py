"""The wall clock is set by a day while notifications wait: no burst, and no day of silence. Nor after a start with a clock that was a day ahead."""

import time

import rawhttp
import signing
from fakeclock import COMPILER, FakeClock
from polling import eventually
from ppro_events import ChargeStory
from service import WEBHOOKS, AcceptanceTest
from shops import RawShop, answer

DAY = 86_400
WAIT = 6.0      # seconds, the first delay of the schedule; a fifth of it may be added
WAITING = 30    # notifications


class ClockTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        if not COMPILER:
            self.skipTest("no C compiler is here")
        self.clock = FakeClock(self.directory)
        self.status = 404   # of an endpoint that works: its breaker stays out of this
        self.shop = RawShop(self.behave)
        self.addCleanup(self.shop.close)
        # A day of waiting is in the schedule, so that a due time a day ahead is nothing impossible.
        self.service = self.terima(
            endpoints={"shop": f"http://127.0.0.1:{self.shop.port}/"}, TERIMA_RETRY_SCHEDULE=f"{WAIT:g}s,24h,24h", **self.clock.environment)

    def behave(self, talk, _):
        talk.send(answer(self.status))
        return True

    def tell(self, name):
        """One event, signed by terima's clock."""
        body = ChargeStory(name, 1).created(1000).bodies[0]
        headers = [(signing.CURRENT, signing.current(body, self.service.signing_secret, age=-self.clock.offset))]
        accepted = rawhttp.exchange(self.service.port, rawhttp.request("POST", WEBHOOKS, headers, body))
        self.assertEqual(accepted.status, 202, accepted)

    def fail_all(self):
        """Notifications that were refused once and wait for their second attempt; returns when the last was."""
        for number in range(WAITING):
            self.tell(f"clock{number}")
        eventually("a first attempt of each", lambda: self.service.running.is_running and len(self.shop.requests()) == WAITING)
        eventually("each waits", lambda: all(row["attempts"] == 1 for row in self.service.deliveries("--state", "pending")))
        self.status = 204

    def check_waits(self, requests):
        """Each comes once more, after its wait and not before."""
        first = {one.id: one.at for one in requests[:WAITING]}
        again = {one.id: one.at for one in requests[WAITING:] if one.id in first}
        self.assertEqual(set(again), set(first))
        waits = [again[each] - first[each] for each in first]
        self.assertGreater(min(waits), WAIT - 0.2, "a burst")
        self.assertLess(max(waits), 1.2 * WAIT + 2, "silence")
        return waits

    def run_jump(self, offset):
        self.service.start()
        self.fail_all()
        self.clock.set(offset)
        # Somebody looks at the clock now.
        self.tell("afterwards")
        eventually("a notification after the jump", lambda: len(self.shop.requests()) > WAITING)
        eventually("all delivered", lambda: len(self.shop.requests()) == 2 * WAITING + 1, 4 * WAIT)
        self.check_waits(self.shop.requests())
        # The clock was set, and terima saw it.
        [seen] = [line for line in self.service.said() if line.get("message") == "the clock was set, waits go on as they were"]
        self.assertAlmostEqual(int(seen["milliseconds"]) / 1000, offset, delta=2)
        self.service.settle()

    def test_a_day_forward_is_no_burst(self):
        self.run_jump(DAY)

    def test_a_day_back_is_no_silence(self):
        self.run_jump(-DAY)

    def test_after_a_start_with_a_clock_that_is_right_again_waits_begin_anew(self):
        self.clock.set(DAY)
        self.service.start()
        self.fail_all()
        [due, *_] = sorted(row["nextAttemptAt"] for row in self.service.deliveries())
        self.service.stop()
        self.clock.set(0)
        self.assertGreater(due, time.strftime("%Y-%m-%dT%H", time.gmtime(time.time() + DAY - 3700)), "the clock was not ahead")
        self.service.start()
        eventually("all delivered", lambda: len(self.shop.requests()) == 2 * WAITING, 4 * WAIT)
        self.service.settle()

    def test_a_day_that_passes_while_terima_is_down_is_a_day(self):
        """The control: here everything is due at once, and it is seen."""
        self.service.start()
        self.fail_all()
        self.service.stop()
        self.clock.set(DAY)
        self.service.start()
        eventually("all at once", lambda: len(self.shop.requests()) == 2 * WAITING)
        with self.assertRaisesRegex(AssertionError, "a burst"):
            self.check_waits(self.shop.requests())
