"""PPRO's two signature schemes, written down independently of terima's code."""

import hashlib
import hmac
import time

CURRENT = "PPRO-Signature"
LEGACY = "Webhook-Signature"


def code(body, secret, timestamp):
    """The `s` of the current scheme: hex(HMAC-SHA256(secret, t + "." + body))."""
    message = str(timestamp).encode() + b"." + body
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def current(body, secret, age=0):
    """The value of PPRO-Signature for a body signed `age` seconds ago."""
    timestamp = int(time.time()) - age
    return f"t={timestamp},s={code(body, secret, timestamp)}"


def legacy(body, secret):
    """The value of Webhook-Signature: hex(SHA256(body + "." + secret)), a plain hash."""
    return hashlib.sha256(body + b"." + secret.encode()).hexdigest()
