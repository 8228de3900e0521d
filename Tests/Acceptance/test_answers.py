"""Every answer of the receiver, byte by byte, from a client that sends and reads bytes."""

import hashlib
import json
import time

import ppro_events
import signing
from rawhttp import Connection, exchange, request
from service import WEBHOOKS, AcceptanceTest

HOUR = 3600
LARGEST = 262_144


def padded(size):
    """A readable event of exactly `size` bytes."""
    body = ppro_events.simple(identity=f"evtSize{size}", padding="")
    return body.replace(b'"padding": ""', b'"padding": "' + b"x" * (size - len(body)) + b'"')


class AnswersTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.service = self.started(TERIMA_SIGNING_SECRETS="canary-old-secret-0123456789,canary-new-secret-0123456789")
        self.service.secrets.update(self.service.environment["TERIMA_SIGNING_SECRETS"].split(","))
        self.old, self.new = self.service.environment["TERIMA_SIGNING_SECRETS"].split(",")
        self.body = ppro_events.simple()

    def check(self, answer, status_line, body, **fields):
        """The whole answer: status line, body, its framing, and the header fields named (with _ for -)."""
        self.assertEqual(answer.status_line, f"HTTP/1.1 {status_line}")
        self.assertEqual(answer.body, body)
        if body:
            fields |= {"Content_Type": "application/json", "Content_Length": str(len(body))}
        for name, value in fields.items():
            self.assertEqual(answer.field(name.replace("_", "-")), value, name)

    def refused(self, answer, status_line, error, **fields):
        self.check(answer, status_line, json.dumps({"error": error}, separators=(",", ":")).encode(), **fields)

    def files(self):
        """What is on the disk: any write to the database would change it."""
        paths = [self.service.database, self.service.database.with_name("terima.db-wal")]
        return [(path.stat().st_size, path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).digest()) for path in paths]

    def unauthorized(self, error, *headers, body=None):
        answer = self.service.post(self.body if body is None else body, headers)
        self.refused(answer, "401 Unauthorized", error, WWW_Authenticate="PPRO-Signature")

    def test_stored_and_seen_before(self):
        signed = [(signing.CURRENT, signing.current(self.body, self.old))]
        self.check(self.service.post(self.body, signed), "202 Accepted", b'{"status":"accepted"}')
        self.check(self.service.post(self.body, signed), "200 OK", b'{"status":"duplicate"}')
        other = self.body.replace(b"1000", b"1001")
        signed = [(signing.CURRENT, signing.current(other, self.new))]
        self.check(self.service.post(other, signed), "200 OK", b'{"status":"conflict"}')

    def test_either_scheme_and_either_secret_are_taken(self):
        signatures = []
        for secret in (self.old, self.new):
            current, legacy = signing.current(self.body, secret), signing.legacy(self.body, secret)
            time_part, code = current.split(",s=")
            signatures += [
                [(signing.CURRENT, current)], [("ppro-signature", f"{time_part},s={code.upper()}")],
                [(signing.LEGACY, legacy)], [("WEBHOOK-SIGNATURE", legacy.upper())],
                [(signing.LEGACY, "0" * 64), (signing.CURRENT, current)]]
        for number, headers in enumerate(signatures):
            with self.subTest(headers[-1][0], number=number):
                answer = self.service.post(self.body, headers)
                self.check(answer, *(("200 OK", b'{"status":"duplicate"}') if number else ("202 Accepted", b'{"status":"accepted"}')))

    def test_signatures_that_do_not_hold(self):
        before, body = self.files(), self.body
        good, old = signing.current(body, self.old), signing.legacy(body, self.old)
        now, digits = int(time.time()), good.split("s=")[1]
        self.unauthorized("signature_missing")
        self.unauthorized("signature_missing", ("X-PPRO-Signature", good))
        for value in ("", "t=,s=", f"s={digits}", f"t={now}", f"t={now},s={digits[:-1]}", f"t={now},s={digits}0", f"t=x{now},s={digits}",
                      f"t={now},s={digits[:-1]}g", digits, f"t=-1,s={digits}", f"{good},{good}"):
            self.unauthorized("signature_malformed", (signing.CURRENT, value))
        self.unauthorized("signature_malformed", (signing.CURRENT, good), (signing.CURRENT, good))
        for value in ("", "xyz", old[:-2], f"{old},{old}"):
            self.unauthorized("signature_malformed", (signing.LEGACY, value))
        self.unauthorized("signature_invalid", (signing.CURRENT, signing.current(body, "another-secret")))
        for moved in (now + 1, f"0{now}", "9" * 20):
            self.unauthorized("signature_invalid", (signing.CURRENT, f"t={moved},s={signing.code(body, self.old, now)}"))
        self.unauthorized("signature_invalid", (signing.CURRENT, good), body=body + b"\n")
        self.unauthorized("signature_invalid", (signing.CURRENT, good), body=body[:-1] + b" ")
        self.unauthorized("signature_invalid", (signing.LEGACY, signing.legacy(body, "another-secret")))
        # The current scheme decides; the old one cannot rescue it.
        self.unauthorized("signature_invalid", (signing.CURRENT, signing.current(body, "another-secret")), (signing.LEGACY, old))
        self.unauthorized("signature_malformed", (signing.CURRENT, "nonsense"), (signing.LEGACY, old))
        self.assertEqual(self.files(), before)
        self.assertEqual(self.service.events(), [])

    def test_stale_is_said_only_of_what_is_genuine(self):
        before = self.files()
        self.unauthorized("signature_stale", (signing.CURRENT, signing.current(self.body, self.new, age=72 * HOUR + 60)))
        self.unauthorized("signature_stale", (signing.CURRENT, signing.current(self.body, self.new, age=-360)))
        self.unauthorized("signature_invalid", (signing.CURRENT, signing.current(self.body, "another-secret", age=100 * HOUR)))
        self.assertEqual(self.files(), before)
        for age in (72 * HOUR - 60, -240):
            answer = self.service.post(self.body, [(signing.CURRENT, signing.current(self.body, self.new, age=age))])
            self.assertIn(answer.status, (200, 202))

    def test_the_old_scheme_can_be_switched_off(self):
        service = self.started("strict", TERIMA_LEGACY_SIGNATURE="refuse")
        answer = service.post(self.body, [(signing.LEGACY, signing.legacy(self.body, service.signing_secret))])
        self.refused(answer, "401 Unauthorized", "signature_missing")
        service.accept(self.body)

    def test_bodies_that_are_too_large_or_encoded(self):
        service, port = self.service, self.service.port
        before = self.files()
        large = padded(LARGEST + 1)
        signed = [(signing.CURRENT, signing.current(large, self.old))]
        head = request("POST", WEBHOOKS, [*signed, ("Content-Length", str(len(large)))])
        chunk = b"%x\r\n" % len(large) + large + b"\r\n0\r\n\r\n"
        chunked = request("POST", WEBHOOKS, [*signed, ("Transfer-Encoding", "chunked")]) + chunk
        for octets in (head, head + large, chunked):
            answer = exchange(port, octets)
            self.refused(answer, "413 Payload Too Large", "body_too_large", Connection="close")
            self.assertTrue(answer.closed)
        for encoding in ("gzip", "br", "identity, gzip"):
            answer = service.post(self.body, [(signing.CURRENT, signing.current(self.body, self.old)), ("Content-Encoding", encoding)])
            self.refused(answer, "415 Unsupported Media Type", "content_encoding_unsupported")
        self.assertEqual(self.files(), before)
        largest = padded(LARGEST)
        self.assertEqual(len(largest), LARGEST)
        signed = [(signing.CURRENT, signing.current(largest, self.old)), ("Content-Encoding", "identity")]
        self.check(service.post(largest, signed), "202 Accepted", b'{"status":"accepted"}')

    def test_the_body_alone_decides(self):
        """CloudEvents' binary mode and any Content-Type are not looked at; the query of the URL means nothing."""
        headers = [("ce-id", "other"), ("ce-source", "elsewhere"), ("ce-type", "other"), ("ce-specversion", "1.0"),
                   ("Content-Type", "text/plain; charset=latin1"), (signing.CURRENT, signing.current(self.body, self.old))]
        answer = exchange(self.service.port, request("POST", WEBHOOKS + "?tenant=1", headers, self.body))
        self.check(answer, "202 Accepted", b'{"status":"accepted"}')
        self.assertEqual([row["id"] for row in self.service.events()], ["evtX01"])

    def test_other_paths_and_methods(self):
        port, before = self.service.port, self.files()
        signed = [(signing.CURRENT, signing.current(self.body, self.old))]
        for path in ("/", "/webhooks", "/webhooks/ppro/", "/webhooks/PPRO", "/webhooks/%70pro", "//webhooks/ppro", "/v1/status", "/metrics",
                     "/webhooks/../webhooks/ppro"):
            self.refused(exchange(port, request("POST", path, signed, self.body)), "404 Not Found", "not_found")
        for method in ("GET", "PUT", "DELETE", "PATCH", "TRACE", "BREW"):
            answer = exchange(port, request(method, WEBHOOKS))
            if method == "BREW":
                self.assertIn(answer.status, (400, 405))
            else:
                self.refused(answer, "405 Method Not Allowed", "method_not_allowed", Allow="POST, OPTIONS")
        answer = exchange(port, request("POST", "/healthz", body=b"{}"))
        self.refused(answer, "405 Method Not Allowed", "method_not_allowed", Allow="GET, HEAD, OPTIONS")
        self.assertEqual(self.files(), before)

    def test_handshake(self):
        port = self.service.port
        asked = [("WebHook-Request-Origin", "eventemitter.example.com"), ("WebHook-Request-Rate", "120")]
        self.check(exchange(port, request("OPTIONS", WEBHOOKS, asked)), "200 OK", b"", WebHook_Allowed_Origin="eventemitter.example.com",
                   WebHook_Allowed_Rate="*", Allow="POST, OPTIONS", Content_Length="0")
        self.check(exchange(port, request("OPTIONS", WEBHOOKS)), "204 No Content", b"", Allow="POST, OPTIONS")
        for origin in ("a b", "x\ty", "<script>"):
            answer = exchange(port, request("OPTIONS", WEBHOOKS, [("WebHook-Request-Origin", origin)]))
            self.refused(answer, "400 Bad Request", "origin_invalid")

    def test_health(self):
        port = self.service.port
        self.check(exchange(port, request("GET", "/healthz")), "200 OK", b'{"status":"ok"}')
        answer = exchange(port, request("HEAD", "/healthz"), has_body=False)
        self.check(answer, "200 OK", b"", Content_Length="15")

    def test_requests_that_are_no_http(self):
        port, before = self.service.port, self.files()
        for octets in (b"GARBAGE\r\n\r\n", b"POST /webhooks/ppro HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"):
            answer = exchange(port, octets)
            self.assertEqual((answer.status, answer.closed), (400, True))
        many = [(f"X-{number}", "y") for number in range(100)]
        self.assertEqual(exchange(port, request("GET", "/healthz", many)).status, 431)
        self.assertEqual(exchange(port, request("GET", "/healthz", [("X-Long", "y" * 20_000)])).status, 431)
        self.assertEqual(self.files(), before)

    def test_a_connection_serves_many_requests(self):
        """Pipelined, too: the answers come in the order of the requests."""
        requests = [request("GET", "/healthz"), request("POST", WEBHOOKS, [], self.body)]
        requests += [request("POST", WEBHOOKS, [(signing.CURRENT, signing.current(self.body, self.old))], self.body)] * 2
        with Connection(self.service.port) as connection:
            connection.send(b"".join(requests))
            statuses = [connection.receive().status for _ in requests]
            self.assertEqual(statuses, [200, 401, 202, 200])
            connection.send(requests[0])
            self.assertEqual(connection.receive().status, 200)

    def test_a_flood_of_refusals_is_one_line_a_second(self):
        began, refusals = time.monotonic(), 300
        with Connection(self.service.port) as connection:
            for _ in range(refusals):
                connection.send(request("POST", WEBHOOKS, [], self.body))
                self.assertEqual(connection.receive().status, 401)
        seconds = time.monotonic() - began
        self.service.stop()
        lines = [line for line in self.service.said() if "signature_missing" in line]
        self.assertLessEqual(1, len(lines))
        self.assertLessEqual(len(lines), seconds + 2)
        self.assertEqual(sum(int(line["signature_missing"]) for line in lines), refusals)
