"""Smuggling and malformed HTTP: what llhttp reads, or 400 and the end; never two requests out of one, and nothing stored that was not sent as a request."""

import hashlib
import hmac
import json
import socket
import time
from urllib.parse import urlsplit

import http_corpus
import llhttp_reading
import ppro_events
import rawhttp
import signing
from polling import eventually
from rawhttp import SECONDS, Connection, request
from service import WEBHOOKS, AcceptanceTest

# What the receiver may say of a request that it does not read to its end; it must then close.
REFUSALS = {400, 408, 413, 431, 503}


def converse(port, octets, pieces):
    """Sends bytes, says that no more are coming, and returns all that comes back until the other side has closed."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        size = max(1, -(-len(octets) // pieces))
        try:
            for start in range(0, len(octets), size):
                connection.sendall(octets[start:start + size])
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # It was refused before its end; the answer says why.
        try:
            while more := connection.recv(65536):
                received += more
        except ConnectionResetError:
            pass
    return received


def answers(received, methods):
    """Status, whether the connection ends with it, and body of each final answer. `methods` are those of the requests: what answers HEAD has no body."""
    found, rest = [], received
    while rest:
        head, rest = rest.split(b"\r\n\r\n", 1)
        status_line, *lines = head.decode("ascii").split("\r\n")
        fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        status = int(status_line.split(" ")[1])
        if status == 100:
            continue
        is_head = len(found) < len(methods) and methods[len(found)] == "HEAD"
        length = 0 if is_head else int(fields.get("content-length", 0))
        body, rest = rest[:length], rest[length:]
        assert len(body) == length, f"an answer ends in the middle: {received!r}"
        found.append((status, fields.get("connection", "").lower() == "close", body))
    return found


class Meaning:
    """What a request must be answered, from llhttp's reading of it alone."""

    def __init__(self, secret):
        self.secret = secret

    def of_head(self, message):
        """The answer that does not depend on the body; None where it does."""
        resource = self._resource(message.target)
        coded = [value.lower() for value in message.values("Transfer-Encoding")]
        if coded and (coded != [b"chunked"] or message.version != (1, 1) or message.values("Content-Length")):
            return 400
        if resource is None:
            return 404
        if (resource, message.method) in {("/healthz", "GET"), ("/healthz", "HEAD")}:
            return 200
        if message.method == "OPTIONS":
            return 204
        if (resource, message.method) != (WEBHOOKS, "POST"):
            return 405
        if any(value.lower() != b"identity" for value in message.values("Content-Encoding")):
            return 415
        if any(int(value) > 262_144 for value in message.values("Content-Length")):
            return 413
        return None

    def of(self, message):
        return self.of_head(message) or (202 if self._is_signed(message) else 401)

    @staticmethod
    def _resource(target):
        text = target.decode("latin1").split("?", 1)[0]
        if text.startswith(("http://", "https://")):
            text = urlsplit(text).path
        return text if text in (WEBHOOKS, "/healthz") else None

    def _is_signed(self, message):
        values = message.values(signing.CURRENT)
        if len(values) != 1 or not values[0].startswith(b"t="):
            return False
        moment, _, code = values[0][2:].partition(b",s=")
        expected = hmac.new(self.secret.encode(), moment + b"." + message.body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(code, expected.encode())


class HTTPCorpusTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.service = self.started()
        self.meaning = Meaning(self.service.signing_secret)
        self.stored, self.as_read, self.stricter, self.probes = [], 0, 0, 0

    def test_every_request_has_one_reading(self):
        with Connection(self.service.port) as honest:
            for tag, pieces in (("whole", 1), ("bytes", 400)):
                cases = http_corpus.corpus(self.service.signing_secret, tag)
                self.assertGreaterEqual(len(cases), 200)
                self.assertEqual(len({case.name for case in cases}), len(cases), "two cases have one name")
                for case in cases:
                    with self.subTest(case.name, sent=tag):
                        self.check(case, pieces)
                    self.probe(honest, f"{tag}{case.name}")
        self.check_store()
        print(f"{len(cases)} requests, whole and in pieces: {self.as_read} times read as llhttp reads them, {self.stricter} times refused where llhttp reads on; "
              f"{self.probes} honest webhooks between them taken, {len(self.stored)} events stored, none hidden")

    def check(self, case, pieces):
        messages = llhttp_reading.read(case.octets)
        received = converse(self.service.port, case.octets, pieces)
        found = answers(received, [message.method for message in messages])
        for message, (status, _, _) in zip(messages, found):
            if status == 202:
                self.stored.append(message.body)
        self.one_reading(messages, found)
        self.assertEqual(tuple(status for status, _, _ in found), case.statuses)
        is_shorter = len(found) < len([message for message in messages if message.is_whole]) or any(
            message.is_whole and status != self.meaning.of(message) for message, (status, _, _) in zip(messages, found))
        self.stricter += is_shorter
        self.as_read += not is_shorter

    def one_reading(self, messages, found):
        """Each answer is that of the request which llhttp reads in its place; where the receiver stops before llhttp, it says so and closes."""
        whole = [message for message in messages if message.is_whole]
        for place, (status, closes, body) in enumerate(found):
            is_last = place == len(found) - 1
            self.assertTrue(is_last or not closes, f"it went on after it had said that it closes: {found}")
            self.assertTrue(status < 400 or "error" in json.loads(body or b'{"error":"of HEAD"}'), body)
            if place < len(whole) and status == self.meaning.of(whole[place]):
                continue
            # A request that llhttp does not read, or not to its end, is refused by its head alone, and is the last.
            head = messages[place] if place < len(messages) and messages[place].has_head else None
            allowed = REFUSALS | ({self.meaning.of_head(head)} if head else set())
            self.assertTrue(closes and is_last, f"an answer that llhttp does not account for, and no end: {found} for {messages}")
            self.assertIn(status, allowed, f"{found} for {messages}")
        if len(found) < len(whole):
            self.assertTrue(found and found[-1][1], f"requests without an answer: {found} for {messages}")

    def probe(self, honest, name):
        """An honest webhook on a connection that stays open is taken after each of them."""
        self.probes += 1
        body = ppro_events.simple(identity=f"evtHonest{self.probes}", charge=f"H{self.probes}")
        honest.send(request("POST", WEBHOOKS, [(signing.CURRENT, signing.current(body, self.service.signing_secret))], body))
        self.assertEqual(honest.receive().status, 202, f"the honest webhook after {name}")
        self.stored.append(body)

    def check_store(self):
        """Exactly what was acknowledged is stored, each once: the hidden ones, all rightly signed, are not there."""
        rows = self.service.events()
        self.assertEqual(len(rows), len(self.stored))
        told = {json.loads(body)["id"] for body in self.stored if body.startswith(b"{")}
        self.assertLessEqual(told, {row["id"] for row in rows})

    def test_the_oracle_sees_two_requests(self):
        """The control: a server that reads a hidden request as one of its own is caught."""
        hidden = http_corpus.Maker(self.service.signing_secret, "c")
        tail = b"0\r\n\r\n" + hidden.plain()
        octets = hidden.post(b"Content-Length: %d" % len(tail), body=tail)
        messages = llhttp_reading.read(octets)
        self.assertEqual([self.meaning.of(message) for message in messages], [202])
        self.one_reading(messages, [(202, False, b"{}")])
        with self.assertRaises(AssertionError):
            self.one_reading(messages, [(202, False, b"{}"), (202, False, b"{}")])
        with self.assertRaises(AssertionError):
            self.one_reading(messages, [(401, False, b'{"error":"x"}')])


class TimeLimitsTest(AcceptanceTest):
    """Time is counted on bytes that arrive, and each limit has its answer."""

    def started_with(self, **settings):
        return self.started(TERIMA_HEADER_TIMEOUT="1s", TERIMA_REQUEST_TIMEOUT="2s", TERIMA_IDLE_TIMEOUT="1s", **settings)

    def drip(self, service, begin, drop):
        """Sends `begin`, then `drop` again and again until there is an answer; returns that and the seconds it took."""
        began = time.monotonic()
        with Connection(service.port) as connection:
            connection.send(begin)
            connection.socket.settimeout(0.1)
            while time.monotonic() - began < SECONDS:
                try:
                    connection.send(drop)
                    connection._more()
                except TimeoutError:
                    continue
                except OSError:
                    pass
                break
            connection.socket.settimeout(SECONDS)
            seconds = time.monotonic() - began
            return connection.receive(), seconds

    def test_dripping_does_not_help(self):
        service = self.started_with()
        head = request("POST", WEBHOOKS, [("Content-Length", "5000")])
        for begin, drop, limit in (
                (b"GET /heal", b"t", 1), (b"GET /healthz HTTP/1.1\r\n", b"X: y\r\n", 1), (b"GET /healthz HTTP/1.1\r\nX: ", b"y", 1),
                (b"\r\n", b"\r\n", 1), (head, b"x", 2), (request("POST", WEBHOOKS, [("Transfer-Encoding", "chunked")]), b"1\r\nx\r\n", 2)):
            with self.subTest(begin):
                answer, seconds = self.drip(service, begin, drop)
                self.assertEqual((answer.status, answer.body), (408, b'{"error":"request_timeout"}'))
                self.assertEqual(answer.field("Connection"), "close")
                self.assertGreaterEqual(seconds, limit * 0.9)
                self.assertLess(seconds, limit + 3)

    def test_silence_is_ended(self):
        service = self.started_with()
        with Connection(service.port) as silent:
            began = time.monotonic()
            self.assertTrue(silent.is_ended())
            self.assertGreaterEqual(time.monotonic() - began, 0.9)
        with Connection(service.port) as used:
            used.send(request("GET", "/healthz"))
            self.assertEqual(used.receive().status, 200)
            self.assertTrue(used.is_ended())

    def test_a_client_that_goes_on_after_its_refusal_is_cut_off(self):
        """At most 64 KiB are read after the last word; what the kernel has taken meanwhile is the kernel's."""
        service = self.started()
        for extra, is_cut_off in ((30_000, False), (8_000_000, True)):
            with Connection(service.port) as connection, self.subTest(extra):
                connection.send(request("POST", WEBHOOKS, [("Content-Length", "9000000")]))
                self.assertEqual(connection.receive().status, 413)
                sent = self.send_until_cut_off(connection, extra)
                self.assertEqual(sent < extra, is_cut_off, f"{sent} bytes were taken")

    @staticmethod
    def send_until_cut_off(connection, count):
        sent = 0
        try:
            while sent < count:
                sent += connection.socket.send(b"x" * min(10_000, count - sent))
        except OSError:
            pass
        return sent

    def test_a_client_that_takes_no_answers_is_ended(self):
        """It asks and asks and reads nothing: the service stops reading from it, and ends it when its time is up."""
        service = self.started_with()
        with Connection(service.port) as connection:
            sent, octets = 0, request("GET", "/healthz") * 100
            began = time.monotonic()
            with self.assertRaises((ConnectionResetError, BrokenPipeError)):
                while time.monotonic() - began < SECONDS:
                    sent += connection.socket.send(octets)
            self.assertLess(sent, 50_000_000)
        self.assertEqual(rawhttp.exchange(service.port, request("GET", "/healthz")).status, 200)

    def test_no_more_connections_than_configured(self):
        service = self.started(TERIMA_MAXIMUM_CONNECTIONS="3")
        open_ones = [Connection(service.port) for _ in range(3)]
        for connection in open_ones:
            self.addCleanup(connection.socket.close)
            connection.send(request("GET", "/healthz"))
            self.assertEqual(connection.receive().status, 200)
        with Connection(service.port) as further:
            further.send(request("GET", "/healthz"))
            further.socket.settimeout(0.5)
            with self.assertRaises(TimeoutError):
                further.receive()
            open_ones[0].socket.close()
            further.socket.settimeout(SECONDS)
            self.assertEqual(eventually("the connection that waited is served", further.receive).status, 200)
