"""A shop's certificate authority that changes: what SIGHUP brings counts from the next attempt on, and a file that holds none changes nothing."""

import signal

from polling import eventually
from ppro_events import ChargeStory
from service import AcceptanceTest
from shops import Authority, RawShop, answer


class ShopAuthorityTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.old, self.new = (Authority(self.directory, name) for name in ("old", "new"))
        self.file = self.directory / "authorities.pem"
        self.file.write_bytes(self.old.path.read_bytes())
        self.shop = RawShop(self.behave, tls=self.new.context("localhost"))
        self.addCleanup(self.shop.close)
        self.service = self.started(
            endpoints={"shop": f"https://localhost:{self.shop.port}/"}, TERIMA_ENDPOINT_SHOP_CA_FILE=str(self.file), TERIMA_RETRY_SCHEDULE="1s,1s,1h")

    def behave(self, talk, _):
        talk.send(answer(204))
        return True

    def accept(self, name):
        self.service.accept(ChargeStory(name, 1).created(1000).bodies[0])

    def reload(self):
        count = len(self.service.said())
        self.service.running.process.send_signal(signal.SIGHUP)
        return eventually("SIGHUP was heard", lambda: [line["message"] for line in self.service.said()[count:] if "read again" in line["message"]])[0]

    def attempt(self, number):
        """The result of the only delivery's attempt of that number."""
        def made():
            [delivery] = self.service.deliveries()
            return delivery["lastError"] if delivery["attempts"] >= number else None
        return eventually(f"attempt {number}", made, 30)

    def test_the_authority_of_a_shop_changes_at_sighup(self):
        self.accept("before")
        self.assertEqual(self.attempt(1), "tls_untrusted")
        self.file.write_text("nothing of the kind\n")
        self.assertEqual(self.reload(), "secrets cannot be read again, those from before stay in use")
        self.file.write_bytes(self.new.path.read_bytes())
        # It is not looked at by itself.
        self.assertEqual(self.attempt(3), "tls_untrusted")
        self.assertEqual(self.shop.requests(), [])
        self.assertEqual(self.reload(), "secrets were read again")
        self.accept("after")
        eventually("the shop was told", lambda: len(self.shop.requests()) == 1)
