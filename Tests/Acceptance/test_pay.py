"""terima pay against ppro-sandbox: the whole way of a payment, and the code in the terminal as a telephone reads it."""

import json
import os
import pty
import re
import subprocess

import zxingcpp
from polling import eventually
from programs import BINARIES, COMMAND_SECONDS, Running, refuse_secrets
from provider import LosingProxy, Provider
from service import AcceptanceTest
from shop import Shop

ORDER = ["pay", "--method", "JENIUS_PAY", "--amount", "10000.00", "--currency", "IDR", "--return-url", "https://shop.example/return"]
INK = "\x1b[30;107m"
PLAIN = "\x1b[0m"


def picture(text):
    """The code among the lines of a terminal as rows of grey, one byte a pixel: black ink on white where it is coloured, else light ink on a dark screen."""
    is_coloured = INK in text
    lines = [line.replace(INK, "").replace(PLAIN, "") for line in text.splitlines()]
    lines = [line for line in lines if line and set(line) <= set(" █▀▄")]
    width = max(len(line) for line in lines)
    rows = []
    for line in lines:
        for half in ("█▀", "█▄"):
            row = bytes(0 if (block in half) == is_coloured else 255 for block in line.ljust(width) for _ in range(4))
            rows += [row] * 4
    return memoryview(b"".join(rows)).cast("B", shape=[len(rows), 4 * width])


def read_code(text):
    # Not every telephone reads white on black.
    [code] = zxingcpp.read_barcodes(picture(text), try_invert=False)
    return code.text


class PayTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.shop = Shop()
        self.addCleanup(self.shop.close)
        self.service = self.terima(endpoints={"shop": self.shop.url})
        self.provider = Provider(self.directory / "provider", self.service.signing_secret)
        self.addCleanup(self.provider.close)
        self.service.secrets.add(self.provider.key)
        self.service.set(**self.provider.settings())
        self.service.start()

    def pay(self, *arguments, name="pay"):
        """The command in the background; its steps go to a file of that name."""
        log = self.directory / f"{name}.log"
        paying = Running(
            "terima", *ORDER, "--webhooks-url", self.service.url, "--json", "--config", self.service.configuration, *arguments, log=log,
            environment=self.service.environment)
        self.addCleanup(lambda: refuse_secrets(log.read_bytes(), self.service.secrets, "terima pay"))
        self.addCleanup(paying.abandon)
        return paying

    def steps(self, paying):
        return [json.loads(line) for line in paying.log.read_bytes().split(b"\n")[:-1]]

    def step(self, paying, word, **facts):
        """Waits for a step."""
        def found():
            return next((step for step in self.steps(paying) if step["step"] == word and facts.items() <= step.items()), None)
        return eventually(f"step {word} {facts}", found)

    def told(self):
        return [notification.json()["type"] for notification in self.shop.notifications()]

    def test_a_payment_goes_all_the_way_to_the_shop(self):
        for decision, status, result, event in (
                ("approve", "CAPTURED", "paid", "charge.captured"), ("decline", "FAILED", "failed", "charge.failed")):
            with self.subTest(decision):
                paying = self.pay("--reference", f"pay-{decision}", "--order", "order-7", name=decision)
                created = self.step(paying, "created")
                self.assertEqual((created["status"], created["amount"], created["merchantPaymentChargeReference"]),
                                 ("AUTHENTICATION_PENDING", 1_000_000, f"pay-{decision}"))
                self.step(paying, "told", type="charge.authentication_pending")
                self.assertEqual(self.provider.decide(created["link"], decision), "https://shop.example/return")
                paying.wait()
                last = self.steps(paying)[-1]
                self.assertEqual((last["step"], last["status"], last["result"]), ("agreed", status, result))
                self.assertIn(event, self.told())
                [charge] = self.service.cli("charges", "show", f"pay-{decision}", "--json").rows()
                self.assertEqual((charge["id"], charge["result"], charge["orderReferenceNumber"]), (created["charge"], result, "order-7"))
                shown = self.service.cli("charges", "show", "--remote", f"pay-{decision}")
                self.assertIn("No difference.", shown.text)

    def test_it_waits_while_terima_is_restarted(self):
        paying = self.pay()
        created = self.step(paying, "created")
        self.step(paying, "applied", status="AUTHENTICATION_PENDING")
        self.service.stop()
        self.step(paying, "away")
        self.service.start()
        self.step(paying, "back")
        self.provider.decide(created["link"], "approve")
        paying.wait()
        self.assertEqual([step["step"] for step in self.steps(paying)][-1], "agreed")

    def test_a_lost_answer_makes_no_second_payment(self):
        proxy = LosingProxy(self.provider)
        self.addCleanup(proxy.close)
        lost = self.service.cli(*ORDER, "--no-wait", code=69, **self.provider.settings(proxy.url))
        self.assertEqual(lost.text, "")
        hint = re.search(
            r"may have been created all the same: terima charges show --remote (\S+) tells; .* --idempotency-key (\S+) creates no second one", lost.error_text)
        self.assertTrue(hint, lost)
        reference, key = hint.groups()
        [seen] = self.service.cli("charges", "show", "--remote", reference, "--json", code=1).rows()
        self.assertIsNone(seen["terima"])
        [created] = self.service.cli(*ORDER, "--no-wait", "--json", "--idempotency-key", key).rows()
        self.assertEqual((created["charge"], created["merchantPaymentChargeReference"], created["idempotencyKey"]), (seen["charge"], reference, key))

    def test_a_limit_can_be_read_in_the_refusal(self):
        refused = self.service.cli(*["5000000.00" if each == "10000.00" else each for each in ORDER], "--no-wait", code=64)
        self.assertIn("amount.value must be from 1000000 to 200000000 for JENIUS_PAY: IDR 10,000.00 to IDR 2,000,000.00 (refused)", refused.error_text)

    def test_a_telephone_reads_the_code_of_a_terminal_and_of_a_file(self):
        arguments = [*ORDER, "--no-wait", "--config", self.service.configuration]
        for name, text in (("file", self.service.cli(*arguments).text), ("terminal", self.in_terminal(arguments))):
            with self.subTest(name):
                self.assertEqual(INK in text, name == "terminal")
                [link] = re.findall(r"^Pay here:  (\S+)$", text, re.MULTILINE)
                self.assertEqual(read_code(text), link)
                self.assertRegex(link, rf"^{self.provider.url}/wallet/\w+$")

    def in_terminal(self, arguments):
        """What a command shows on a terminal."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [str(BINARIES / "terima"), *map(str, arguments)], env=self.service.environment, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs)
        self.addCleanup(process.kill)
        os.close(theirs)
        shown = b""
        with os.fdopen(ours, "rb", buffering=0) as terminal:
            while True:
                try:
                    octets = terminal.read(65536)
                except OSError:  # EIO: nobody has the other end any more
                    break
                if not octets:
                    break
                shown += octets
        self.assertEqual(process.wait(COMMAND_SECONDS), 0, shown)
        return shown.decode().replace("\r\n", "\n")
