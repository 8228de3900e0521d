"""What is signed is taken: every published type, unknown ones, repeats, other bodies under a known id, and what cannot be read."""

import hashlib
import json

import ppro_events
from polling import eventually
from service import AcceptanceTest


def charge(name, status, result, version, **fields):
    """A charge's row as it must come out."""
    row = {"id": f"charge_{name}", "status": status, "result": result, "version": version, "currency": "EUR", "amount": None, "authorized": 0,
           "captured": 0, "refunded": 0, "voided": 0, "chargedBack": 0, "fundsState": None, "paymentMethod": "IDEAL",
           "merchantId": ppro_events.MERCHANT, "merchantPaymentChargeReference": f"pay-{name}",
           "orderReferenceNumber": f"order-{name}", "failureCode": None, "anomalies": 0}
    return row | fields


EXPECTED_CHARGES = [
    charge("A", "CAPTURED", "paid", 11, amount=10_000, authorized=10_000, captured=10_000, refunded=2_500, chargedBack=7_500,
           fundsState="CAPTURE_FUNDS_RECEIVED", createdAt="2026-06-03T11:01:00.000Z", updatedAt="2026-06-03T11:01:10.000Z"),
    charge("B", "FAILED", "failed", 2, amount=1_000_000, currency="IDR", paymentMethod="JENIUS_PAY", failureCode="INSUFFICIENT_FUNDS",
           createdAt="2026-06-03T11:02:00.000Z", updatedAt="2026-06-03T11:02:01.000Z"),
    charge("C", "DISCARDED", "canceled", 3, amount=100, currency="JPY", paymentMethod="KONBINI", createdAt="2026-06-03T11:03:00.000Z",
           updatedAt="2026-06-03T11:03:03.000Z"),
    charge("D", "VOIDED", "canceled", 4, amount=5_000, authorized=5_000, voided=5_000, createdAt="2026-06-03T11:04:00.000Z",
           updatedAt="2026-06-03T11:04:03.000Z")]


