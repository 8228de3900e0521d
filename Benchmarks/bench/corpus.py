"""Corpora: files of signed PPRO webhook requests, ready to be sent as they are: { uint32 length, raw HTTP/1.1 request }...

The events are whole lives of Jenius Pay charges (created, authentication pending, authorized, captured), 64 lives interleaved as they would arrive. The
first event of a life carries the order and the consumer, so bodies are about 1 KB in the mean; small bodies leave both out. Every event is another one,
and events of different series never meet.
"""

import hashlib
import hmac
import json
import random
import struct
import time

SECRET = b"bench-signing-secret"
LANES = 64
STEP_SECONDS = 20
DAYS_KEPT = 30
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

CONSUMER = {
    "name": "John Smith", "email": "johnsmith@example.com", "phone": "+628111111111", "country": "ID", "locale": "id-ID",
    "billingAddress": {"street": "Jl. Jendral Sudirman No. 45", "postalCode": "12190", "city": "Jakarta Selatan", "country": "ID"},
}
ITEMS = [{"name": f"Batik shirt number {number}", "quantity": number % 3 + 1, "amount": 100000 + number} for number in range(12)]
REDIRECT = {"type": "REDIRECT", "details": {"requestUrl": "https://redirection-target.ppro.com", "requestMethod": "POST"}}


class Corpus:
    """One file of requests."""

    def __init__(self, path, count, body_bytes):
        self.path, self.count, self.body_bytes = path, count, body_bytes

    def bodies(self, start, count):
        """The bodies of `count` requests from `start` on."""
        with open(self.path, "rb") as file:
            for index in range(start + count):
                (length,) = struct.unpack("<I", file.read(4))
                if index < start:
                    file.seek(length, 1)
                else:
                    yield file.read(length).partition(b"\r\n\r\n")[2]


def corpus(directory, count, series=0, small=False):
    """A corpus of at least `count` requests; one that was made in the last days is used again."""
    kind = f"{'small' if small else 'whole'}-{series}"
    for known in sorted(directory.glob(f"{kind}-*.json")):
        facts = json.loads(known.read_text())
        path = known.with_suffix(".bin")
        if facts["count"] >= count and path.exists() and time.time() - facts["signed_at"] < DAYS_KEPT * 86400:
            return Corpus(path, facts["count"], facts["body_bytes"])
    for old in directory.glob(f"{kind}-*"):
        old.unlink()
    path = directory / f"{kind}-{count}.bin"
    signed_at = int(time.time())
    body_bytes = write(path, count, series, small, signed_at)
    path.with_suffix(".json").write_text(json.dumps({"count": count, "body_bytes": body_bytes, "signed_at": signed_at}))
    return Corpus(path, count, body_bytes)


def write(path, count, series, small, signed_at):
    """Writes the file and returns how many bytes all bodies have together."""
    chance = random.Random(series)
    lanes = [life(chance, small, signed_at) for _ in range(LANES)]
    total = 0
    with open(path, "wb", buffering=1 << 20) as file:
        for index in range(count):
            event = next(lanes[index % LANES], None)
            if event is None:
                lanes[index % LANES] = life(chance, small, signed_at)
                event = next(lanes[index % LANES])
            body = json.dumps(event, separators=(",", ":")).encode()
            request = signed(body, signed_at)
            file.write(struct.pack("<I", len(request)) + request)
            total += len(body)
    return total


def signed(body, signed_at):
    """The whole request, with PPRO's signature."""
    code = hmac.digest(SECRET, b"%d." % signed_at + body, hashlib.sha256).hex()
    head = (
        f"POST /webhooks/ppro HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"PPRO-Signature: t={signed_at},s={code}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def life(chance, small, signed_at):
    """The four events of one charge that is paid, all within the two hours before `signed_at`."""

    def new_id(prefix=""):
        return prefix + "".join(chance.choices(ALPHABET, k=21))

    charge, authorization, began = new_id("charge_"), new_id("authz_"), signed_at - chance.randrange(100, 7200)
    always = {
        "paymentChargeId": charge, "paymentMethod": "JENIUS_PAY", "merchantId": "merch-123", "paymentSessionId": new_id("sess_"),
        "merchantPaymentChargeReference": "pay-" + charge[-8:], "orderReferenceNumber": "order-" + charge[-8:],
        "amount": {"value": 1000000 + chance.randrange(10**6), "currency": "IDR"},
    }
    order = {} if small else {
        "paymentMedium": "ECOMMERCE", "initiator": "CONSUMER", "paymentDescriptor": "Webshop", "consumer": CONSUMER,
        "order": {"orderItems": ITEMS, "industryData": [], "orderReferenceNumber": always["orderReferenceNumber"]},
        "authenticationSettings": [{"type": "REDIRECT", "settings": {"returnUrl": "https://www.webshop.com/order-results-page"}}],
    }
    steps = [
        ("CREATED", "AUTHORIZATION_PROCESSING", order),
        ("AUTHENTICATION_PENDING", "AUTHENTICATION_PENDING", {"authorizationId": authorization, "authenticationMethods": [REDIRECT]}),
        ("AUTHORIZATION_SUCCEEDED", "CAPTURE_PROCESSING", {"authorizationId": authorization, "isMultiStep": False}),
        ("CAPTURE_SUCCEEDED", "CAPTURED", {"captureId": new_id("capture_"), "merchantCaptureReference": "cap-1"}),
    ]
    for number, (word, status, more) in enumerate(steps):
        kind = "PAYMENT_CHARGE_" + word
        at = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(began + number * STEP_SECONDS))
        yield {
            "specversion": "1.0.2", "source": "https://www.ppro.com", "datacontenttype": "application/json", "id": new_id(), "type": kind,
            "subject": charge, "time": at, "data": {**always, "paymentChargeStatus": status, "type": kind, **more},
        }
