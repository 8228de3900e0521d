#!/usr/bin/env python3
"""Measures how the duplicate check decides the write speed: rows a second of the three layouts that were considered, at two page sizes.

Each run fills a fresh database, 64 rows a transaction, in WAL mode with synchronous=FULL and checkpoints at 16 MB, as terima writes; the body lies in a
table of its own in every layout, so only the duplicate check differs. A round runs every layout once, in an order of its own, and what is compared is the
ratio to the first layout of the same round: a slow minute of the machine hits both. The medians of those ratios are printed, with the lowest and the highest.
"start" and "end" are the first and the last tenth of the rows: how far a layout slows down as the table grows.

    Benchmarks/layout.py [--rows 200000] [--body-bytes 1024] [--rounds 5] [--directory DIR]

DIR is on the disk that is meant (the repository's by default); one in memory is refused, because there a sync costs nothing.
"""

import argparse
import hashlib
import os
import pathlib
import random
import sqlite3
import statistics
import tempfile
import time

from bench import machine

ROWS_A_TRANSACTION = 64
CHECKPOINT_BYTES = 16 * 1024 * 1024
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent

EVENT = "CREATE TABLE event (seq INTEGER PRIMARY KEY, source TEXT NOT NULL, id TEXT NOT NULL, body_sha256 BLOB NOT NULL{}) STRICT;"
PAYLOAD = "CREATE TABLE payload (event INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;"
IDENTITY = "CREATE TABLE identity (seq INTEGER PRIMARY KEY, fingerprint INTEGER NOT NULL) STRICT;"

SCHEMAS = {
    "text key": EVENT.format(", UNIQUE (source, id)") + PAYLOAD,
    "16-byte hash key": EVENT.format(", hash BLOB NOT NULL UNIQUE") + PAYLOAD,
    # Near to terima's: the check is a table in memory; the fingerprint is only appended (by terima 1,024 to a row), so that the next start finds it.
    "append + memory": EVENT.format("") + PAYLOAD + IDENTITY,
}
VARIANTS = [(layout, page_bytes) for layout in SCHEMAS for page_bytes in (4096, 16384)]


def opened(path, layout, page_bytes):
    database = sqlite3.connect(path, isolation_level=None)
    settings = {"page_size": page_bytes, "auto_vacuum": 2, "journal_mode": "wal", "synchronous": 2, "cache_size": -32768}
    settings["wal_autocheckpoint"] = CHECKPOINT_BYTES // page_bytes
    for name, value in settings.items():
        database.execute(f"PRAGMA {name} = {value}")
        assert database.execute(f"PRAGMA {name}").fetchone() == (value,), name
    database.executescript(SCHEMAS[layout])
    return database


def fill(database, layout, rows, body):
    """Seconds of each transaction. What the rows are made of is computed between them and not counted."""
    insert_event = f"INSERT INTO event VALUES ({', '.join('?' * (5 if layout == '16-byte hash key' else 4))})"
    known = set()
    costs = []
    for first in range(1, rows + 1, ROWS_A_TRANSACTION):
        seqs = range(first, min(first + ROWS_A_TRANSACTION, rows + 1))
        # Ids in no order, as a sender's random ids are.
        digests = [hashlib.sha256(seq.to_bytes(8, "little")).digest() for seq in seqs]
        events = [(seq, "https://www.ppro.com", digest.hex()[:32], digest) for seq, digest in zip(seqs, digests)]
        if layout == "16-byte hash key":
            events = [(*event, digest[:16]) for event, digest in zip(events, digests)]
        identities = [(seq, int.from_bytes(digest[:8], "big", signed=True)) for seq, digest in zip(seqs, digests)]
        payloads = [(seq, body) for seq in seqs]

        begun = time.perf_counter()
        database.execute("BEGIN IMMEDIATE")
        if layout == "append + memory":
            for _, fingerprint in identities:
                assert fingerprint not in known
                known.add(fingerprint)
            database.executemany("INSERT INTO identity VALUES (?, ?)", identities)
        database.executemany(insert_event, events)
        database.executemany("INSERT INTO payload VALUES (?, ?)", payloads)
        database.execute("COMMIT")
        costs.append(time.perf_counter() - begun)
    return costs


def run(layout, page_bytes, options):
    """Rows a second over the whole run, its first tenth and its last."""
    # Nothing that an earlier run left behind is written out during this one.
    os.sync()
    with tempfile.TemporaryDirectory(prefix=".build-layout-", dir=options.directory) as scratch:
        database = opened(os.path.join(scratch, "layout.db"), layout, page_bytes)
        costs = fill(database, layout, options.rows, os.urandom(options.body_bytes))
        assert database.execute("SELECT count(*) FROM payload").fetchone() == (options.rows,)
        database.close()
    tenth = max(1, len(costs) // 10)
    rows = tenth * ROWS_A_TRANSACTION
    return options.rows / sum(costs), rows / sum(costs[:tenth]), rows / sum(costs[-tenth:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--body-bytes", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--directory", default=str(REPOSITORY))
    options = parser.parse_args()
    file_system = machine.file_system(options.directory)
    if file_system in machine.IN_MEMORY:
        parser.error(f"{options.directory} is in memory ({file_system}); name a directory on a disk with --directory")
    print(f"SQLite {sqlite3.sqlite_version} on {file_system}, one sync {machine.sync_microseconds(options.directory)} us; "
          f"{options.rows} rows with bodies of {options.body_bytes} bytes, {ROWS_A_TRANSACTION} a transaction, {options.rounds} rounds", flush=True)

    order = random.Random(1)
    measured = {variant: [] for variant in VARIANTS}
    for _ in range(options.rounds):
        for variant in order.sample(VARIANTS, len(VARIANTS)):
            measured[variant].append(run(*variant, options))

    base = [whole for whole, _, _ in measured[VARIANTS[0]]]
    print(f"{'layout':<17} {'page':>6} {'rows/s':>8} {'ratio':>6} {'lowest':>7} {'highest':>8} {'end/start':>10}")
    for (layout, page_bytes), runs in measured.items():
        ratios = [whole / basis for (whole, _, _), basis in zip(runs, base)]
        rate = statistics.median(whole for whole, _, _ in runs)
        kept = statistics.median(end / start for _, start, end in runs)
        print(f"{layout:<17} {page_bytes:>6} {rate:>8,.0f} {statistics.median(ratios):>6.2f} {min(ratios):>7.2f} {max(ratios):>8.2f} {kept:>10.2f}")


if __name__ == "__main__":
    main()