class TypesTest(AcceptanceTest):
    def applied(self, service, count):
        eventually(f"{count} events applied", lambda: len(service.events("--state", "applied")) == count)

    def test_every_published_type_is_accepted_and_applied(self):
        service = self.started()
        bodies = ppro_events.every_type()
        for body in bodies:
            service.accept(body)
        self.applied(service, len(bodies))
        rows = service.events()[::-1]
        envelopes = [json.loads(body) for body in bodies]
        for name in ("source", "id", "type", "subject", "time"):
            self.assertEqual([row[name] for row in rows], [envelope[name] for envelope in envelopes])
        self.assertEqual(set(ppro_events.PUBLISHED), {row["type"] for row in rows})
        for row in rows:
            stateless = row["type"].startswith(("REPORT", "PAYMENT_INSTRUMENT"))
            self.assertEqual(row["outcome"] == "passed_on", stateless, row)
            self.assertIn(row["outcome"], {"advanced", "unchanged", "passed_on"}, row)
        self.assertEqual(service.charges()[::-1], EXPECTED_CHARGES)
        agreements = {row["id"]: (row["status"], row["anomalies"]) for row in service.rows("agreements", "list")}
        self.assertEqual(agreements, {"agr_E": ("REVOKED_BY_CONSUMER", 0), "agr_F": ("FAILED", 0),
                                      "agr_G": ("REVOKED_BY_MERCHANT", 0), "agr_H": ("REVOKED_BY_PROVIDER", 0)})
        self.assertEqual(service.status()["attention"], [])
        for body, row in zip(bodies, rows):
            if row["type"] in ("PAYMENT_CHARGE_CREATED", "REPORT_PROCESSED"):
                self.assertEqual(service.cli("events", "show", row["id"], "--body").output, body)

    def test_every_type_in_reverse_gives_the_same_charges(self):
        service = self.started()
        bodies = ppro_events.every_type()
        for body in reversed(bodies):
            service.accept(body)
        self.applied(service, len(bodies))
        def without_version(rows):
            return sorted(({**row, "version": None} for row in rows), key=lambda row: row["id"])
        self.assertEqual(without_version(service.charges()), without_version(EXPECTED_CHARGES))

    def test_unknown_types_and_words_are_accepted(self):
        service = self.started()
        story = ppro_events.ChargeStory("U", 1).created(1_000)
        story.tell("PAYMENT_CHARGE_TELEPORTED", paymentChargeStatus="TELEPORTED", somethingNew={"deep": [1, 2, {"x": None}]})
        story.tell("WEATHER_CHANGED", temperature=12.5)
        story.charge("AUTHENTICATION_PENDING", "WAITING_FOR_GODOT", 1_000, authorizationId="authz_U")
        for body in story.bodies:
            service.accept(body)
        self.applied(service, 4)
        outcomes = {row["type"]: row["outcome"] for row in service.events()}
        self.assertEqual(outcomes, {
            "PAYMENT_CHARGE_CREATED": "advanced", "PAYMENT_CHARGE_TELEPORTED": "passed_on", "WEATHER_CHANGED": "passed_on",
            "PAYMENT_CHARGE_AUTHENTICATION_PENDING": "anomaly"})
        self.assertEqual(service.charges("--anomalous")[0]["id"], "charge_U")

    def test_a_repeat_is_a_duplicate_and_another_body_a_conflict(self):
        service = self.started()
        body, other = ppro_events.simple(), ppro_events.simple(status="CAPTURED", kind="PAYMENT_CHARGE_CAPTURE_SUCCEEDED")
        service.accept(body)
        self.applied(service, 1)
        before = service.charges()
        for _ in range(3):
            answer = service.post(body)
            self.assertEqual((answer.status, answer.body), (200, b'{"status":"duplicate"}'))
        for _ in range(2):
            answer = service.post(other)
            self.assertEqual((answer.status, answer.body), (200, b'{"status":"conflict"}'))
        self.assertEqual(service.post(body).body, b'{"status":"duplicate"}')
        # The same id from another source is another event.
        service.accept(body.replace(ppro_events.SOURCE.encode(), b"https://api.sandbox.eu.ppro.com"))
        self.applied(service, 2)
        [shown] = service.cli("events", "show", "seq:1", "--json").rows()
        self.assertEqual((shown["repeats"], shown["conflicts"], shown["outcome"]), (4, 2, "advanced"))
        self.assertEqual(len(shown["conflictingBodies"]), 1)
        self.assertEqual(service.cli("events", "show", "seq:1", "--body").output, body)
        self.assertEqual(service.charges(), before)
        # All of it is remembered over a restart.
        service.stop()
        service.start()
        self.assertEqual(service.post(body).body, b'{"status":"duplicate"}')
        self.assertEqual(service.post(other).body, b'{"status":"conflict"}')

    def test_what_cannot_be_read_is_kept_as_failed(self):
        service = self.started()
        good = ppro_events.simple()
        changes = [(b'"1.0.2"', b'"2.0"'), (b'"value": 1000', b'"value": 10.5'), (b'"value": 1000', b'"value": 1e400'),
                   (b"2026-06-03T", b"03.06.2026 "), (b'"time"', b'"when"'), (b'"specversion"', b'"data": {}, "specversion"')]
        unreadable = [b"", b"not json", b"[1,2]", b'{"specversion":"1.0"}', b"\xff\xfe", b"\xef\xbb\xbf" + good, good + b"}", good[:-1], b"[" * 5000]
        # Those whose envelope can be read are known by it, so each has an id of its own.
        unreadable += [good.replace(old, new).replace(b"evtX01", b"evtX%d" % at) for at, (old, new) in enumerate(changes)]
        for body in unreadable:
            service.accept(body)
        failed = eventually("all failed", lambda: self.exactly(len(unreadable), service.events("--state", "failed")))
        for row in failed:
            self.assertTrue(row["error"], row)
            self.assertIsNone(row["outcome"])
        ids = {row["id"] for row in failed if row["source"] == "terima:body"}
        self.assertIn(hashlib.sha256(b"not json").hexdigest(), ids)
        self.assertEqual(service.post(b"not json").body, b'{"status":"duplicate"}')
        self.assertEqual(service.cli("events", "show", hashlib.sha256(b"\xff\xfe").hexdigest(), "--body").output, b"\xff\xfe")
        self.assertEqual(service.cli("status", "--json", code=1).rows()[0]["events"]["failed"], len(unreadable))
        self.assertEqual(service.charges(), [])

    @staticmethod
    def exactly(count, rows):
        return rows if len(rows) == count else None
