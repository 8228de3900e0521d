"""Alarms about money: raised with the charge, the sum and the command that helps, in every place where an operator looks, and over when the cause is."""

from datetime import datetime, timezone

import ppro_events
import rawhttp
from polling import eventually
from service import AcceptanceTest
from shop import Shop


class MoneyTest(AcceptanceTest):
    def shop(self, **behaviour):
        shop = Shop(**behaviour)
        self.addCleanup(shop.close)
        return shop

    def metrics(self, service):
        answer = rawhttp.exchange(
            service.api_port, rawhttp.request("GET", "/metrics", [("Authorization", f"Bearer {service.token}")], b""))
        self.assertEqual(answer.status, 200)
        return answer.body.decode()

    def alarms(self, service, *arguments, code):
        return service.cli("alarms", "list", "--json", *arguments, code=code).rows()

    def test_a_paid_order_that_the_shop_does_not_know(self):
        shop = self.shop(respond=lambda body: 410)
        service = self.started(endpoints={"shop": shop.url}, TERIMA_UNTOLD_ALARM="1s")
        self.play(service, "--outcome", "paid", "--amount", 4_500_000, "--seed", 51)
        [alarm] = eventually("the alarm", lambda: self.alarms(service, "--kind", "untold", code=None))
        [charge] = service.charges()
        self.assertEqual(
            (alarm["kind"], alarm["charge"], alarm["amount"], alarm["currency"], alarm["endpoints"]),
            ("untold", charge["id"], 4_500_000, "IDR", ["shop"]))
        self.assertEqual(alarm["remedy"], f"terima replay --charge {charge['id']}")

        text = service.cli("status", code=1).text
        self.assertIn("untold: paid, but an endpoint does not know: 1 charge, IDR 45,000.00", text)
        self.assertIn(alarm["remedy"], text)
        logged = eventually("it is in the log", lambda: [line for line in service.said() if line.get("kind") == "untold"], 30)
        self.assertEqual((logged[0]["level"], logged[0]["charge"], logged[0]["amount"]), ("warning", charge["id"], "IDR 45,000.00"))
        page = self.metrics(service)
        self.assertIn('terima_alarm_charges{kind="untold"} 1\n', page)
        self.assertIn('terima_alarm_amount{kind="untold",currency="IDR"} 45000\n', page)
        self.assertIn('terima_delivery_attempts_total{endpoint="shop",outcome="dead"} 4\n', page)

        # The remedy is run as it stands.
        shop.respond = lambda body: 204
        service.cli(*alarm["remedy"].split()[1:])
        service.settle()
        self.assertEqual(self.alarms(service, code=0), [])
        self.assertIn('terima_alarm_charges{kind="untold"} 0\n', self.metrics(service))
        service.cli("status", code=0)
        over = eventually("its end is in the log", lambda: [line for line in service.said() if line["message"] == "money alarm is over or acknowledged"], 30)
        self.assertEqual((len(over), over[0]["charge"]), (1, charge["id"]))

    def test_what_a_method_cannot_do_is_told_until_it_was_seen(self):
        service = self.started()
        story = ppro_events.ChargeStory("R", 1, method="JENIUS_PAY", currency="IDR")
        story.charge("AUTHORIZATION_SUCCEEDED", "CAPTURE_PROCESSING", 4_500_000, authorizationId="authz_R")
        story.charge("CAPTURE_SUCCEEDED", "CAPTURED", 4_500_000, captureId="capture_R")
        story.charge("REFUND_SUCCEEDED", "REFUNDED", 4_500_000, refundId="refund_R")
        for body in story.bodies:
            service.accept(body)
        [alarm] = eventually("the alarm", lambda: self.alarms(service, "--kind", "method_cannot", code=None))
        self.assertEqual((alarm["charge"], alarm["amount"], alarm["paymentMethod"]), ("charge_R", 4_500_000, "JENIUS_PAY"))
        said = service.cli("alarms", "acknowledge", "--charge", "charge_R", "--reason", "PPRO was asked").text
        self.assertEqual(said, "acknowledged method_cannot of charge_R: IDR 45,000.00\n")
        self.assertEqual(self.alarms(service, code=0), [])
        # It stays so after a restart.
        service.stop()
        self.assertEqual(self.alarms(service, code=0), [])

    def test_silence_while_charges_are_open(self):
        service = self.started(TERIMA_SILENCE_ALARM="1s")
        # An overdue charge has an alarm of its own and does not count: this one has just begun.
        story = ppro_events.ChargeStory("S", 1, method="JENIUS_PAY", currency="IDR", begin=datetime.now(timezone.utc))
        story.charge("AUTHENTICATION_PENDING", "AUTHENTICATION_PENDING", 4_500_000, authorizationId="authz_S")
        service.accept(story.bodies[0])
        [silence] = eventually("the alarm", lambda: self.alarms(service, "--kind", "silence", code=None))
        self.assertEqual((silence["charges"], silence["remedy"]), (1, "terima charges list --state pending"))
