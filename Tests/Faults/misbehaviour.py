"""What the shops of the delivery matrix do, each under the line of docs/delivery.md that tells what becomes of it."""

import socket
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from shops import RawShop, Talk, answer


@dataclass
class Case:
    """One endpoint whose shop behaves in one way. `url` is where it is; the path is the case's name where a shop is shared."""

    row: str
    name: str
    behave: object = None
    status: int = None
    wait: float = None      # seconds asked for, where they count
    floods: bool = False    # terima must cut it off


def say(octets, going=False):
    """Sends these bytes; then the connection is closed, unless `going`. One that is whole must not "hang": the connection is good for the next request, which may
    be another shop's, and would never be read."""
    def behave(talk, _):
        talk.send(octets)
        if going == "hang":
            talk.hang()
        return going is True
    return behave


def pour(before, octets):
    def behave(talk, _):
        talk.send(before)
        talk.pour(octets)
    return behave


def http_date(seconds, form="%a, %d %b %Y %H:%M:%S GMT"):
    return (datetime.now(timezone.utc) + timedelta(seconds=seconds)).strftime(form)


def retry_after(row, name, value, status=503, wait=None):
    """`value` is text, or made when the answer is."""
    def behave(talk, _):
        talk.send(answer(status, "Retry-After: " + (value() if callable(value) else value)))
        return True
    return Case(row, name, behave, status, wait)


def trickle(talk, _):
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    try:
        while True:
            talk.send(b"x")
            time.sleep(0.1)
    except OSError:
        pass


def reset(before=b""):
    def behave(talk, _):
        talk.send(before)
        talk.reset()
    return behave


def statuses():
    """One case for each status that there can be, 101 aside: it has a line of its own."""
    def row(status):
        if status < 300:
            return "answers 200 to 299"
        if status == 410:
            return "answers 410"
        if status < 400:
            return "answers 300 to 399, whatever address `Location` names"
        return "answers 400 to 499, but not 410" if status < 500 else "answers 500 to 999"
    known = [*range(200, 600), 600, 666, 700, 799, 800, 999]
    return [Case(row(status), f"s{status}", say(answer(status), True), status) for status in known]


def redirects(internal):
    """To addresses that only this machine can reach, in every way that a client might follow."""
    row = "answers 300 to 399, whatever address `Location` names"
    found = []
    for status in (300, 301, 302, 303, 305, 307, 308):
        for number, place in enumerate((f"http://127.0.0.2:{internal}/", f"//127.0.0.2:{internal}/x", f"http://2130706434:{internal}/")):
            found.append(Case(row, f"r{status}-{number}", say(answer(status, f"Location: {place}"), True), status))
    fields = [f"Refresh: 0; url=http://127.0.0.2:{internal}/", f"Content-Location: http://127.0.0.2:{internal}/", f"Location: http://127.0.0.2:{internal}/"]
    found.append(Case("answers 200 to 299", "r200", say(answer(200, *fields), True), 200))
    found.append(Case("answers 400 to 499, but not 410", "r401", say(answer(401, 'WWW-Authenticate: Basic realm="x"', *fields), True), 401))
    return found


def waits():
    longer = "asks for a wait (`Retry-After`, seconds or a date) longer than the schedule's"
    day = "asks for more than 24 hours"
    shorter = "asks for a wait shorter than the schedule's, for none, or for a time that has passed"
    garbage = "asks for a wait that cannot be understood"
    return [
        retry_after(longer, "w-seconds", "120", wait=120), retry_after(longer, "w-spaces", "  120\t ", wait=120),
        retry_after(longer, "w-zeros", "000120", wait=120), retry_after(longer, "w-on-429", "120", 429, 120),
        retry_after(longer, "w-on-404", "120", 404, 120), retry_after(longer, "w-on-302", "120", 302, 120),
        retry_after(longer, "w-twice", "120\r\nRetry-After: 240", wait=120),
        retry_after(longer, "w-date", lambda: http_date(120), wait=120),
        retry_after(longer, "w-date-rfc850", lambda: http_date(120, "%A, %d-%b-%y %H:%M:%S GMT"), wait=120),
        retry_after(longer, "w-date-asctime", lambda: http_date(120, "%a %b %e %H:%M:%S %Y"), wait=120),
        retry_after(longer, "w-exactly-a-day", "86400", wait=86400),
        retry_after(day, "w-two-days", "172800", wait=86400), retry_after(day, "w-huge", "9" * 40, wait=86400),
        retry_after(day, "w-int64", str(2**63), wait=86400), retry_after(day, "w-year", "Fri, 31 Dec 2100 23:59:59 GMT", wait=86400),
        retry_after(shorter, "w-short", "30"), retry_after(shorter, "w-zero", "0"),
        retry_after(shorter, "w-past", lambda: http_date(-3600)), retry_after(shorter, "w-long-ago", "Sun, 06 Nov 1994 08:49:37 GMT"),
        retry_after(garbage, "w-negative", "-120"), retry_after(garbage, "w-plus", "+120"), retry_after(garbage, "w-fraction", "120.5"),
        retry_after(garbage, "w-unit", "120s"), retry_after(garbage, "w-word", "soon"), retry_after(garbage, "w-empty", ""),
        retry_after(garbage, "w-hex", "0x78"), retry_after(garbage, "w-bad-date", "Mon, 32 Foo 2026 25:61:61 GMT"),
        retry_after(garbage, "w-list", "120, 240"), retry_after(garbage, "w-utf8", "１２０"),
        retry_after("answers 2xx with `Retry-After`", "w-on-200", "120", 200),
    ]


