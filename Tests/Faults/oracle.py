"""What must hold after every round, whatever the fault was. Nothing here knows which fault that is.

    oracle.check(self, service, load.acknowledged, shop=shop, sent=load.sent, outcomes=load.outcomes)

The service must run; it is given time to settle first. The database is read with SQLite itself, beside terima.
"""

import contextlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import zstandard
from load import PERSONAL

# The codes of the README's HTTP contract, and the answers they come with.
DOCUMENTED = {
    "signature_missing": 401, "signature_malformed": 401, "signature_invalid": 401, "signature_stale": 401, "body_too_large": 413,
    "content_encoding_unsupported": 415, "overloaded": 503, "storage_unavailable": 503, "not_found": 404, "method_not_allowed": 405,
    "origin_invalid": 400, "bad_request": 400, "headers_too_large": 431, "request_timeout": 408}


@dataclass
class Bounds:
    """The most that the service may hold once it has settled. The memory is a debug build's."""

    memory: int = 256 << 20
    descriptors: int = 256
    log: int = 80 << 20


def check(test, service, acknowledged, shop=None, sent=None, outcomes=(), bounds=None, seconds=60, rebuild=True, gave_up=()):
    """The oracle.

    - acknowledged: identities `(source, id)` that were answered with 2xx.
    - shop: where all notifications of all endpoints go; None when there is no endpoint.
    - sent: identities and bodies that were sent with a valid signature: nothing else may be stored. None: not known.
    - outcomes: of a Load.
    - gave_up: ids of notifications that are expected to be dead.
    """
    service.settle(seconds)
    with database(service) as connection:
        check_stored(test, connection, acknowledged, sent)
        check_integrity(test, connection)
        check_told(test, connection, shop, gave_up)
        charges = connection.execute("SELECT count(*) FROM charge").fetchone()[0]
    if rebuild:
        [report] = service.cli("rebuild", "--check", "--json").rows()
        test.assertEqual((report["charges"], report["different"], report["ids"]), (charges, 0, []), "rebuild --check")
    check_answers(test, outcomes)
    check_bounds(test, service, bounds or Bounds())
    check_log(test, service)


@contextlib.contextmanager
def database(service):
    """Beside the service; read only, and all of it as of the first look."""
    with contextlib.closing(sqlite3.connect(f"file:{service.database}?mode=ro", uri=True, timeout=10)) as connection:
        connection.execute("PRAGMA query_only = 1")
        connection.execute("BEGIN")
        yield connection


def check_stored(test, connection, acknowledged, sent=None):
    """Each acknowledged event is there, each event once, none that nobody signed, each body to the byte."""
    stored = connection.execute("SELECT source, id FROM event").fetchall()
    test.assertEqual(len(stored), len(set(stored)), "an event is stored twice")
    lost = set(acknowledged) - set(stored)
    test.assertFalse(lost, f"{len(lost)} acknowledged events are lost, of {len(acknowledged)}: {sorted(lost)[:5]}")
    [numbers] = connection.execute("SELECT count(*), min(seq), max(seq) FROM event")
    test.assertIn(numbers, [(len(stored), 1, len(stored)), (0, None, None)], "the numbers of the events have a gap")
    if sent is None:
        return
    foreign = set(stored) - set(sent)
    test.assertFalse(foreign, f"{len(foreign)} events are stored that nobody signed: {sorted(foreign)[:5]}")
    for source, id, body in connection.execute("SELECT source, id, body FROM event JOIN payload ON payload.event = event.seq"):
        test.assertEqual(bytes(body), sent[source, id], f"the body of {id} is another")


def check_integrity(test, connection):
    test.assertEqual(connection.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
    test.assertEqual(connection.execute("PRAGMA foreign_key_check").fetchall(), [])


def check_told(test, connection, shop, gave_up=()):
    """Every notification that an endpoint wants reached the shop at least once, with its id and its bytes, and the shop heard nothing else.

    One effect: a charge's versions count from one, each is one notification.
    """
    states = dict(connection.execute("SELECT n.id, d.state FROM delivery AS d JOIN notification AS n ON n.seq = d.notification WHERE d.state <> 'delivered'"))
    unexpected = {id: state for id, state in states.items() if state != "dead" or id not in gave_up}
    test.assertFalse(unexpected, f"{len(unexpected)} notifications are not delivered: {sorted(unexpected.items())[:5]}")
    gaps = connection.execute(
        "SELECT c.id FROM charge AS c JOIN notification AS n ON n.charge = c.seq GROUP BY c.seq HAVING count(*) <> c.version OR max(n.version) <> c.version")
    test.assertEqual(gaps.fetchall(), [], "a charge's history has a gap, or a change too many")
    if shop is None:
        return
    bodies = dict(connection.execute("SELECT id, body FROM notification"))
    heard = set()
    for one in shop.notifications():
        test.assertIn(one.id, bodies, "the shop was told what is not stored")
        test.assertEqual(one.body, told_body(bodies[one.id]), f"{one.id} came with another body")
        if one.status is not None and 200 <= one.status < 300:
            heard.add(one.id)
    wanted = {id for (id,) in connection.execute("SELECT n.id FROM delivery AS d JOIN notification AS n ON n.seq = d.notification")}
    missing = wanted - heard - set(gave_up)
    test.assertFalse(missing, f"the shop never heard {len(missing)} notifications of {len(wanted)}: {sorted(missing)[:5]}")


DICTIONARY = zstandard.ZstdCompressionDict((Path(__file__).parents[2] / "Sources" / "EventStore" / "notification.dictionary").read_bytes())


def told_body(stored):
    """The body that a row of notification stands for."""
    return zstandard.ZstdDecompressor(dict_data=DICTIONARY).decompress(stored) if stored[:4] == zstandard.FRAME_HEADER else bytes(stored)


def check_answers(test, outcomes):
    """Each refusal had its documented code, and a 503 says when to come again."""
    for one in outcomes:
        if one.status is None or one.is_acknowledged:
            continue
        test.assertEqual(DOCUMENTED.get(one.code), one.status, f"{one}")
        if one.status == 503:
            test.assertRegex(one.retry_after or "", r"^[1-9][0-9]*$", f"{one}")


def check_bounds(test, service, bounds):
    test.assertLessEqual(log_bytes(service), bounds.log, "the write-ahead log")
    if service.running is None or not service.running.is_running:
        return
    pid = service.running.process.pid
    test.assertLessEqual(len(os.listdir(f"/proc/{pid}/fd")), bounds.descriptors, "descriptors")
    test.assertLessEqual(memory(service), bounds.memory, "memory")


def log_bytes(service):
    """The size of the write-ahead log."""
    path = Path(f"{service.database}-wal")
    return path.stat().st_size if path.exists() else 0


def memory(service):
    """Resident bytes of the service."""
    status = Path(f"/proc/{service.running.process.pid}/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS:"))


def check_log(test, service):
    """No personal data and no secret in what the service ever said."""
    said = service.log.read_bytes()
    for word in [*PERSONAL, *(secret.removeprefix("whsec_") for secret in service.secrets)]:
        test.assertNotIn(word.encode(), said, "personal data or a secret is in the log")
