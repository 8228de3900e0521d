"""The operator API: who may come in, and that it says the same as the commands."""

import json
import os
import stat
import threading

import ppro_events
import signing
from polling import eventually
from rawhttp import exchange, request
from service import AcceptanceTest
from shop import Shop

EVERYTHING = "limit=10000"


class OperatorTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.shop = Shop()
        self.addCleanup(self.shop.close)
        # What others set as the mode of new files must not matter.
        before = os.umask(0)
        self.addCleanup(os.umask, before)
        self.service = self.started(endpoints={"shop": self.shop.url})
        for body in ppro_events.every_type():
            self.service.accept(body)
        self.service.settle()

    def over_socket(self, method, target, document=None):
        body = None if document is None else json.dumps(document).encode()
        return exchange(self.service.socket, request(method, target, body=body))

    def over_tcp(self, target, *tokens, scheme="Bearer"):
        return exchange(self.service.api_port, request("GET", target, [("Authorization", f"{scheme} {token}") for token in tokens]))

    def problem(self, answer, status, code):
        self.assertEqual((answer.status, answer.field("Content-Type")), (status, "application/problem+json"), answer)
        document = answer.json()
        self.assertEqual((document["status"], document["code"], document["type"]), (status, code, f"urn:terima:problem:{code}"))
        self.assertTrue(document["title"] and document["detail"])

    def test_files_are_for_one_user_alone(self):
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in self.service.directory.glob("terima.db*")}
        self.assertEqual(set(modes), {"terima.db", "terima.db-wal", "terima.db-shm", "terima.db.lock", "terima.db.reserve", "terima.db.sock"})
        self.assertEqual(set(modes.values()), {0o600}, modes)
        self.assertTrue(stat.S_ISSOCK(os.stat(self.service.socket).st_mode))

    def test_over_tcp_only_the_token_opens(self):
        token = self.service.token
        for target in ("/v1/status", "/v1/charges", "/v1/events/evtA01/body", "/v1/nothing", "/"):
            answer = exchange(self.service.api_port, request("GET", target))
            self.problem(answer, 401, "unauthorized")
            self.assertEqual(answer.field("WWW-Authenticate"), "Bearer")
            for wrong in ("", "x", token[:-1], token + "x", token.upper(), f"{token} {token}"):
                self.problem(self.over_tcp(target, wrong), 401, "unauthorized")
            self.problem(self.over_tcp(target, token, scheme="Basic"), 401, "unauthorized")
        self.problem(exchange(self.service.api_port, request("POST", "/v1/replays", body=b'{"failed":true}')), 401, "unauthorized")
        for name in ("charges", "events", "agreements", "deliveries"):
            answer = self.over_tcp(f"/v1/{name}?{EVERYTHING}", token)
            self.assertEqual((answer.status, answer.field("Content-Type")), (200, "application/json"))
            self.assertEqual(answer.json(), self.over_socket("GET", f"/v1/{name}?{EVERYTHING}").json())
        self.problem(self.over_tcp("/v1/nothing", token), 404, "not_found")

    def test_without_a_token_there_is_only_the_socket(self):
        service = self.started("tokenless", TERIMA_API_TOKEN=None, TERIMA_API_LISTEN=f"127.0.0.1:{self.service.port + 1}")
        self.assertEqual(exchange(service.socket, request("GET", "/v1/status")).status, 200)
        with self.assertRaises(ConnectionRefusedError):
            exchange(self.service.port + 1, request("GET", "/v1/status"))

    def test_the_rows_are_those_of_the_commands(self):
        for name in ("events", "charges", "agreements", "deliveries"):
            listed = self.over_socket("GET", f"/v1/{name}?{EVERYTHING}").json()
            self.assertEqual(listed, {"data": self.service.rows(name, "list"), "next": None})
            self.assertTrue(listed["data"])
            for row in listed["data"][:3]:
                shown = self.over_socket("GET", f"/v1/{name}/{row['id']}").json()
                rows = self.service.cli(name, "show", row["id"], "--json").rows()
                self.assertEqual(shown["data"] if name == "deliveries" else [shown], rows)
                # The same members, and more; of a delivery's attempts there are now the attempts themselves.
                self.assertEqual({key: rows[0][key] for key in row if key != "attempts"}, {key: row[key] for key in row if key != "attempts"})
        status = self.over_socket("GET", "/v1/status").json()
        self.assertEqual((status["running"], status["events"], status["charges"]),
                         (True, self.service.status()["events"], self.service.status()["charges"]))

    def test_filters_and_pages(self):
        every = self.service.events()
        pages, before = [], ""
        while True:
            page = self.over_socket("GET", f"/v1/events?limit=7{before}").json()
            pages += page["data"]
            if page["next"] is None:
                break
            before = f"&before={page['next']}"
        self.assertEqual(pages, every)
        oldest = self.over_socket("GET", "/v1/events?after=0&limit=5").json()
        self.assertEqual(oldest["data"], every[::-1][:5])
        for target, arguments in (
                ("events?type=REPORT_*&", ["events", "list", "--type", "REPORT_*"]),
                ("events?charge=charge_A&", ["events", "list", "--charge", "charge_A"]),
                ("charges?state=canceled&", ["charges", "list", "--state", "canceled"]),
                ("charges?reference=order-D&", ["charges", "list", "--reference", "order-D"]),
                ("deliveries?charge=charge_A&endpoint=shop&", ["deliveries", "list", "--charge", "charge_A", "--endpoint", "shop"])):
            found = self.over_socket("GET", f"/v1/{target}{EVERYTHING}").json()["data"]
            self.assertTrue(0 < len(found) < len(every))
            self.assertEqual(found, self.service.rows(*arguments))

    def test_bodies_come_back_as_they_were_received(self):
        body = ppro_events.every_type()[0]
        answer = self.over_socket("GET", "/v1/events/evtA01/body")
        self.assertEqual((answer.field("Content-Type"), answer.body), ("application/octet-stream", body))
        self.assertEqual(self.over_socket("GET", "/v1/charges/pay-A").json()["id"], "charge_A")

    def test_what_is_not_understood_is_refused(self):
        for target in ("/v1/events?colour=red", "/v1/events?limit=0", "/v1/events?limit=many", "/v1/events?state=perhaps",
                       "/v1/events?since=yesterday", "/v1/events?wait=5s", "/v1/events?limit=1&limit=2"):
            self.problem(self.over_socket("GET", target), 400, "bad_request")
        for target in ("/v1/charges/charge_nobody", "/v1/events/seq:99999", "/v1/deliveries/ntf_x", "/v1/nothing", "/v2/status", "/"):
            self.problem(self.over_socket("GET", target), 404, "not_found")
        for body in (b"", b"{}", b"[]", b'{"failed":"yes"}', b'{"failed":true,"colour":"red"}', b'{"limit":5}', b"{"):
            self.problem(exchange(self.service.socket, request("POST", "/v1/replays", body=body)), 400, "bad_request")

    def test_replays_and_rebuilds(self):
        answer = self.over_socket("POST", "/v1/replays", {"charge": "charge_B", "delivered": True, "dryRun": True})
        self.assertEqual((answer.status, answer.json()), (200, {"events": 0, "deliveries": 2}))
        told = len(self.shop.notifications())
        answer = self.over_socket("POST", "/v1/replays", {"charge": "charge_B", "delivered": True, "reason": "a test", "who": "tester"})
        self.assertEqual(answer.json(), {"events": 0, "deliveries": 2})
        eventually("both told again", lambda: len(self.shop.notifications()) == told + 2)
        answer = self.over_socket("POST", "/v1/rebuilds", {"check": True})
        self.assertEqual(answer.json(), {"charges": 4, "agreements": 4, "different": 0, "repaired": 0, "ids": []})

    def test_a_reader_can_wait_for_the_next_event(self):
        last = self.service.events()[0]["seq"]
        found = []
        thread = threading.Thread(
            target=lambda: found.extend(self.over_socket("GET", f"/v1/events?after={last}&wait=15s").json()["data"]))
        thread.start()
        self.service.accept(ppro_events.simple(identity="evtAwaited"))
        thread.join(20)
        self.assertEqual([row["id"] for row in found], ["evtAwaited"])
        self.assertEqual(self.over_socket("GET", f"/v1/events?after={last + 1}&wait=10ms").json()["data"], [])

    def test_webhooks_are_not_taken_at_the_operators_door(self):
        body = ppro_events.simple()
        signed = [(signing.CURRENT, signing.current(body, self.service.signing_secret))]
        self.problem(exchange(self.service.socket, request("POST", "/webhooks/ppro", signed, body)), 404, "not_found")
