"""Shops that do everything a shop should not: after each attempt comes what docs/delivery.md says, no attempt outlasts its deadline, and reading is bounded."""

import re
import time
from datetime import datetime
from pathlib import Path

from polling import eventually
from ppro_events import ChargeStory
from programs import free_port
from service import AcceptanceTest
import misbehaviour
from misbehaviour import Case, FullListener
from shops import Authority, RawShop

DOCUMENT = Path(__file__).parents[2] / "docs/delivery.md"
SCHEDULE = 60.0     # seconds, the first delay; a fifth of it may be added
TIMEOUT = 6.0       # of an attempt; longer than the 5 s for connecting
READ = 4 * 1024 * 1024  # what a shop can at most get rid of: 512 KiB are read, and the kernel's buffers hold some more


def documented():
    """The table: what the shop does, the result, what comes next."""
    lines = DOCUMENT.read_text().split("## After an attempt")[1].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    table = {row[0]: (row[1], row[2].split(";")[0]) for row in rows[2:]}
    assert len(table) == len(rows) - 2, "a line is there twice"
    return table


def seconds(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class DeliveryMatrixTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.table = documented()
        self.endpoints, self.settings, self.cases = {}, {}, {}
        self.behaviours = {}
        self.shop = self.keep(RawShop(lambda talk, request: self.behaviours[request.path](talk, request)))

    def keep(self, server):
        self.addCleanup(server.close)
        return server

    def add(self, case, url=None, ca_file=None):
        name = case.name
        self.assertNotIn(name, self.cases)
        self.cases[name] = case
        self.behaviours[f"/{name}"] = case.behave
        self.endpoints[name] = url or f"http://127.0.0.1:{self.shop.port}/{name}"
        if ca_file:
            self.settings[f"TERIMA_ENDPOINT_{name.upper().replace('-', '_')}_CA_FILE"] = str(ca_file)

    def deliver(self):
        """Tells every endpoint about one event; returns the deliveries after the first attempt of each, by endpoint."""
        # The names of variables have no hyphens.
        endpoints = {name.replace("-", "_"): url for name, url in self.endpoints.items()}
        self.service = self.started(
            endpoints=endpoints, TERIMA_RETRY_SCHEDULE=f"{SCHEDULE:g}s,1h", TERIMA_ATTEMPT_TIMEOUT=f"{TIMEOUT:g}s", **self.settings)
        self.service.accept(ChargeStory("matrix", 1).created(1000).bodies[0])
        began = time.monotonic()

        def attempted():
            rows = self.service.deliveries()
            return rows if len(rows) == len(endpoints) and all(row["attempts"] for row in rows) else None
        rows = eventually("one attempt at every endpoint", attempted, 40)
        self.assertLess(time.monotonic() - began, 30)
        shown = self.service.cli("deliveries", "show", rows[0]["id"], "--json").rows()
        return {row["endpoint"].replace("_", "-"): row for row in shown}

    def check(self, case, row):
        result, following = self.table[case.row]
        [attempt] = row["attempts"]
        found = attempt["error"] or attempt["status"]
        self.assertEqual(found, case.status if result == "the status" else result.strip("`"))
        self.assertLess(attempt["durationMs"], 1000 * TIMEOUT + 500, "the attempt outlasted its deadline")
        if following in ("delivered", "dead at once"):
            self.assertEqual((row["state"], row["nextAttemptAt"]), (following.split(" ")[0], None))
            return
        self.assertEqual(row["state"], "pending")
        wait = seconds(row["nextAttemptAt"]) - seconds(attempt["at"]) - attempt["durationMs"] / 1000
        if following == "the schedule":
            self.assertTrue(SCHEDULE - 0.5 <= wait <= 1.2 * SCHEDULE + 0.5, f"next attempt after {wait} s")
        else:
            self.assertIn(following, ("the wait asked for", "24 hours"))
            # A date has whole seconds.
            self.assertAlmostEqual(wait, 86_400 if following == "24 hours" else case.wait, delta=1.5)

    def check_all(self):
        found = self.deliver()
        self.assertEqual(set(found), set(self.cases))
        for name, case in self.cases.items():
            with self.subTest(shop=name):
                self.check(case, found[name])
        for name, case in self.cases.items():
            if case.behave:
                self.assertEqual(len(self.shop.requests(f"/{name}")), 1, f"{name} did not have its chance")
            if case.floods:
                eventually(f"{name} is cut off", lambda: f"/{name}" in self.shop.cut_off, 10)
                self.assertLess(self.shop.sent[f"/{name}"], READ, name)
        [delivery] = {one.id for one in self.shop.requests()}
        self.assertEqual({row["id"] for row in found.values()}, {delivery})

    def peak_memory(self):
        status = Path(f"/proc/{self.service.running.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) / 1024

    def test_every_status(self):
        for case in misbehaviour.statuses():
            self.add(case)
        self.check_all()

    def test_a_redirect_is_never_followed(self):
        internal = self.keep(RawShop(misbehaviour.say(misbehaviour.answer(200)), host="127.0.0.2"))
        for case in misbehaviour.redirects(internal.port):
            self.add(case)
        self.check_all()
        # Once more over the same connections, so that whatever was under way has had its time.
        self.service.cli("replay", "--endpoint", "r301_0")
        eventually("told again", lambda: self.service.deliveries("--endpoint", "r301_0")[0]["attempts"] >= 1)
        self.assertEqual((internal.connections, internal.requests()), (0, []), "somebody came to the internal address")
        # It would have been seen.
        direct = self.started("direct", endpoints={"internal": f"http://127.0.0.2:{internal.port}/"})
        direct.accept(ChargeStory("direct", 1).created(1000).bodies[0])
        direct.settle()
        self.assertEqual(internal.connections, 1)

    def test_retry_after(self):
        for case in misbehaviour.waits():
            self.add(case)
        self.check_all()

    def test_answers_that_are_none(self):
        for case in misbehaviour.talk_cases():
            if not case.floods:
                self.add(case)
        self.check_all()

    def test_floods(self):
        """By themselves: what pours leaves the other shops of this process no time to answer in."""
        for case in misbehaviour.talk_cases():
            if case.floods:
                self.add(case)
        self.check_all()
        self.assertLess(self.peak_memory(), 200, "MB of memory at its peak")

    def test_connections_and_tls(self):
        for case, url in self.connection_cases():
            self.add(case, url)
        trusted, stranger = Authority(self.directory, "trusted"), Authority(self.directory, "stranger")
        for case, url, ca_file in misbehaviour.tls_cases(self.directory, self.keep, trusted, stranger):
            self.add(case, url, ca_file)
        self.check_all_but_requests()
        shown = self.service.cli("deliveries", "show", self.service.deliveries()[0]["id"], "--endpoint", "t_expired").text
        self.assertIn("last error    tls_untrusted", shown)

    def check_all_but_requests(self):
        found = self.deliver()
        for name, case in self.cases.items():
            with self.subTest(shop=name):
                self.check(case, found[name])

    def connection_cases(self):
        full = self.keep(FullListener())
        return [
            (Case("does not take the connection", "n-full"), f"http://127.0.0.1:{full.port}/"),
            (Case("refuses the connection", "n-refused"), f"http://127.0.0.1:{free_port()}/"),
            # RFC 6761: `.invalid` never resolves.
            (Case("has a name that nobody knows", "n-name"), "http://shop.invalid/"),
        ]

    def test_every_line_has_its_shops(self):
        trusted = Authority(self.directory, "trusted")
        cases = misbehaviour.statuses() + misbehaviour.waits() + misbehaviour.talk_cases() + misbehaviour.redirects(1)
        cases += [case for case, *_ in self.connection_cases()]
        cases += [case for case, *_ in misbehaviour.tls_cases(self.directory, self.keep, trusted, Authority(self.directory, "stranger"))]
        self.assertEqual({case.row for case in cases}, set(self.table))
