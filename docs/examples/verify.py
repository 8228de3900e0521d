import base64, hashlib, hmac, re, time

def verified(headers, body: bytes, secret: str) -> bool:
    """True when `body`, the raw bytes of the request, was signed by terima in the last five minutes. Names of `headers` are in lower case."""
    message_id, timestamp, signatures = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not re.fullmatch("[0-9]{1,12}", timestamp) or abs(time.time() - int(timestamp)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    code = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    expected = b"v1," + base64.b64encode(code)
    return any(hmac.compare_digest(expected, given.encode()) for given in signatures.split(" "))
