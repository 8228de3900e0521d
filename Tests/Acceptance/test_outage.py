"""The shop is away, stumbles, or never wants to hear of something again: nothing is forgotten, and the order stays."""

import json

import lives
import ppro_events
from polling import eventually
from programs import free_port
from service import AcceptanceTest
from shop import Shop
from standardwebhooks import Webhook


class OutageTest(AcceptanceTest):
    def shop(self, port=0, **behaviour):
        shop = Shop(port, **behaviour)
        self.addCleanup(shop.close)
        return shop

    def told(self, notifications):
        """The versions that were told, by charge, in the order of telling."""
        versions = {}
        for notification in notifications:
            told = notification.json()
            versions.setdefault(told["subject"], []).append(told["data"]["version"])
        return versions

    def expected(self, service):
        return {row["id"]: list(range(1, row["version"] + 1)) for row in service.charges()}

    def test_a_backlog_goes_out_in_order_when_the_shop_comes_back(self):
        port = free_port()
        service = self.started(endpoints={"shop": f"http://127.0.0.1:{port}/"})
        arguments = ["--charges", 40, "--outcome", "paid", "--outcome", "timeout", "--seed", 31, "--shuffle"]
        summary = self.play(service, *arguments)
        self.assertEqual(summary["notAcknowledged"], 0)
        # It is being tried, in vain, and PPRO has noticed nothing.
        eventually("attempts in vain", lambda: any(row["attempts"] for row in service.deliveries()))
        eventually("the breaker is open", lambda: service.status()["endpoints"][0]["breaker"] != "closed")
        self.assertEqual({row["state"] for row in service.deliveries()}, {"pending"})
        self.assertEqual({row["lastError"] for row in service.deliveries()} - {None}, {"connection_refused"})
        waiting = len(service.deliveries())
        shop = self.shop(port)
        service.settle()
        self.assertEqual(self.told(shop.notifications()), self.expected(service))
        self.assertEqual(len(shop.notifications()), waiting)
        # Once more: an outage that ends leaves no trace.
        shop.close()
        self.play(service, *arguments[:-2], 32)
        again = self.shop(port)
        service.settle()
        everything = self.told([*shop.notifications(), *again.notifications()])
        self.assertEqual(everything, self.expected(service))
        lives.check_events(self, service, lives.plan(*arguments) | lives.plan(*arguments[:-2], 32))

    def test_a_shop_that_stumbles_hears_everything_in_order(self):
        seen = set()

        def stumble(body):
            """The first attempt of each notification fails."""
            identity = json.loads(body)["id"]
            is_first = identity not in seen
            seen.add(identity)
            return 503 if is_first else 200

        shop = self.shop(respond=stumble)
        service = self.started(endpoints={"shop": shop.url}, TERIMA_RETRY_SCHEDULE=",".join(["20ms"] * 60))
        self.play(service, "--charges", 4, "--outcome", "paid", "--seed", 33)
        service.settle()
        self.assertEqual(self.told(shop.notifications(status=200)), self.expected(service))
        for row in service.deliveries():
            self.assertGreaterEqual(row["attempts"], 2)
        for row in service.charges():
            self.check_lane(shop, row["id"])

    def check_lane(self, shop, charge):
        """One at a time: no version is told before the one before it was taken."""
        taken = 0
        for notification in shop.notifications():
            told = notification.json()
            if told["subject"] == charge:
                self.assertEqual(told["data"]["version"], taken + 1)
                taken += notification.status == 200

    def test_a_dead_notification_is_found_and_replayed_with_the_same_id(self):
        shop = self.shop(respond=lambda body: 500)
        service = self.started(endpoints={"shop": shop.url}, TERIMA_RETRY_SCHEDULE="20ms,20ms")
        service.accept(ppro_events.simple(status="DISCARDED", kind="PAYMENT_CHARGE_DISCARDED"))
        [dead] = eventually("a dead letter", lambda: service.deliveries("--state", "dead"))
        self.assertEqual((dead["attempts"], dead["lastStatus"], dead["nextAttemptAt"]), (3, 500, None))
        self.assertEqual([one.id for one in shop.notifications()], [dead["id"]] * 3)
        status = service.cli("status", code=1).text
        self.assertIn("1 dead", status)
        self.assertIn("NEEDS A PERSON", status)
        self.assertEqual(service.cli("replay", "--failed", "--dry-run").rows(), [{"events": 0, "deliveries": 1}])
        self.assertEqual(len(service.deliveries("--state", "dead")), 1)
        shop.respond = lambda body: 204
        self.assertEqual(service.cli("replay", "--failed", "--reason", "the shop was broken").rows(), [{"events": 0, "deliveries": 1}])
        [delivered] = eventually("delivered after all", lambda: service.deliveries("--state", "delivered"))
        self.assertEqual((delivered["id"], delivered["attempts"], delivered["lastStatus"]), (dead["id"], 4, 204))
        first, *_, last = shop.notifications()
        self.assertEqual((first.id, first.body), (last.id, last.body))
        Webhook(service.endpoint_secrets["shop"]).verify(last.body, last.headers)
        [shown] = service.cli("deliveries", "show", dead["id"], "--json").rows()
        self.assertEqual([attempt["status"] for attempt in shown["attempts"]], [500, 500, 500, 204])
        self.assertEqual(service.cli("replay", "--failed").rows(), [{"events": 0, "deliveries": 0}])
        service.cli("status", code=0)
        # What was delivered can be sent again, too, when it is asked for.
        replayed = service.cli("replay", "--charge", "charge_X", "--delivered").rows()
        self.assertEqual(replayed, [{"events": 0, "deliveries": 1}])
        eventually("sent again", lambda: [one.id for one in shop.notifications()] == [dead["id"]] * 5)

    def test_gone_means_never_again_and_holds_up_nothing(self):
        shop = self.shop(respond=lambda body: 410 if b'"version":1,' in body else 204)
        service = self.started(endpoints={"shop": shop.url})
        self.play(service, "--outcome", "paid", "--seed", 34)
        service.settle()
        dead, *rest = service.deliveries()[::-1]
        self.assertEqual((dead["state"], dead["version"], dead["attempts"], dead["lastStatus"]), ("dead", 1, 1, 410))
        self.assertEqual([(row["state"], row["version"]) for row in rest], [("delivered", 2), ("delivered", 3), ("delivered", 4)])
        self.assertEqual([one.status for one in shop.notifications()], [410, 204, 204, 204])

    def test_redirects_are_not_followed(self):
        elsewhere = self.shop()
        shop = self.shop(respond=lambda body: 307, location=elsewhere.url)
        service = self.started(endpoints={"shop": shop.url}, TERIMA_RETRY_SCHEDULE="20ms")
        service.accept(ppro_events.simple())
        [dead] = eventually("given up", lambda: service.deliveries("--state", "dead"))
        self.assertEqual(dead["lastStatus"], 307)
        self.assertEqual(elsewhere.notifications(), [])

    def test_failed_events_and_dead_notifications_can_be_replayed_at_start(self):
        shop = self.shop(respond=lambda body: 410)
        service = self.started(endpoints={"shop": shop.url})
        service.accept(ppro_events.simple())
        service.accept(b"not json")
        eventually("dead", lambda: service.deliveries("--state", "dead"))
        service.stop()
        shop.respond = lambda body: 204
        service.start("--replay-failed")
        eventually("delivered", lambda: service.deliveries("--state", "delivered"))
        self.assertEqual([row["state"] for row in service.events()], ["failed", "applied"])
