"""Malformed, ambiguous and smuggling HTTP requests as data: a name, the bytes, and the statuses that have to come back before the connection ends.

Every webhook in them is signed rightly, hidden ones included: whatever the receiver took for a request of its own would be stored, and found there.
"""

from typing import NamedTuple

import ppro_events
import signing

WEBHOOK = b"POST /webhooks/ppro HTTP/1.1"
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
BAD, ONE, TWO, NOTHING = (400,), (202,), (202, 202), ()


class Case(NamedTuple):
    name: str
    octets: bytes
    statuses: tuple


class Maker:
    """Makes requests with bodies of their own; `tag` keeps the events of one run apart from those of another."""

    def __init__(self, secret, tag):
        self.secret, self.tag, self.number = secret, tag, 0

    def body(self):
        self.number += 1
        return ppro_events.simple(identity=f"evt{self.tag}{self.number}", charge=f"{self.tag}{self.number}")

    def signed(self, body):
        return f"{signing.CURRENT}: {signing.current(body, self.secret)}".encode()

    def post(self, *fields, body=None, sent=None, line=WEBHOOK):
        """A signed webhook with these lines beside Host and signature; `sent` is what follows the header, with `BODY` standing for the body."""
        body = self.body() if body is None else body
        lines = [line, b"Host: x", self.signed(body), *(field.replace(b"LENGTH", b"%d" % len(body)) for field in fields)]
        sent = body if sent is None else sent.replace(b"BODY", body).replace(b"SIZE", b"%x" % len(body))
        return b"\r\n".join([*lines, b"", b""]) + sent

    def plain(self):
        return self.post(b"Content-Length: LENGTH")

    def chunked(self, sent, *fields):
        return self.post(b"Transfer-Encoding: chunked", *fields, sent=sent)


WHOLE = b"SIZE\r\nBODY\r\n0\r\n\r\n"

