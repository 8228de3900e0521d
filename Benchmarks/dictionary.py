#!/usr/bin/env python3
"""Trains the Zstandard dictionary with which the bodies of notifications are stored, from made-up notifications of every kind.

    python3 -m pip install zstandard
    Benchmarks/dictionary.py Sources/EventStore/notification.dictionary

What a database was written with it must be read with for ever: once there has been a release, a better dictionary gets a number and a file of its own.
"""

import json
import random
import string
import sys

import zstandard

NUMBER = 32_769  # RFC 8878 leaves 32,768 to 2^31 - 1 to whoever needs one
BYTES = 4_096

CHARGE = (
    "AUTHORIZATION_PROCESSING AUTHENTICATION_PENDING AUTHORIZATION_ASYNC CAPTURE_PENDING CAPTURE_PROCESSING CAPTURED REFUND_PROCESSING REFUNDED"
    " VOID_PROCESSING VOIDED DISCARDED FAILED").split()
USUAL = "AUTHORIZATION_PROCESSING AUTHENTICATION_PENDING CAPTURE_PROCESSING CAPTURED".split()
RESULT = {"CAPTURED": "paid", "REFUND_PROCESSING": "paid", "REFUNDED": "refunded", "VOIDED": "canceled", "DISCARDED": "canceled", "FAILED": "failed"}
CHARGE_EVENTS = (
    "CREATED AUTHENTICATION_PENDING AUTHORIZATION_SUCCEEDED AUTHORIZATION_FAILED CAPTURE_SUCCEEDED CAPTURE_FAILED REFUND_PENDING REFUND_SUCCEEDED"
    " REFUND_FAILED VOID_SUCCEEDED VOID_FAILED DISCARDED SUCCESS FAILED PROVIDER_CONFIRMATION_PENDING").split()
AGREEMENT = "INITIALIZING AUTHENTICATION_PENDING ACTIVE FAILED REVOKED_BY_CONSUMER REVOKED_BY_MERCHANT REVOKED_BY_PROVIDER".split()
METHODS = "JENIUS_PAY JENIUS_PAY JENIUS_PAY DANA OVO GOPAY LINKAJA QRIS BLIK IDEAL BANCONTACT".split()
FAILURES = "CANCELED_BY_CONSUMER AUTHENTICATION_FAILED PROVIDER_ERROR EXPIRED DECLINED".split()

chance = random.Random(20_261_128)


def letters(count, alphabet=string.ascii_letters + string.digits):
    return "".join(chance.choices(alphabet, k=count))


def time():
    day, clock = (chance.randint(26, 29), chance.randint(1, 12), chance.randint(1, 28)), (chance.randint(0, 23), chance.randint(0, 59), chance.randint(0, 59))
    return "20{:02}-{:02}-{:02}T".format(*day) + "{:02}:{:02}:{:02}.".format(*clock) + chance.choice(["000", letters(3, string.digits)]) + "Z"


def reference():
    return chance.choice([None, letters(8), "order-" + letters(8), "pay-" + letters(10), letters(7, string.digits), f"{letters(4)}-{letters(6, string.digits)}"])


def charge_members(id, version, status):
    amount = chance.randint(10_000, 9_999_999)
    authorized = 0 if status in CHARGE[:3] else amount
    captured = amount if RESULT.get(status) in ("paid", "refunded") else 0
    created = time()
    return {
        "id": id, "status": status, "result": RESULT.get(status, "pending"), "version": version, "currency": chance.choice(["IDR", "IDR", "IDR", "EUR", "PLN"]),
        "amount": amount, "authorized": authorized, "captured": captured, "refunded": amount if status == "REFUNDED" else 0,
        "voided": amount if status == "VOIDED" else 0, "chargedBack": 0, "fundsState": chance.choice([None, None, None, "PENDING", "AVAILABLE"]),
        "paymentMethod": chance.choice(METHODS), "merchantId": letters(chance.randint(6, 16)), "merchantPaymentChargeReference": reference(),
        "orderReferenceNumber": reference(), "failureCode": chance.choice(FAILURES) if status == "FAILED" else None, "anomalies": 0,
        "createdAt": created, "updatedAt": created[:14] + time()[14:],
    }


def notification():
    is_charge = chance.random() < 0.95
    family, words = ("charge", USUAL if chance.random() < 0.7 else CHARGE) if is_charge else ("agreement", AGREEMENT)
    id, version = f"{family}_{letters(21)}", chance.randint(1, 6)
    status = chance.choice(words)
    previous = None if version == 1 else status if chance.random() < 0.05 else chance.choice(words)
    word = "updated" if previous == status else status.lower()
    state = charge_members(id, version, status) if is_charge else {
        "id": id, "status": status, "version": version, "paymentMethod": chance.choice(METHODS), "merchantId": letters(10),
        "merchantPaymentAgreementReference": reference(), "failureCode": None, "anomalies": 0, "createdAt": time(), "updatedAt": time()}
    event = "PAYMENT_CHARGE_" + chance.choice(CHARGE_EVENTS) if is_charge else "PAYMENT_AGREEMENT_" + chance.choice(AGREEMENT[1:])
    body = {
        "specversion": "1.0", "id": "ntf_01" + letters(24, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), "source": "terima", "type": f"{family}.{word}", "subject": id,
        "time": time(), "datacontenttype": "application/json", "data": {
            "version": version, "previousStatus": previous, family: state,
            "cause": {"source": "https://www.ppro.com", "id": letters(21), "type": event}}}
    return json.dumps(body, separators=(",", ":")).encode()


dictionary = zstandard.train_dictionary(BYTES, [notification() for _ in range(20_000)], dict_id=NUMBER, level=3)
with open(sys.argv[1], "wb") as file:
    file.write(dictionary.as_bytes())
bodies = [notification() for _ in range(5_000)]
compressor = zstandard.ZstdCompressor(level=3, dict_data=dictionary, write_checksum=True)
whole, small = sum(map(len, bodies)), sum(len(compressor.compress(body)) for body in bodies)
print(f"{len(dictionary.as_bytes()):,} bytes; other bodies of the same kinds {whole // len(bodies)} to {small // len(bodies)} bytes ({small / whole:.3f})")
