"""The verification examples of the documentation, each in its own language, on a notification that terima really sent."""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import time
from pathlib import Path

import ppro_events
from polling import eventually
from programs import endpoint_secret
from service import AcceptanceTest
from shop import Shop

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"

# Each reads the cases as JSON from standard input and prints the list of its verdicts.
HARNESSES = {
    "verify.py": [sys.executable, "-c", """
import base64, json, sys
sys.path.insert(0, sys.argv[1])
from verify import verified
cases = json.load(sys.stdin)
print(json.dumps([verified(case["headers"], base64.b64decode(case["body"]), case["secret"]) for case in cases]))
"""],
    "verify.js": ["node", "-e", """
const { verified } = require(process.argv[1] + "/verify.js");
const cases = JSON.parse(require("node:fs").readFileSync(0));
console.log(JSON.stringify(cases.map((one) => verified(one.headers, Buffer.from(one.body, "base64"), one.secret))));
"""],
    "verify.php": ["php", "-d", "error_reporting=-1", "-d", "display_errors=stderr", "-r", """
require $argv[1] . '/verify.php';
$cases = json_decode(file_get_contents('php://stdin'), true);
echo json_encode(array_map(fn($one) => verified($one['headers'], base64_decode($one['body']), $one['secret']), $cases));
"""],
}


def resigned(headers, body, secret, age=0):
    """The headers that a notification sent `age` seconds ago would have."""
    timestamp = str(int(time.time()) - age)
    message = f"{headers['webhook-id']}.{timestamp}.".encode() + body
    code = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), message, hashlib.sha256).digest()
    return headers | {"webhook-timestamp": timestamp, "webhook-signature": "v1," + base64.b64encode(code).decode()}


class ExamplesTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        shop, rotating = Shop(), Shop()
        self.addCleanup(shop.close)
        self.addCleanup(rotating.close)
        service = self.terima(endpoints={"shop": shop.url, "rotating": rotating.url})
        self.secret, self.rotated = service.endpoint_secrets["shop"], [endpoint_secret("examples/new"), endpoint_secret("examples/old")]
        service.set(TERIMA_ENDPOINT_ROTATING_SECRET=",".join(self.rotated))
        service.start()
        service.accept(ppro_events.simple(status="CAPTURED", kind="PAYMENT_CHARGE_CAPTURE_SUCCEEDED"))
        [self.notification] = eventually("a notification", shop.notifications)
        [self.rotating] = eventually("a notification with two signatures", rotating.notifications)

    def cases(self):
        """What to judge, and whether it is genuine."""
        headers, body, secret = self.notification.headers, self.notification.body, self.secret
        signature = headers["webhook-signature"]
        yield "as it came", headers, body, secret, True
        for number, rotated in enumerate(self.rotated):
            yield f"two signatures, secret {number}", self.rotating.headers, self.rotating.body, rotated, True
        yield "a signature of a later version beside it", headers | {"webhook-signature": f"v2,xyz v1a,abc= {signature}"}, body, secret, True
        yield "almost too old", resigned(headers, body, secret, 290), body, secret, True
        yield "too old", resigned(headers, body, secret, 310), body, secret, False
        yield "too far ahead", resigned(headers, body, secret, -310), body, secret, False
        yield "wrong secret", headers, body, endpoint_secret("another"), False
        yield "two signatures, a third secret", self.rotating.headers, self.rotating.body, secret, False
        for at in range(0, len(body), 97):
            yield f"byte {at} changed", headers, bytes([*body[:at], body[at] ^ 1, *body[at + 1:]]), secret, False
        yield "longer", headers, body + b"\n", secret, False
        yield "empty", headers, b"", secret, False
        yield "another id", headers | {"webhook-id": headers["webhook-id"] + "0"}, body, secret, False
        yield "another time", headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) - 1)}, body, secret, False
        for timestamp in ("", "now", "1e9", "9" * 400, f"{headers['webhook-timestamp']}x"):
            yield f"time {timestamp[:8]}", headers | {"webhook-timestamp": timestamp}, body, secret, False
        for given in ("", "v1,", "v1", signature[:-4], signature.replace("v1,", "v2,"), signature.replace("v1,", ""), "v1,ÿ", "v1,%%%"):
            yield f"signature {given[:5]}", headers | {"webhook-signature": given}, body, secret, False
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
            yield f"without {name}", {key: value for key, value in headers.items() if key != name}, body, secret, False

    def test_each_example_takes_what_is_genuine_and_nothing_else(self):
        cases = list(self.cases())
        given = json.dumps([
            {"headers": headers, "body": base64.b64encode(body).decode(), "secret": secret} for _, headers, body, secret, _ in cases])
        for example, command in HARNESSES.items():
            with self.subTest(example):
                ended = subprocess.run([*command, str(EXAMPLES)], input=given.encode(), capture_output=True, timeout=30, check=False)
                self.assertEqual((ended.returncode, ended.stderr.decode()), (0, ""), example)
                verdicts = {name: verdict for (name, *_), verdict in zip(cases, json.loads(ended.stdout), strict=True)}
                self.assertEqual(verdicts, {name: genuine for name, _, _, _, genuine in cases})

    def test_the_readme_shows_the_examples_as_they_are(self):
        readme = (ROOT / "README.md").read_text()
        for example in HARNESSES:
            self.assertIn((EXAMPLES / example).read_text().strip(), readme, f"README.md does not show docs/examples/{example} as it is")
