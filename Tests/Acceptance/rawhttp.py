"""HTTP/1.1 by hand over a socket: what is sent and what comes back are bytes, with nothing in between that repairs them."""

import json
import socket
from dataclasses import dataclass

SECONDS = 20.0


@dataclass
class Answer:
    status_line: str
    fields: list
    body: bytes
    closed: bool = False

    @property
    def status(self):
        return int(self.status_line.split(" ")[1])

    def field(self, name):
        """The only value of a header field; None without it."""
        values = [value for key, value in self.fields if key.lower() == name.lower()]
        assert len(values) <= 1, f"{name} came {len(values)} times"
        return values[0] if values else None

    def json(self):
        return json.loads(self.body)


class Connection:
    """One connection to a TCP port of this machine, or to a Unix socket."""

    def __init__(self, address):
        if isinstance(address, int):
            self.socket = socket.create_connection(("127.0.0.1", address), timeout=SECONDS)
        else:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(SECONDS)
            self.socket.connect(str(address))
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, octets):
        self.socket.sendall(octets)

    def receive(self, has_body=True):
        """The next answer."""
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        status_line, *lines = head.decode("ascii").split("\r\n")
        fields = [tuple(line.split(": ", 1)) for line in lines]
        answer = Answer(status_line, fields, b"")
        length = int(answer.field("Content-Length") or 0) if has_body else 0
        while len(self.buffer) < length:
            self._more()
        answer.body, self.buffer = self.buffer[:length], self.buffer[length:]
        return answer

    def is_ended(self):
        """Waits for the other side to close; false when it sends something instead."""
        try:
            return self.buffer == b"" and self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def _more(self):
        octets = self.socket.recv(65536)
        if not octets:
            raise ConnectionError(f"closed in the middle of an answer, after {self.buffer!r}")
        self.buffer += octets


def request(method, target, headers=(), body=None):
    """The bytes of a request; Content-Length is added when there is a body."""
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in headers]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines + ["", ""]).encode() + (body or b"")


def exchange(address, octets, has_body=True):
    """Sends bytes on a connection of their own and returns the answer; `closed` tells whether the server asked to close."""
    with Connection(address) as connection:
        connection.send(octets)
        answer = connection.receive(has_body)
        if (answer.field("Connection") or "").lower() == "close":
            assert connection.is_ended(), "it said Connection: close and went on"
            answer.closed = True
        return answer
