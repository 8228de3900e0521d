"""What llhttp makes of the bytes of a connection: the reading that the receiver must share, or refuse."""

from dataclasses import dataclass, field

import llhttp


@dataclass
class Message:
    method: str = ""
    target: bytes = b""
    version: tuple = (1, 1)
    fields: list = field(default_factory=list)
    body: bytes = b""
    has_head: bool = False
    is_whole: bool = False

    def values(self, name):
        return [value for key, value in self.fields if key.lower() == name.lower().encode()]


class _Parser(llhttp.Request):
    def __init__(self):
        self.messages, self._name, self._value = [], b"", None

    def on_message_begin(self):
        self.messages.append(Message())
        self._name, self._value = b"", None

    def on_url(self, octets):
        self.messages[-1].target += bytes(octets)

    def on_header_field(self, octets):
        if self._value is not None:
            self._end_field()
        self._name += bytes(octets)

    def on_header_value(self, octets):
        self._value = (self._value or b"") + bytes(octets)

    def on_headers_complete(self):
        if self._name:
            self._end_field()
        message = self.messages[-1]
        message.method, message.version, message.has_head = self.method, (self.major, self.minor), True

    def on_body(self, octets):
        self.messages[-1].body += bytes(octets)

    def on_message_complete(self):
        self.messages[-1].is_whole = True

    def _end_field(self):
        # Trailers are no part of the header.
        if not self.messages[-1].has_head:
            self.messages[-1].fields.append((self._name, (self._value or b"").strip(b" \t")))
        self._name, self._value = b"", None


def read(octets):
    """The messages of a connection in their order, up to where llhttp refuses to read on; the last may be without its end or its header."""
    parser = _Parser()
    try:
        parser.execute(octets)
    except llhttp.Error:
        pass
    return parser.messages
