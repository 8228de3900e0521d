"""SIGTERM under load while twenty shops hang: exit code 0 within 10 s, whatever was stored was answered, and what hung comes again."""

import threading
import time

import rawhttp
import signing
from polling import eventually
from ppro_events import ChargeStory
from service import WEBHOOKS, AcceptanceTest
from shops import Authority, RawShop, answer

HANGING = 20
CLIENTS = 8


class StopTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.hangs = True
        trusted = Authority(self.directory, "trusted")
        # Every other one behind TLS, where a shop that hangs does not answer the farewell either.
        self.shops = [RawShop(self.behave, tls=trusted.context("localhost") if number % 2 else None) for number in range(HANGING)]
        for shop in self.shops:
            self.addCleanup(shop.close)
        names = [f"shop{number}" for number in range(HANGING)]
        urls = [f"https://localhost:{shop.port}/" if shop.tls else f"http://127.0.0.1:{shop.port}/" for shop in self.shops]
        authorities = {f"TERIMA_ENDPOINT_{name.upper()}_CA_FILE": str(trusted.path) for name, shop in zip(names, self.shops) if shop.tls}
        self.service = self.started(
            endpoints=dict(zip(names, urls)), TERIMA_ATTEMPT_TIMEOUT="60s", TERIMA_ENDPOINT_CONCURRENCY="4", **authorities)
        self.answered, self.refused, self.cut = set(), 0, set()
        self.lock = threading.Lock()

    def behave(self, talk, _):
        if self.hangs:
            # It does not notice a farewell.
            threading.Event().wait(20)
            return False
        talk.send(answer(204))
        return True

    def client(self, number):
        """Posts one event after the other until nobody takes any."""
        for count in range(100_000):
            story = ChargeStory(f"stop{number}x{count}", count % 1000)
            body = story.created(1000).bodies[0]
            headers = [(signing.CURRENT, signing.current(body, self.service.signing_secret))]
            event = f"evt{story.name}01"
            try:
                got = rawhttp.exchange(self.service.port, rawhttp.request("POST", WEBHOOKS, headers, body))
            except ConnectionRefusedError:
                return
            except OSError:
                with self.lock:
                    self.cut.add(event)
                continue
            with self.lock:
                if got.status == 202:
                    self.answered.add(event)
                else:
                    self.refused += 1

    def hung(self):
        return {(shop.port, one.id) for shop in self.shops for one in shop.requests()}

    def test_sigterm_under_load_with_twenty_shops_that_hang(self):
        clients = [threading.Thread(target=self.client, args=(number,), daemon=True) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        eventually("every shop hangs with all it can", lambda: all(len(shop.requests()) == 4 for shop in self.shops), 60)
        before = len(self.answered)
        eventually("the load goes on", lambda: len(self.answered) > before + CLIENTS)
        took = self.service.stop()
        for client in clients:
            client.join(20)
            self.assertFalse(client.is_alive())
        hung = self.hung()
        self.assertEqual(len(hung), 4 * HANGING)
        # The fault was there: the stop had to break them off.
        self.assertGreater(took, 3.0)
        self.assertLess(took, 10.0)
        stored = {row["id"] for row in self.service.events()}
        self.assertLessEqual(self.answered, stored, "acknowledged and not stored")
        self.assertEqual(stored - self.answered, set(), "stored and not answered")
        self.hangs = False
        began = time.monotonic()
        self.service.start()

        def come_again():
            seen = [(shop.port, one.id) for shop in self.shops for one in shop.requests() if one.at > began]
            return hung <= set(seen)
        eventually("what hung comes again", come_again, 60)
        print(f"SIGTERM to exit: {took:.1f} s; {len(stored)} events stored and answered, {len(self.cut)} requests cut, {self.refused} refused")
