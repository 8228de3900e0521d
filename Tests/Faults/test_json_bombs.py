"""Signed bodies that are made to hurt a JSON reader, and signature headers that are nearly right, through the front door."""

import json
import time

import ppro_events
import rawhttp
import signing
from rawhttp import request
from service import WEBHOOKS, AcceptanceTest

LARGEST = 16_777_216
# Longest time for one answer: what is linear takes well under a second even in a debug build.
SECONDS = 5.0


def enveloped(data):
    """An event whose `data` is this text."""
    return ppro_events.simple(identity="evtBomb", charge="Bomb").replace(b'"data": {', b'"data": {"bomb": ' + data + b", ", 1)


def bombs():
    """Name, body, and whether it can be read all the same."""
    yield "depth_64", b"[" * 64 + b"]" * 64, False
    yield "depth_inside_62", enveloped(b"[" * 62 + b"]" * 62), True
    yield "depth_inside_63", enveloped(b"[" * 63 + b"]" * 63), False
    yield "depth_100000_arrays", b"[" * 100_000 + b"]" * 100_000, False
    yield "depth_100000_objects", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, False
    yield "depth_never_closed", b"[" * 200_000, False
    yield "keys_100000", enveloped(b"{" + b",".join(b'"k%d":%d' % (number, number) for number in range(100_000)) + b"}"), True
    yield "keys_100000_the_last_twice", enveloped(b"{" + b",".join(b'"k%d":0' % min(number, 99_998) for number in range(100_000)) + b"}"), False
    yield "keys_100000_alike", enveloped(b"{" + b",".join(b'"' + b"x" * 60 + b'%06d":0' % number for number in range(100_000)) + b"}"), True
    yield "keys_100000_escaped", enveloped(b"{" + b",".join(b'"\\u0061%d":0' % number for number in range(100_000)) + b"}"), True
    yield "key_of_a_million", enveloped(b'{"' + b"k" * 1_000_000 + b'":0}'), True
    yield "number_of_100000_digits", enveloped(b"9" * 100_000), True
    yield "number_of_100000_decimals", enveloped(b"0." + b"1" * 100_000), True
    yield "number_with_100000_digits_of_exponent", enveloped(b"1e" + b"9" * 100_000), True
    yield "numbers_100000", enveloped(b"[" + b",".join([b"-0.0e-0"] * 100_000) + b"]"), True
    yield "string_of_escapes", enveloped(b'"' + b"\\u0000" * 200_000 + b'"'), True
    yield "string_of_surrogates", enveloped(b'"' + b"\\ud83d\\ude00" * 100_000 + b'"'), True
    yield "string_of_lone_surrogates", enveloped(b'"' + b"\\ud83d" * 100_000 + b'"'), False
    yield "string_never_closed", b'{"a":"' + b"x" * 500_000, False
    yield "spaces", b" " * 1_000_000 + ppro_events.simple(identity="evtSpaces", charge="Spaces") + b"\n" * 1_000_000, True
    yield "empty_arrays_100000", enveloped(b"[" + b",".join([b"[]"] * 100_000) + b"]"), True
    yield "amount_of_100000_digits", ppro_events.simple(identity="evtAmount", charge="Amount").replace(b'"value": 1000', b'"value": ' + b"9" * 100_000), False
    yield "amount_over_64_bits", ppro_events.simple(identity="evtOver", charge="Over").replace(b'"value": 1000', b'"value": 9223372036854775808'), False
    yield "amount_with_exponent", ppro_events.simple(identity="evtExponent", charge="Exponent").replace(b'"value": 1000', b'"value": 1e3'), False
    yield "zeros", b"\x00" * 500_000, False
    yield "no_utf8", b'"' + b"\xff" * 500_000 + b'"', False