def talk_cases():
    """What a shop does once it has the request."""
    interim = b"HTTP/1.1 102 Processing\r\nX: " + b"x" * 1000 + b"\r\n\r\n"
    ok, chunked = b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    body_row = "answers 2xx, and the body has no end or is larger than 64 KiB"
    odd = "sends something that is not HTTP/1.x, or contradicts itself"
    closes = "closes or resets the connection without an answer"
    middle = "closes the connection in the middle of the answer"
    half_body = "sends half a body, then nothing, or a byte now and then"
    many = "sends more than 256 header fields (trailers are counted by themselves), or one larger than 80 KiB"
    endless_chunks = "answers 2xx, and the extensions of a chunk have no end"
    after_interim = "answers 2xx after interim answers (1xx)"
    cases = [Case(after_interim, f"i{status}", say(f"HTTP/1.1 {status} X\r\nA: b\r\n\r\n".encode() + answer(204), True), 204)
             for status in (100, 102, 103, 150, 199)]
    cases += [
        Case("answers 101 (another protocol)", "i101", say(b"HTTP/1.1 101 X\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\nwhatever", True), 101),
        Case(after_interim, "i-hundred", say(b"HTTP/1.1 100 Continue\r\n\r\n" * 100 + answer(200), True), 200),
        Case("sends interim answers without end", "i-flood", pour(b"", interim), floods=True),
        Case("sends interim answers without end", "i-flood-bare", pour(b"", b"HTTP/1.1 100 C\r\n\r\n" * 100), floods=True),
        Case(body_row, "b-endless", pour(ok + b"\r\n", b"x" * 65536), 200, floods=True),
        Case(body_row, "b-endless-chunks", pour(chunked, (b"1000\r\n" + b"x" * 4096 + b"\r\n") * 16), 200, floods=True),
        Case(body_row, "b-tiny-chunks", pour(chunked, b"1\r\nx\r\n" * 10000), 200, floods=True),
        Case(body_row, "b-huge-length", pour(b"HTTP/1.1 201 OK\r\nContent-Length: 999999999999\r\n\r\n", b"x" * 65536), 201, floods=True),
        Case(body_row, "b-gzip-bomb", pour(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", b"\x1f\x8b" + b"\0" * 65534), 200, floods=True),
        Case("answers 500, and the body has no end", "b-endless-500", pour(b"HTTP/1.1 500 Oh\r\n\r\n", b"x" * 65536), 500, floods=True),
        Case(endless_chunks, "c-extensions", pour(chunked + b"1;x=", b"y" * 65536), 200, floods=True),
        Case(many, "h-million", pour(ok, b"".join(b"X-%d: y\r\n" % number for number in range(10000))), floods=True),
        Case(many, "c-trailers", pour(chunked + b"0\r\n", b"".join(b"X-%d: y\r\n" % number for number in range(10000))), floods=True),
        Case(many, "h-257", say(ok + b"X: y\r\n" * 257 + b"Content-Length: 0\r\n\r\n", "hang")),
        Case(many, "h-large", say(ok + b"X: " + b"y" * 82000 + b"\r\nContent-Length: 0\r\n\r\n", "hang")),
        Case("answers 200 to 299", "h-200-fields", say(ok + b"X: y\r\n" * 200 + b"Content-Length: 0\r\n\r\n", True), 200),
        Case("sends a header that goes on and on", "h-endless-value", pour(ok + b"X: ", b"y" * 65536), floods=True),
        Case("sends a header that goes on and on", "h-endless-name", pour(ok, b"y" * 65536), floods=True),
        Case("does not answer", "n-silence", say(b"", "hang")),
        Case("sends half a head, then nothing", "n-half-head", say(b"HTTP/1.1 200 OK\r\nContent-Le", "hang")),
        Case("sends half a head, then nothing", "n-half-line", say(b"HT", "hang")),
        Case(half_body, "n-half-body", say(ok + b"Content-Length: 10\r\n\r\nhalf:", "hang")),
        Case(half_body, "n-half-chunk", say(chunked + b"A\r\nhalf:", "hang")),
        Case(half_body, "n-trickle", trickle),
        Case(half_body, "n-interim-only", say(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n", "hang")),
        Case(closes, "x-close", say(b"")), Case(closes, "x-reset", reset()),
        Case(middle, "x-head-close", say(ok + b"Content-Le")), Case(middle, "x-body-close", say(ok + b"Content-Length: 10\r\n\r\nhalf:")),
        Case(middle, "x-chunk-close", say(chunked + b"A\r\nhalf:")), Case(middle, "x-body-reset", reset(ok + b"Content-Length: 10\r\n\r\nhalf:")),
        Case(odd, "o-ssh", say(b"SSH-2.0-OpenSSH_9.2p1 Debian\r\n", "hang")), Case(odd, "o-html", say(b"<html>Hello</html>\r\n\r\n", "hang")),
        Case(odd, "o-http2", say(b"HTTP/2 200 OK\r\n\r\n", "hang")), Case(odd, "o-frames", say(b"\0\0\x12\x04\0\0\0\0\0" * 8, "hang")),
        Case(odd, "o-status-99", say(b"HTTP/1.1 99 X\r\n\r\n", "hang")), Case(odd, "o-status-1000", say(b"HTTP/1.1 1000 X\r\n\r\n", "hang")),
        Case(odd, "o-status-none", say(b"HTTP/1.1 OK\r\n\r\n", "hang")), Case(odd, "o-nul", say(ok + b"X: \0\r\nContent-Length: 0\r\n\r\n", "hang")),
        Case(odd, "o-lengths", say(ok + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx", "hang")),
        Case(odd, "o-length-word", say(ok + b"Content-Length: ten\r\n\r\n", "hang")),
        Case(odd, "o-length-negative", say(ok + b"Content-Length: -1\r\n\r\n", "hang")),
        Case(odd, "o-chunk-size", say(chunked + b"FFFFFFFFFFFFFFFFF\r\n", "hang")),
        Case("answers 200 to 299", "o-http10", say(b"HTTP/1.0 200 OK\r\n\r\nbye"), 200),
        Case("answers 200 to 299", "o-until-close", say(b"HTTP/1.1 202 OK\r\n\r\nbye"), 202),
    ]
    return cases


class FullListener:
    """Its queue of connections is full and stays so: no further one is taken, and none is refused."""

    def __init__(self):
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(0)
        self.port = self.listener.getsockname()[1]
        self.clients = []
        for _ in range(8):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", self.port))
            self.clients.append(client)

    def close(self):
        for one in [*self.clients, self.listener]:
            one.close()


def silent_greeting(connection):
    connection.recv(1)
    threading.Event().wait(60)


def tls_cases(directory, keep, trusted, stranger):
    """Shops behind TLS; gives (case, URL, CA file or None) and keeps their servers. `trusted` and `stranger` are authorities."""
    def shop(context, host="localhost"):
        server = keep(RawShop(say(answer(204), True), tls=context))
        return f"https://{host}:{server.port}/"
    expired = "has a certificate that has expired or is not valid yet"
    unknown = "has a certificate of an authority that is not trusted, or that vouches for itself"
    fine = "has a certificate of the authority in `TERIMA_ENDPOINT_<NAME>_CA_FILE`"
    name = "has a certificate for another name"
    closes = "closes or resets the connection without an answer"
    no_tls = "does not speak TLS although the URL says https"
    itself = directory / "itself.pem"
    self_signed = trusted.context("localhost", vouch=False)
    itself.write_bytes((directory / "trusted-localhost--1-1-False.pem").read_bytes())
    plain = keep(RawShop(greet=lambda connection: connection.recv(65536) and connection.sendall(answer(400))))
    closing = keep(RawShop(greet=lambda connection: connection.recv(65536)))
    resetting = keep(RawShop(greet=lambda connection: Talk(connection, None).reset()))
    silent = keep(RawShop(greet=silent_greeting))
    return [
        (Case(expired, "t-expired"), shop(trusted.context("localhost", (-9, -1))), trusted.path),
        (Case(expired, "t-not-yet"), shop(trusted.context("localhost", (1, 9))), trusted.path),
        (Case(unknown, "t-unknown"), shop(trusted.context("localhost")), None),
        (Case(unknown, "t-other-authority"), shop(trusted.context("localhost")), stranger.path),
        (Case(unknown, "t-self-signed"), shop(self_signed), None),
        (Case(unknown, "t-self-signed-other"), shop(trusted.context("localhost", (-2, 2), False)), trusted.path),
        (Case(name, "t-wrong-host"), shop(trusted.context("shop.test")), trusted.path),
        (Case(name, "t-address"), shop(trusted.context("localhost"), "127.0.0.1"), trusted.path),
        (Case(fine, "t-good", status=204), shop(trusted.context("localhost")), trusted.path),
        (Case(fine, "t-good-itself", status=204), shop(self_signed), itself),
        (Case(no_tls, "t-plain"), f"https://localhost:{plain.port}/", None),
        (Case(closes, "t-closing"), f"https://localhost:{closing.port}/", None),
        (Case(closes, "t-resetting"), f"https://localhost:{resetting.port}/", None),
        (Case("takes the connection and is silent in the handshake", "t-silent"), f"https://localhost:{silent.port}/", None),
    ]
