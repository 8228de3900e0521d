"""The return pages of the documentation, each in its own language, against the race that they are about; and the stream of changes."""

import json
import subprocess
import sys
from pathlib import Path

from polling import eventually
from ppro_events import ChargeStory
from rawhttp import Connection, exchange, request
from service import AcceptanceTest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"

# Each is given the directory, the order as JSON, the address and the token, and prints what the customer is told.
PAGES = {
    "return-page.py": [sys.executable, "-c", """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("page", sys.argv[1] + "/return-page.py")
page = importlib.util.module_from_spec(spec)
spec.loader.exec_module(page)
print(page.payment(json.loads(sys.argv[2]), *sys.argv[3:]), end="")
"""],
    "return-page.js": ["node", "-e", """
const { payment } = require(process.argv[1] + "/return-page.js");
payment(JSON.parse(process.argv[2]), ...process.argv.slice(3)).then((said) => process.stdout.write(said));
"""],
    "return-page.php": ["php", "-d", "error_reporting=-1", "-d", "display_errors=stderr", "-r", """
require $argv[1] . '/return-page.php';
echo payment(json_decode($argv[2], true), $argv[3], $argv[4]);
"""],
}
# What a reference may be made of, and a URL not.
REFERENCE = "pay/4711 ü?&=#%2F+"


class Payment:
    """A payment of EUR 10.00 as PPRO tells it, under a reference."""

    def __init__(self, name, reference):
        self.story = ChargeStory(name, 30)
        self.story.common["merchantPaymentChargeReference"] = reference
        self.order = {"reference": reference, "amount": 1_000, "currency": "EUR"}
        self.story.created(1_000)
        self.story.charge("AUTHENTICATION_PENDING", "AUTHENTICATION_PENDING", 1_000, authorizationId=f"authz_{name}")

    def paid(self):
        self.story.charge("AUTHORIZATION_SUCCEEDED", "CAPTURE_PROCESSING", 1_000, authorizationId=f"authz_{self.story.name}")
        self.story.charge("CAPTURE_SUCCEEDED", "CAPTURED", 1_000, captureId=f"capture_{self.story.name}")
        return self

    def authorized(self):
        self.story.charge("AUTHORIZATION_SUCCEEDED", "CAPTURE_PENDING", 1_000, authorizationId=f"authz_{self.story.name}", isMultiStep=True)
        return self

    def failed(self):
        self.story.charge("AUTHORIZATION_FAILED", "FAILED", 1_000, authorizationId=f"authz_{self.story.name}")
        return self


class ReturnPageTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.service = self.started()
        self.address = f"http://127.0.0.1:{self.service.api_port}"

    def open(self, page, order, token=None):
        """A customer comes back: the page begins to load."""
        arguments = [*PAGES[page], str(EXAMPLES), json.dumps(order), self.address, token or self.service.token]
        loading = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(loading.kill)
        return loading

    def told(self, loading, logged=""):
        """What the customer is told; `logged` is what the log says, as a regular expression."""
        output, errors = loading.communicate(timeout=30)
        self.assertEqual(loading.returncode, 0)
        self.assertRegex(errors.decode(), rf"\A{logged}\Z")
        return output.decode()

    def is_connected(self, count):
        """Whether so many pages have a connection to the operator API."""
        local = f":{self.service.api_port:04X}"
        lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return sum(fields[1].endswith(local) and fields[3] == "01" for fields in lines) >= count

    def test_the_customer_may_come_back_before_the_webhook(self):
        for page in PAGES:
            with self.subTest(page):
                payment = Payment(page[12:].upper(), f"{REFERENCE}-{page}").paid()
                loading = self.open(page, payment.order)
                eventually("the page waits", lambda: self.is_connected(1))
                for body in payment.story.bodies:
                    self.assertIsNone(loading.poll(), "answered before the result was known")
                    self.service.accept(body)
                self.assertEqual(self.told(loading), "paid")

    def test_each_page_says_what_is_so_and_nothing_better(self):
        payments = [Payment("P", "pay-P").paid(), Payment("Q", "pay-Q").authorized(), Payment("F", "pay-F").failed()]
        for payment in payments:
            for body in payment.story.bodies:
                self.service.accept(body)
        paid, authorized, failed = [payment.order for payment in payments]
        cases = [
            (paid, "paid"), (authorized, "paid"), (failed, "failed"), (paid | {"amount": 1_001}, "wrong"), (paid | {"amount": 999}, "wrong"),
            (paid | {"currency": "IDR"}, "wrong"), (authorized | {"amount": 10_00_00}, "wrong"), (failed | {"amount": 1}, "failed")]
        for page in PAGES:
            for order, expected in cases:
                with self.subTest(page, order=order):
                    self.assertEqual(self.told(self.open(page, order)), expected)
            with self.subTest(page, token="wrong"):
                self.assertEqual(self.told(self.open(page, paid, token="wrong"), r"terima: .*401.*\n"), "pending")

    def test_without_a_result_the_customer_is_told_to_be_patient(self):
        waiting = Payment("W", "pay-W")
        for body in waiting.story.bodies:
            self.service.accept(body)
        loading = {page: self.open(page, waiting.order) for page in PAGES}
        eventually("the pages wait", lambda: self.is_connected(len(PAGES)))
        # Every page that waits is answered with the stop, at once.
        self.assertLess(self.service.stop(), 5)
        self.assertEqual({page: self.told(one) for page, one in loading.items()}, dict.fromkeys(PAGES, "pending"))
        # And when there is nobody to ask.
        self.assertEqual(
            {page: self.told(self.open(page, waiting.order), r"terima: .+\n") for page in PAGES}, dict.fromkeys(PAGES, "pending"))

    def test_the_documentation_shows_the_pages_as_they_are(self):
        document = (ROOT / "docs" / "return-page.md").read_text()
        for page in PAGES:
            self.assertIn((EXAMPLES / page).read_text().strip(), document, f"docs/return-page.md does not show docs/examples/{page} as it is")


class StreamTest(AcceptanceTest):
    def open(self, target, *headers):
        connection = Connection(self.service.socket)
        self.addCleanup(connection.socket.close)
        connection.send(request("GET", target, headers))
        answer = connection.receive(has_body=False)
        self.assertEqual((answer.status, answer.field("Content-Type")), (200, "text/event-stream"))
        return self.chunks(connection)

    @staticmethod
    def chunks(connection):
        """The blocks of the stream, as dictionaries of their fields."""
        file, block = connection.socket.makefile("rb"), {}
        pending = connection.buffer
        text = b""
        while True:
            while b"\n\n" not in text:
                while b"\r\n" not in pending:
                    pending += file.readline()
                size, pending = pending.split(b"\r\n", 1)
                length = int(size, 16)
                if length == 0:
                    return
                while len(pending) < length + 2:
                    pending += file.read(length + 2 - len(pending))
                text, pending = text + pending[:length], pending[length + 2:]
            block, text = text.split(b"\n\n", 1)
            yield dict(line.split(": ", 1) for line in block.decode().split("\n"))

    def test_changes_are_streamed_and_resumed(self):
        self.service = self.started()
        live = self.open("/v1/stream?type=charge.*")
        self.assertEqual(next(live), {"retry": "2000", "id": "0"})
        stories = [Payment("A", "pay-A").paid(), Payment("B", "pay-B").failed()]
        for payment in stories:
            for body in payment.story.bodies:
                self.service.accept(body)
        told = [next(live) for _ in range(7)]
        self.assertEqual([event["id"] for event in told], [str(number) for number in range(1, 8)])
        for event in told:
            notification = json.loads(event["data"])
            self.assertEqual((notification["type"], notification["source"]), (event["event"], "terima"))
        resumed = self.open("/v1/stream", ("Last-Event-ID", "3"))
        self.assertEqual(next(resumed), {"retry": "2000", "id": "3"})
        self.assertEqual([next(resumed) for _ in range(4)], told[3:])
        # The stop ends the streams as they should end.
        self.assertLess(self.service.stop(), 5)
        self.assertEqual((list(live), list(resumed)), ([], []))
