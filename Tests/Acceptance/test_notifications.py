"""What the shop gets, read by libraries that know nothing of terima: standardwebhooks and cloudevents."""

import json

import ppro_events
from cloudevents.core.bindings import http as cloudevents
from cloudevents.core.v1.event import CloudEvent
from polling import eventually
from programs import endpoint_secret
from service import AcceptanceTest
from shop import Shop
from standardwebhooks import Webhook, WebhookVerificationError


def parsed(notification):
    return cloudevents.from_http_event(cloudevents.HTTPMessage(headers=notification.headers, body=notification.body))


class NotificationsTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.shop, self.picky = Shop(), Shop()
        self.addCleanup(self.shop.close)
        self.addCleanup(self.picky.close)
        self.service = self.terima(
            endpoints={"shop": self.shop.url, "picky": self.picky.url}, TERIMA_ENDPOINT_PICKY_EVENTS="charge.captured,agreement.*,ppro.REPORT_*")
        self.rotated = [endpoint_secret("new"), endpoint_secret("old")]
        self.service.set(TERIMA_ENDPOINT_PICKY_SECRET=",".join(self.rotated))
        self.service.secrets.update(self.rotated)
        self.service.start()

    def tell_everything(self):
        bodies = ppro_events.every_type()
        for body in bodies:
            self.service.accept(body)
        self.service.settle()
        return {json.loads(body)["id"]: json.loads(body) for body in bodies}

    def test_standard_webhooks_and_cloudevents_read_every_notification(self):
        events = self.tell_everything()
        received = self.shop.notifications()
        self.assertEqual(len(received), len(self.service.deliveries("--endpoint", "shop")))
        self.assertGreater(len(received), 25)
        webhook = Webhook(self.service.endpoint_secrets["shop"])
        for notification in received:
            self.assertEqual(webhook.verify(notification.body, notification.headers), notification.json())
            event = parsed(notification)
            self.assertIsInstance(event, CloudEvent)
            self.assertEqual(notification.headers["content-type"], "application/cloudevents+json")
            self.assertEqual((event.get_id(), event.get_source(), event.get_specversion()), (notification.id, "terima", "1.0"))
            self.assertEqual(event.get_datacontenttype(), "application/json")
            if event.get_type().startswith("ppro."):
                [cause] = [one for one in events.values() if f"ppro.{one['type']}" == event.get_type()]
                self.assertEqual(event.get_data(), cause["data"])
            else:
                cause = events[event.get_data()["cause"]["id"]]
                self.assertEqual(event.get_data()["cause"], {name: cause[name] for name in ("source", "id", "type")})
            self.assertEqual(event.get_subject(), cause["subject"])
            self.assertEqual(event.get_time().isoformat(timespec="milliseconds").replace("+00:00", "Z"), cause["time"])
        ids = [notification.id for notification in received]
        self.assertEqual(len(set(ids)), len(ids))

    def test_versions_of_each_charge_count_up_and_end_with_the_row(self):
        self.tell_everything()
        self.play(self.service, "--charges", 30, "--outcome", "paid", "--outcome", "declined", "--shuffle", "--repeat", 2, "--seed", 5)
        self.service.settle()
        told = {}
        for notification in self.shop.notifications():
            data = notification.json().get("data", {})
            if "charge" in data:
                told.setdefault(notification.json()["subject"], []).append(notification.json())
        rows = {row["id"]: row for row in self.service.charges()}
        self.assertEqual(set(told), set(rows))
        for charge, notifications in told.items():
            self.assertEqual([one["data"]["version"] for one in notifications], list(range(1, rows[charge]["version"] + 1)), charge)
            self.assertEqual(notifications[-1]["data"]["charge"], rows[charge])
            previous = None
            for one in notifications:
                status = one["data"]["charge"]["status"]
                self.assertEqual(one["data"]["previousStatus"], previous)
                self.assertEqual(one["type"], "charge.updated" if status == previous else f"charge.{status.lower()}")
                previous = status

    def test_an_endpoint_gets_what_it_asked_for(self):
        self.tell_everything()
        types = {notification.json()["type"] for notification in self.picky.notifications()}
        self.assertEqual({name for name in types if name.startswith("charge.")}, {"charge.captured"})
        self.assertEqual({name for name in types if name.startswith("ppro.")},
                         {"ppro.REPORT_PROCESSED", "ppro.REPORT_FAILED", "ppro.REPORT_EXPIRED"})
        self.assertIn("agreement.active", types)
        everything = {notification.json()["type"] for notification in self.shop.notifications()}
        self.assertLess(types, everything)

    def test_both_secrets_hold_while_one_is_rotated(self):
        self.service.accept(ppro_events.simple(status="CAPTURED", kind="PAYMENT_CHARGE_CAPTURE_SUCCEEDED"))
        [notification] = eventually("a notification", self.picky.notifications)
        self.assertEqual(notification.headers["webhook-signature"].count("v1,"), 2)
        for secret in self.rotated:
            Webhook(secret).verify(notification.body, notification.headers)
        with self.assertRaises(WebhookVerificationError):
            Webhook(self.service.endpoint_secrets["shop"]).verify(notification.body, notification.headers)

    def test_a_changed_notification_is_refused(self):
        self.service.accept(ppro_events.simple(status="CAPTURED", kind="PAYMENT_CHARGE_CAPTURE_SUCCEEDED"))
        [notification] = eventually("a notification", self.shop.notifications)
        webhook, headers, body = Webhook(self.service.endpoint_secrets["shop"]), notification.headers, notification.body
        webhook.verify(body, headers)
        tampered = [(bytes([*body[:at], body[at] ^ 1, *body[at + 1:]]), headers) for at in range(0, len(body), 7)]
        tampered += [(body + b"\n", headers), (body[:-1], headers), (body.replace(b'"captured":', b'"captured" :'), headers)]
        timestamp = int(headers["webhook-timestamp"])
        tampered += [(body, headers | {"webhook-id": notification.id[:-1] + "0"}), (body, headers | {"webhook-timestamp": str(timestamp + 1)})]
        for changed, with_headers in tampered:
            self.assertTrue(changed != body or with_headers != headers)
            with self.assertRaises(WebhookVerificationError):
                webhook.verify(changed, with_headers)