class JSONBombsTest(AcceptanceTest):
    def test_bombs_are_taken_and_cost_little(self):
        """What is signed is stored, whatever it is; what cannot be read is failed with a reason, and nothing takes long."""
        service = self.started(TERIMA_MAXIMUM_BODY=str(LARGEST))
        slowest = ("", 0.0)
        for name, body, is_readable in bombs():
            with self.subTest(name):
                body = body.replace(b"evtBomb", b"evt" + name.encode()).replace(b"charge_Bomb", b"charge_" + name.encode())
                began = time.monotonic()
                answer = service.post(body)
                seconds = time.monotonic() - began
                self.assertEqual((answer.status, answer.body), (202, b'{"status":"accepted"}'))
                self.assertLess(seconds, SECONDS)
                self.assertEqual(service.post(body).body, b'{"status":"duplicate"}')
                slowest = max(slowest, (name, seconds), key=lambda each: each[1])
                [event] = service.rows("events", "list", "--limit", "1")[:1]
                self.assertEqual(event["state"] != "failed", is_readable, event)
                self.assertEqual(event["error"] is None, is_readable, event)
                service.accept(ppro_events.simple(identity=f"evtHonest{name}", charge=f"Honest{name}"))
        self.assertTrue(service.running.is_running)
        self.assertEqual(service.cli("rebuild", "--check").code, 0)
        print(f"{sum(1 for _ in bombs())} bombs, up to {max(len(body) for _, body, _ in bombs())} bytes; the slowest took {slowest[1] * 1000:.0f} ms ({slowest[0]})")

    def test_unsigned_bombs_are_not_even_read(self):
        service = self.started(TERIMA_MAXIMUM_BODY=str(LARGEST))
        for name, body, _ in bombs():
            answer = rawhttp.exchange(service.port, request("POST", WEBHOOKS, [(signing.CURRENT, signing.current(body, "not-the-secret"))], body))
            self.assertEqual((answer.status, answer.json()), (401, {"error": "signature_invalid"}), name)
        self.assertEqual(service.events(), [])

    def test_a_bomb_over_the_bound_is_refused(self):
        service = self.started()
        name, body, _ = next(bomb for bomb in bombs() if bomb[0] == "keys_100000")
        answer = rawhttp.exchange(service.port, request("POST", WEBHOOKS, [("Content-Length", str(len(body)))]))
        self.assertEqual((answer.status, answer.json()), (413, {"error": "body_too_large"}), name)


def mutants(body, secret):
    """Signature headers that are nearly right, with the code each is refused with."""
    now = int(time.time())
    code, other = signing.code(body, secret, now), signing.code(body, "not-the-secret", now)
    good = f"t={now},s={code}"
    malformed = [
        "", "t", "t=", "s=", "t=,s=", f"t={now}", f"s={code}", code, f"t={now},s=", f"t=,s={code}", f"s={code},t={now}", f"t={now},{code}", f"{now},s={code}",
        f"t={now}s={code}", f"t={now};s={code}", f"t={now} s={code}", f"T={now},s={code}", f"t={now},S={code}", f"t:{now},s:{code}", f"t ={now},s={code}",
        f"t= {now},s={code}", f"t={now} ,s={code}", f"t={now},s= {code}", f"t={now},  s={code}", f"t={now},\ts={code}", f"{good},", f",{good}", f"t={now},,s={code}",
        f"{good},v=2", f"v=1,{good}", f"t={now},t={now},s={code}", f"t={now},s={code},s={code}", f"{good},{good}", f"{good}, {good}", f"t={now},v1={code}", f'"{good}"',
        f"t=+{now},s={code}", f"t=-{now},s={code}", f"t={now}.0,s={code}", f"t=0x{now:x},s={code}", f"t={now}e0,s={code}", f"t={now}_0,s={code}", f"t={'0' * 11}{now},s={code}",
        f"t={now},s={code[:-1]}", f"t={now},s={code}0", f"t={now},s={code[:-1]}g", f"t={now},s=0x{code}", f"t={now},s={code}{code}", f"t={now},s={code[:32]}",
        f"t={now},s=sha256={code}", f't={now},s="{code}"', f"t={now},s={code[:-2]}\u00e9", f"t={now},s={code[:10]} {code[10:]}", f"t={now}\uff0cs={code}", f"t\uff1d{now},s={code}"]
    invalid = [
        f"t={now},s={other}", f"t={now + 1},s={code}", f"t={now - 1},s={code}", f"t=0{now},s={code}", f"t={str(now)[:-1]},s={code}", f"t={now}0,s={code}", f"t=0,s={code}",
        f"t={now},s={code[::-1]}", f"t={now},s={'0' * 64}", f"t={now},s={'f' * 64}", f"t={now},s={'1' if code[0] == '0' else '0'}{code[1:]}",
        f"t={now},s={code[:-1]}{'1' if code[-1] == '0' else '0'}", f"t={'9' * 20},s={code}"]
    return [(value, "signature_malformed") for value in malformed] + [(value, "signature_invalid") for value in invalid]


class SignatureMutantsTest(AcceptanceTest):
    def test_no_mutant_of_a_signature_opens_the_door(self):
        service, body = self.started(), ppro_events.simple()
        tried = mutants(body, service.signing_secret)
        self.assertGreaterEqual(len({value for value, _ in tried}), 60)
        for value, error in tried:
            with self.subTest(value):
                octets = request("POST", WEBHOOKS, [], body).replace(b"\r\n", f"\r\n{signing.CURRENT}: {value}\r\n".encode(), 1)
                answer = rawhttp.exchange(service.port, octets)
                self.assertEqual((answer.status, json.loads(answer.body)), (401, {"error": error}))
        self.assertEqual(service.events(), [])
        service.accept(body)