# How Transfer-Encoding has been disguised, and whether it is chunked all the same when it stands alone.
DISGUISES = {
    "plain": (b"Transfer-Encoding: chunked", True), "no_space": (b"Transfer-Encoding:chunked", True), "tab": (b"Transfer-Encoding:\tchunked", True),
    "upper_case": (b"TRANSFER-ENCODING: CHUNKED", True), "mixed_case": (b"transfer-Encoding: chUNKed", True), "space_behind": (b"Transfer-Encoding: chunked ", True),
    "tab_behind": (b"Transfer-Encoding: chunked\t", None), "space_before_colon": (b"Transfer-Encoding : chunked", None),
    "tab_before_colon": (b"Transfer-Encoding\t: chunked", None), "leading_space": (b" Transfer-Encoding: chunked", None),
    "vertical_tab": (b"Transfer-Encoding: \x0bchunked", None), "form_feed_behind": (b"Transfer-Encoding: chunked\x0c", None),
    "nul": (b"Transfer-Encoding: chunked\x00", None), "non_breaking_space": (b"Transfer-Encoding: \xa0chunked", None), "bell": (b"Transfer-Encoding: \x07chunked", None),
    "x": (b"Transfer-Encoding: xchunked", None), "cow": (b"Transfer-Encoding: cow", None), "empty": (b"Transfer-Encoding:", None),
    "identity": (b"Transfer-Encoding: identity", None), "quoted": (b'Transfer-Encoding: "chunked"', None), "parameter": (b"Transfer-Encoding: chunked;q=1", None),
    "not_last": (b"Transfer-Encoding: chunked, identity", None), "comma_behind": (b"Transfer-Encoding: chunked,", None),
    "two_lines_not_last": (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", None), "bare_lf": (b"X: y\nTransfer-Encoding: chunked", None),
    "bare_cr": (b"X: y\rTransfer-Encoding: chunked", None), "folded": (b"Transfer-Encoding:\r\n chunked", None),
    "folded_name": (b"Transfer-Encoding\r\n : chunked", None),
}


def smuggling(make):
    """CL.TE and TE.CL: two readings of where a request ends, and a second request in between."""
    for name, (line, alone) in DISGUISES.items():
        # Whoever goes by the length sees one request; whoever goes by the chunks sees the hidden one behind the last chunk.
        hidden = make.plain()
        tail = b"0\r\n\r\n" + hidden
        yield Case(f"cl_te_{name}", make.post(line, b"Content-Length: %d" % len(tail), body=tail), BAD)
        yield Case(f"cl_te_{name}_length_first", make.post(b"Content-Length: %d" % len(tail), line, body=tail), BAD)
        # Whoever goes by the chunks sees one request; whoever goes by the length sees the hidden one inside the chunk.
        hidden = make.plain()
        size = b"%x\r\n" % len(hidden)
        yield Case(f"te_cl_{name}", make.post(line, b"Content-Length: %d" % len(size), sent=size + hidden + b"\r\n0\r\n\r\n"), BAD)
        yield Case(f"te_alone_{name}", make.post(line, sent=WHOLE), ONE if alone else BAD)
    yield Case("te_twice", make.post(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked", sent=WHOLE), BAD)
    yield Case("te_twice_in_one", make.post(b"Transfer-Encoding: chunked, chunked", sent=WHOLE), BAD)
    yield Case("te_coded_and_chunked", make.post(b"Transfer-Encoding: gzip, chunked", sent=WHOLE), BAD)
    yield Case("te_underscore", make.post(b"Transfer_Encoding: chunked", b"Content-Length: LENGTH"), ONE)


LENGTHS = {
    "plus": b"+LENGTH", "minus": b"-LENGTH", "minus_zero": b"-0", "hexadecimal": b"0xLENGTH", "list_same": b"LENGTH, LENGTH", "list_other": b"LENGTH, 0",
    "list_tight": b"LENGTH,LENGTH", "semicolon": b"LENGTH;0", "fraction": b"LENGTH.0", "exponent": b"LENGTHe0", "empty": b"", "word": b"ten", "inner_space": b"LENGTH 0",
    "inner_tab": b"LENGTH\t0", "arabic_digits": "٣".encode(), "full_width": "\uff13".encode(), "2_to_63_and_more": b"9223372036854775808",
    "2_to_64": b"18446744073709551616", "2_to_64_and_length": b"18446744073709552000", "thirty_digits": b"1" + b"0" * 30, "underscore": b"1_0", "quoted": b'"LENGTH"',
    "nul": b"LENGTH\x00", "vertical_tab": b"\x0bLENGTH", "folded": b"\r\n LENGTH", "folded_digits": b"1\r\n 0",
}


def lengths(make):
    """Content-Length, odd and double."""
    for name, value in LENGTHS.items():
        statuses = {"2_to_63_and_more": (413,)}.get(name, BAD)
        yield Case(f"length_{name}", make.post(b"Content-Length: " + value), statuses)
    yield Case("length_leading_zeros", make.post(b"Content-Length: 000LENGTH"), ONE)
    yield Case("length_space_before", make.post(b"Content-Length: \t LENGTH"), ONE)
    yield Case("length_space_behind", make.post(b"Content-Length: LENGTH "), ONE)
    yield Case("length_tab_behind", make.post(b"Content-Length: LENGTH\t"), BAD)
    for name, lines in {
        "same": (b"Content-Length: LENGTH", b"Content-Length: LENGTH"), "other": (b"Content-Length: LENGTH", b"Content-Length: 0"),
        "other_first": (b"Content-Length: 0", b"Content-Length: LENGTH"), "other_case": (b"content-length: LENGTH", b"cONTENT-lENGTH: 1"),
        "space_before_colon": (b"Content-Length: LENGTH", b"Content-Length : 0"), "name_with_nul": (b"Content-Length: LENGTH", b"Content-Length\x00: 0"),
        "leading_space": (b"Content-Length: LENGTH", b" Content-Length: 0"),
    }.items():
        yield Case(f"length_double_{name}", make.post(*lines), BAD)
    yield Case("length_underscore_in_the_name", make.post(b"Content_Length: 1", b"Content-Length: LENGTH"), ONE)
    yield Case("length_missing", make.post(sent=b""), (401,))
    yield Case("length_missing_body_is_the_next_request", make.post(sent=HEALTH), (401, 200))
    yield Case("length_too_short", make.post(b"Content-Length: 10", sent=b"0123456789" + HEALTH), (401, 200))
    yield Case("length_in_connection", make.post(b"Connection: Content-Length", b"Content-Length: LENGTH"), ONE)


def line_ends(make):
    """Bare CR, bare LF, folded lines."""
    body = make.body()
    fields = [WEBHOOK, b"Host: x", make.signed(body), b"Content-Length: %d" % len(body), b"", b""]
    yield Case("bare_lf_everywhere", b"\n".join(fields) + body, BAD)
    yield Case("bare_cr_everywhere", b"\r".join(fields) + body, BAD)
    for place, name in enumerate(("line", "host", "signature", "length", "end")):
        for kind, end in (("lf", b"\n"), ("cr", b"\r"), ("crcrlf", b"\r\r\n"), ("lfcr", b"\n\r")):
            ends = [b"\r\n"] * 5
            ends[place] = end
            octets = b"".join(field + end for field, end in zip(fields, ends))
            yield Case(f"{kind}_after_{name}", octets + body, BAD)
    for name, line in {
        "signature": make.signed(b"") + b"\r\n x", "space": b"X: a\r\n b", "tab": b"X: a\r\n\tb", "empty": b"X: a\r\n \r\n", "of_nothing": b"X:\r\n y",
        "first": b"", "smuggled_length": b"X: a\r\n Content-Length: 0",
    }.items():
        octets = make.post(line, b"Content-Length: LENGTH")
        if name == "first":
            octets = make.plain().replace(b"\r\nHost: x", b"\r\n Host: x")
        yield Case(f"fold_{name}", octets, BAD)


CONTROLS = (0x00, 0x01, 0x07, 0x08, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x1B, 0x1F, 0x7F)


def octets_out_of_place(make):
    """NUL and other bytes where none may stand."""
    for byte in CONTROLS:
        octet = bytes([byte])
        yield Case(f"value_{byte:02x}", make.post(b"X: a" + octet + b"b", b"Content-Length: LENGTH"), BAD)
        yield Case(f"target_{byte:02x}", make.post(b"Content-Length: LENGTH", line=b"POST /webhooks/ppro" + octet + b" HTTP/1.1"), BAD)
    for byte in (0x00, 0x09, 0x0B, 0x20, *b'"(),/;<=>?@[\\]{}', 0x7F, 0x80, 0xE9, 0xFF):
        yield Case(f"name_{byte:02x}", make.post(b"X" + bytes([byte]) + b"Y: a", b"Content-Length: LENGTH"), BAD)
    for byte in (0x80, 0xE9, 0xFF):
        yield Case(f"value_{byte:02x}", make.post(b"X: a" + bytes([byte]) + b"b", b"Content-Length: LENGTH"), ONE)


CHUNKS = {
    "overflow_17_digits": (b"10000000000000000\r\nBODY\r\n0\r\n\r\n", BAD), "overflow_wraps_to_size": (b"10000000000000SIZE\r\nBODY\r\n0\r\n\r\n", BAD), "nearly_overflow": (b"1000000000000SIZE\r\nBODY\r\n0\r\n\r\n", BAD),
    "overflow_f": (b"ffffffffffffffff\r\nBODY", BAD), "overflow_17_f": (b"fffffffffffffffff\r\nBODY", BAD), "overflow_40_digits": (b"1" * 40 + b"\r\nBODY", BAD),
    "negative": (b"-1\r\nBODY\r\n0\r\n\r\n", BAD), "plus": (b"+SIZE\r\nBODY\r\n0\r\n\r\n", BAD), "0x": (b"0xSIZE\r\nBODY\r\n0\r\n\r\n", BAD),
    "space_before": (b" SIZE\r\nBODY\r\n0\r\n\r\n", BAD), "space_behind": (b"SIZE \r\nBODY\r\n0\r\n\r\n", BAD), "tab_behind": (b"SIZE\t\r\nBODY\r\n0\r\n\r\n", BAD),
    "no_digit": (b"g\r\nBODY\r\n0\r\n\r\n", BAD), "digit_and_more": (b"SIZEg\r\nBODY\r\n0\r\n\r\n", BAD), "no_size": (b"\r\nBODY\r\n0\r\n\r\n", BAD),
    "comma": (b"SIZE,0\r\nBODY\r\n0\r\n\r\n", BAD), "underscore": (b"SIZE_0\r\nBODY\r\n0\r\n\r\n", BAD), "nul": (b"SIZE\x00\r\nBODY\r\n0\r\n\r\n", BAD),
    "leading_zeros": (b"000000000000000000000000SIZE\r\nBODY\r\n0\r\n\r\n", ONE), "many_zeros_at_the_end": (b"SIZE\r\nBODY\r\n" + b"0" * 30 + b"\r\n\r\n", ONE),
    "lf_after_size": (b"SIZE\nBODY\r\n0\r\n\r\n", BAD), "cr_after_size": (b"SIZE\rBODY\r\n0\r\n\r\n", BAD), "lf_after_data": (b"SIZE\r\nBODY\n0\r\n\r\n", BAD),
    "cr_after_data": (b"SIZE\r\nBODY\r0\r\n\r\n", BAD), "nothing_after_data": (b"SIZE\r\nBODY0\r\n\r\n", BAD), "two_bytes_after_data": (b"SIZE\r\nBODYxx0\r\n\r\n", BAD),
    "more_after_data": (b"SIZE\r\nBODYx\r\n0\r\n\r\n", BAD), "lf_at_the_end": (b"SIZE\r\nBODY\r\n0\n\n", BAD), "lf_after_zero": (b"SIZE\r\nBODY\r\n0\n\r\n", BAD),
    "lf_as_last_line": (b"SIZE\r\nBODY\r\n0\r\n\n", BAD), "lfcr_end": (b"SIZE\r\nBODY\r\n0\r\n\n\r", BAD), "no_end": (b"SIZE\r\nBODY\r\n", BAD),
    "half_end": (b"SIZE\r\nBODY\r\n0\r\n", BAD), "half_data": (b"SIZE\r\n", BAD),
    "extension": (b"SIZE;x\r\nBODY\r\n0;y=z\r\n\r\n", ONE), "extension_value": (b"SIZE;x=y;z=w\r\nBODY\r\n0\r\n\r\n", ONE),
    "extension_quoted": (b'SIZE;x="y z"\r\nBODY\r\n0\r\n\r\n', ONE), "extension_quoted_pair": (b'SIZE;x="\\""\r\nBODY\r\n0\r\n\r\n', ONE),
    "extension_quoted_line_end": (b'SIZE;x="\r\n"\r\nBODY\r\n0\r\n\r\n', BAD), "extension_open_quote": (b'SIZE;x="y\r\nBODY\r\n0\r\n\r\n', BAD),
    "extension_lf": (b"SIZE;x\nBODY\r\n0\r\n\r\n", BAD), "extension_cr": (b"SIZE;x\rBODY\r\n0\r\n\r\n", BAD), "extension_nul": (b"SIZE;x\x00\r\nBODY\r\n0\r\n\r\n", BAD),
    "extension_lf_hides_data": (b"2;\nxx\r\nSIZE\r\nBODY\r\n0\r\n\r\n", BAD), "extension_of_nothing": (b"SIZE;\r\nBODY\r\n0\r\n\r\n", BAD),
    "trailer": (b"SIZE\r\nBODY\r\n0\r\nX: y\r\n\r\n", ONE), "trailer_length": (b"SIZE\r\nBODY\r\n0\r\nContent-Length: 5\r\n\r\n", BAD),
    "trailer_encoding": (b"SIZE\r\nBODY\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n", BAD), "trailer_lf": (b"SIZE\r\nBODY\r\n0\r\nX: y\n\r\n", BAD),
    "trailer_fold": (b"SIZE\r\nBODY\r\n0\r\nX: y\r\n z\r\n\r\n", BAD), "trailer_no_colon": (b"SIZE\r\nBODY\r\n0\r\nGET /healthz HTTP/1.1\r\n\r\n", BAD),
}


def chunks(make):
    for name, (sent, statuses) in CHUNKS.items():
        yield Case(f"chunk_{name}", make.chunked(sent), statuses)
    body = make.body()
    unsigned = b"\r\n".join([WEBHOOK, b"Host: x", b"Transfer-Encoding: chunked", b"", b"%x" % len(body), body, b"0", make.signed(body), b"", b""])
    yield Case("chunk_signature_in_trailer", unsigned, (401,))
    yield Case("chunk_then_request", make.chunked(WHOLE) + HEALTH, (202, 200))
    yield Case("chunk_too_many_extensions", make.chunked(b"1;" + b"x" * 70_000 + b"\r\nBODY"), (431,))
    yield Case("chunk_endless_zeros", make.chunked(b"0" * 70_000), (431,))
    yield Case("chunk_endless_trailer", make.chunked(b"0\r\nX:" + b" " * 70_000), (431,))


def versions(make):
    for name, version, statuses in (
            ("0_9", b"HTTP/0.9", BAD), ("1_2", b"HTTP/1.2", BAD), ("2_0", b"HTTP/2.0", BAD), ("3_0", b"HTTP/3.0", BAD), ("11_1", b"HTTP/11.1", BAD),
            ("1_11", b"HTTP/1.11", BAD), ("1_1_1", b"HTTP/1.1.1", BAD), ("lower_case", b"http/1.1", BAD), ("inner_space", b"HTTP /1.1", BAD),
            ("comma", b"HTTP/1,1", BAD), ("half", b"HTTP/1.", BAD), ("none", b"", BAD), ("word", b"HTTQ/1.1", BAD), ("rtsp", b"RTSP/1.0", ONE), ("icy", b"ICE/1.0", BAD),
            ("leading_zero", b"HTTP/01.1", BAD), ("nothing_behind", b"HTTP/1.1 ", BAD), ("more_behind", b"HTTP/1.1 x", BAD), ("minus", b"HTTP/-1.1", BAD)):
        yield Case(f"version_{name}", make.post(b"Content-Length: LENGTH", line=b"POST /webhooks/ppro " + version), statuses)
    old = b"POST /webhooks/ppro HTTP/1.0"
    yield Case("version_1_0", make.post(b"Content-Length: LENGTH", line=old), ONE)
    yield Case("version_1_0_chunked", make.post(b"Transfer-Encoding: chunked", sent=WHOLE, line=old), BAD)
    yield Case("version_1_0_chunked_keep_alive", make.post(b"Transfer-Encoding: chunked", b"Connection: keep-alive", sent=WHOLE, line=old) + make.plain(), BAD)
    yield Case("version_1_0_chunked_and_length", make.post(b"Transfer-Encoding: chunked", b"Content-Length: 5", sent=b"0\r\n\r\n", line=old) + make.plain(), BAD)
    yield Case("version_1_0_two", make.post(b"Content-Length: LENGTH", line=old) + make.plain(), ONE)
    yield Case("version_1_0_keep_alive_two", make.post(b"Content-Length: LENGTH", b"Connection: keep-alive", line=old) + make.plain(), ONE)
    yield Case("version_0_9_simple", b"GET /healthz\r\n\r\n", BAD)


def request_lines(make):
    for name, line, statuses in (
            ("absolute", b"POST http://shop.example/webhooks/ppro HTTP/1.1", ONE), ("absolute_https", b"POST https://shop.example:1/webhooks/ppro HTTP/1.1", ONE),
            ("absolute_other_host", b"POST http://elsewhere.example/webhooks/ppro HTTP/1.1", ONE), ("absolute_ftp", b"POST ftp://x/webhooks/ppro HTTP/1.1", (404,)),
            ("absolute_no_path", b"POST http://shop.example HTTP/1.1", (404,)), ("asterisk", b"POST * HTTP/1.1", (404,)), ("authority", b"POST shop.example:80 HTTP/1.1", BAD),
            ("scheme_relative", b"POST //webhooks/ppro HTTP/1.1", (404,)), ("query", b"POST /webhooks/ppro?a=b HTTP/1.1", ONE),
            ("fragment", b"POST /webhooks/ppro#x HTTP/1.1", (404,)), ("dots", b"POST /x/../webhooks/ppro HTTP/1.1", (404,)), ("encoded", b"POST /webhooks%2fppro HTTP/1.1", (404,)),
            ("backslash", b"POST \\webhooks\\ppro HTTP/1.1", BAD), ("two_spaces", b"POST  /webhooks/ppro HTTP/1.1", ONE),
            ("two_spaces_before_version", b"POST /webhooks/ppro  HTTP/1.1", ONE), ("tab", b"POST\t/webhooks/ppro HTTP/1.1", BAD),
            ("tab_before_version", b"POST /webhooks/ppro\tHTTP/1.1", BAD), ("leading_space", b" POST /webhooks/ppro HTTP/1.1", BAD),
            ("lower_case_method", b"post /webhooks/ppro HTTP/1.1", BAD), ("unknown_method", b"POSTS /webhooks/ppro HTTP/1.1", BAD), ("method_with_nul", b"PO\x00ST /webhooks/ppro HTTP/1.1", BAD),
            ("no_target", b"POST HTTP/1.1", BAD), ("no_method", b"/webhooks/ppro HTTP/1.1", BAD), ("inner_space", b"POST /webhooks/ppro x HTTP/1.1", BAD),
            ("quoted", b'POST "/webhooks/ppro" HTTP/1.1', BAD), ("utf8", "POST /webhooks/ppro\u00e9 HTTP/1.1".encode(), BAD), ("byte_order_mark", b"\xef\xbb\xbfPOST /webhooks/ppro HTTP/1.1", BAD),
            ("answer", b"HTTP/1.1 200 OK", BAD), ("two_lines_in_one", b"GET /healthz HTTP/1.1 POST /webhooks/ppro HTTP/1.1", BAD)):
        yield Case(f"line_{name}", make.post(b"Content-Length: LENGTH", line=line), statuses)
    yield Case("line_empty_ones_before", b"\r\n\r\n" + make.plain(), ONE)
    yield Case("line_feeds_before", b"\n\n" + make.plain(), ONE)
    yield Case("line_endless_empty_ones", b"\r\n" * 40_000, (431,))
    yield Case("line_endless_spaces", b"GET /healthz" + b" " * 70_000, (431,))
    yield Case("line_long_target", make.post(b"Content-Length: LENGTH", line=b"POST /webhooks/ppro?" + b"x" * 9000 + b" HTTP/1.1"), (431,))
    yield Case("connect", b"CONNECT shop.example:443 HTTP/1.1\r\nHost: x\r\n\r\n" + make.plain(), (404,))
    yield Case("options_asterisk", b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", (404,))


def pipelines(make):
    """Several requests that are really there, and requests that only look as if they were."""
    yield Case("two", make.plain() + make.plain(), TWO)
    yield Case("three_kinds", HEALTH + make.chunked(WHOLE) + make.plain(), (200, 202, 202))
    yield Case("empty_lines_between", make.plain() + b"\r\n\r\n" + make.plain(), TWO)
    yield Case("nothing_after_close", make.post(b"Content-Length: LENGTH", b"Connection: close") + make.plain(), ONE)
    yield Case("nothing_after_close_in_list", make.post(b"Content-Length: LENGTH", b"Connection: x, CLOSE") + make.plain(), ONE)
    yield Case("nothing_after_bad", b"NONSENSE\r\n\r\n" + make.plain(), BAD)
    yield Case("nothing_after_bad_length", make.post(b"Content-Length: x") + make.plain(), BAD)
    yield Case("nothing_after_too_large", make.post(b"Content-Length: 262145", sent=b"") + make.plain(), (413,))
    yield Case("nothing_after_too_large_expected", make.post(b"Content-Length: 262145", b"Expect: 100-continue", sent=b"") + make.plain(), (413,))
    yield Case("nothing_after_encoded", make.post(b"Content-Length: LENGTH", b"Content-Encoding: gzip") + make.plain(), (415,))
    yield Case("nothing_after_upgrade_h2c", make.post(b"Content-Length: LENGTH", b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABk") + make.plain(), ONE)
    yield Case("nothing_after_upgrade_websocket", HEALTH[:-2] + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n" + make.plain(), (200,))
    yield Case("nothing_after_body_elsewhere", make.post(b"Content-Length: LENGTH", line=b"POST /nothing HTTP/1.1") + make.plain(), (404,))
    hidden = make.plain()
    yield Case("hidden_in_body_of_get", b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(hidden) + hidden, (200,))
    hidden = make.plain()
    yield Case("hidden_in_chunks_of_get", b"GET /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % len(hidden) + hidden + b"\r\n0\r\n\r\n", (200,))
    hidden = make.plain()
    yield Case("hidden_in_body_of_head", b"HEAD /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(hidden) + hidden, (200,))
    hidden = make.plain()
    yield Case("hidden_in_body_of_delete", b"DELETE /webhooks/ppro HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(hidden) + hidden, (405,))
    hidden = make.plain()
    yield Case("hidden_in_signed_body", make.post(b"Content-Length: LENGTH", body=hidden), ONE)
    hidden = make.plain()
    yield Case("hidden_in_signed_chunk", make.post(b"Transfer-Encoding: chunked", body=hidden, sent=WHOLE), ONE)
    yield Case("body_of_a_get_missing", b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n" + make.plain(), (200, 202))
    yield Case("expected", make.post(b"Content-Length: LENGTH", b"Expect: 100-continue") + make.plain(), TWO)
    yield Case("expected_something_else", make.post(b"Content-Length: LENGTH", b"Expect: miracles"), ONE)
    yield Case("garbage_behind", make.plain() + b"\x00\x01garbage", (202, 400))
    yield Case("half_behind", make.plain() + make.plain()[:-3], (202, 400))


HELLO = bytes.fromhex("1603010200010001fc0303") + bytes(range(32)) + bytes.fromhex("20") + bytes(range(32)) + bytes.fromhex("003e130213031301c02cc030")


def other_protocols(make):
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    for name, octets in {
        "h2_preface": preface, "h2_preface_and_settings": preface + bytes.fromhex("000000040000000000"), "h2_preface_and_request": preface + make.plain(),
        "tls_hello": HELLO, "tls_hello_and_request": HELLO + make.plain(), "tls_alert": bytes.fromhex("15030100020228"), "ssl2_hello": bytes.fromhex("802e0100020015000000"),
        "ssh": b"SSH-2.0-OpenSSH_9.2\r\n", "smtp": b"EHLO x\r\nMAIL FROM:<a@b>\r\n", "redis": b"*1\r\n$4\r\nPING\r\n", "postgres": bytes.fromhex("0000000804d2162f"),
        "proxy_1": b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n" + make.plain(), "proxy_2": bytes.fromhex("0d0a0d0a000d0a515549540a21110000") + make.plain(),
        "sip": b"OPTIONS sip:x SIP/2.0\r\n\r\n", "zeros": b"\x00" * 64, "ones": b"\xff" * 64, "socks5": b"\x05\x01\x00", "rdp": bytes.fromhex("0300001300"),
    }.items():
        yield Case(f"protocol_{name}", octets, BAD)


def fields(make):
    """Header fields that are none, or too much."""
    for name, line in {
        "no_colon": b"nothing", "only_colon": b":", "no_name": b": x", "space_name": b" : x", "space_before_colon": b"X : y", "equals": b"X=y",
        "request_line": b"GET /healthz HTTP/1.1", "quoted_name": b'"X": y', "comment_name": b"X(y): z",
    }.items():
        yield Case(f"field_{name}", make.post(line, b"Content-Length: LENGTH"), BAD)
    for name, lines, statuses in (
            ("empty_value", (b"X:",), ONE), ("colons", (b"X: a:b:c",), ONE), ("host_twice", (b"Host: y",), ONE),
            ("sixty_four", [b"X-%d: y" % number for number in range(61)], ONE), ("sixty_five", [b"X-%d: y" % number for number in range(62)], (431,)),
            ("8_KiB", (b"X: " + b"y" * 8192,), ONE), ("8_KiB_and_one", (b"X: " + b"y" * 8193,), (431,)), ("long_name", (b"X" * 8193 + b": y",), (431,)),
            ("32_KiB", [b"X-%d: " % number + b"y" * 8000 for number in range(5)], (431,)), ("signature_twice", (b"PPRO-Signature: t=1,s=00",), (401,)),
            ("signature_in_connection", (b"Connection: PPRO-Signature",), ONE), ("endless_spaces", (b"X:" + b" " * 70_000,), (431,))):
        yield Case(f"field_{name}", make.post(*lines, b"Content-Length: LENGTH"), statuses)


def cut_off(make):
    """Requests of which the end never comes."""
    yield Case("cut_nothing", b"", NOTHING)
    yield Case("cut_empty_line", b"\r\n", NOTHING)
    for part in (1, 4, 5, 20, 27, 28, 29, 30, 35, 60, 120):
        yield Case(f"cut_after_{part}", make.plain()[:part], BAD)
    whole = make.plain()
    yield Case("cut_one_short", whole[:-1], BAD)
    yield Case("cut_before_body", whole[:whole.index(b"\r\n\r\n") + 4], BAD)
    yield Case("cut_before_last_line", whole[:whole.index(b"\r\n\r\n") + 2], BAD)


def corpus(secret, tag):
    """All cases."""
    make = Maker(secret, tag)
    families = (smuggling, lengths, line_ends, octets_out_of_place, chunks, versions, request_lines, pipelines, other_protocols, fields, cut_off)
    return [case for family in families for case in family(make)]
