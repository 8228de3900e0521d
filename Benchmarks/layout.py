#!/usr/bin/env python3
"""Measures how the table that finds repeats decides the write speed: rows a second of the three layouts that were considered.

Each run fills a fresh database with rows of 2.7 KB, 64 a transaction, in WAL mode with synchronous=FULL, as terima writes. Runs are interleaved,
so that a slow minute of the machine hits every layout; the medians are printed.

    Benchmarks/layout.py [--rows 20000] [--rounds 5] [--directory DIR]

The directory must be on the disk that is meant: a temporary file system has no syncs worth measuring.
"""

import argparse
import hashlib
import os
import sqlite3
import statistics
import tempfile
import time

ROWS_A_TRANSACTION = 64
BODY = os.urandom(2700)

LAYOUTS = {
    "text key": (
        "CREATE TABLE event (seq INTEGER PRIMARY KEY, source TEXT NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL, UNIQUE (source, id)) STRICT",
        "INSERT INTO event (seq, source, id, body) VALUES (?1, ?2, ?3, ?4)",
    ),
    "16-byte hash key": (
        "CREATE TABLE event (seq INTEGER PRIMARY KEY, source TEXT NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL, hash BLOB NOT NULL UNIQUE) STRICT",
        "INSERT INTO event (seq, source, id, body, hash) VALUES (?1, ?2, ?3, ?4, ?5)",
    ),
    # terima's: the check is a table in memory, the fingerprint is only appended so that the next start finds it.
    "append + memory": (
        "CREATE TABLE event (seq INTEGER PRIMARY KEY, source TEXT NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL) STRICT;"
        "CREATE TABLE identity (seq INTEGER PRIMARY KEY, fingerprint INTEGER NOT NULL) STRICT",
        "INSERT INTO event (seq, source, id, body) VALUES (?1, ?2, ?3, ?4)",
    ),
}


def run(layout, page_bytes, rows, directory):
    schema, insert = LAYOUTS[layout]
    with tempfile.TemporaryDirectory(dir=directory) as scratch:
        database = sqlite3.connect(os.path.join(scratch, "layout.db"), isolation_level=None)
        database.executescript(f"PRAGMA page_size = {page_bytes}; PRAGMA journal_mode = wal; PRAGMA synchronous = FULL;")
        database.executescript(f"PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = {16 * 1024 * 1024 // page_bytes};")
        database.executescript(schema)
        assert database.execute("PRAGMA synchronous").fetchone() == (2,)
        assert database.execute("PRAGMA page_size").fetchone() == (page_bytes,)
        known = set()
        begun = time.perf_counter()
        for first in range(1, rows + 1, ROWS_A_TRANSACTION):
            database.execute("BEGIN IMMEDIATE")
            for seq in range(first, min(first + ROWS_A_TRANSACTION, rows + 1)):
                # Ids in no order, as a sender's random ids are.
                digest = hashlib.sha256(seq.to_bytes(8, "little")).digest()
                values = ("https://www.ppro.com", digest.hex()[:32], BODY)
                if layout == "append + memory":
                    fingerprint = int.from_bytes(digest[:8], "little", signed=True)
                    if fingerprint in known:
                        continue
                    known.add(fingerprint)
                    database.execute(insert, (seq, *values))
                    database.execute("INSERT INTO identity VALUES (?, ?)", (seq, fingerprint))
                elif layout == "16-byte hash key":
                    database.execute(insert, (seq, *values, digest[:16]))
                else:
                    database.execute(insert, (seq, *values))
            database.execute("COMMIT")
        elapsed = time.perf_counter() - begun
        assert database.execute("SELECT count(*) FROM event").fetchone() == (rows,)
        database.close()
        return rows / elapsed


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--directory", default=None)
    options = options.parse_args()
    variants = [(layout, page_bytes) for layout in LAYOUTS for page_bytes in (4096, 16384)]
    rates = {variant: [] for variant in variants}
    for _ in range(options.rounds):
        for layout, page_bytes in variants:
            rates[layout, page_bytes].append(run(layout, page_bytes, options.rows, options.directory))
    print(f"SQLite {sqlite3.sqlite_version}, {options.rows} rows of {len(BODY)} bytes, {ROWS_A_TRANSACTION} a transaction, {options.rounds} rounds")
    print(f"{'layout':<18} {'page':>7} {'rows/s':>9} {'lowest':>9} {'highest':>9}")
    for (layout, page_bytes), measured in rates.items():
        median = statistics.median(measured)
        print(f"{layout:<18} {page_bytes:>7} {median:>9,.0f} {min(measured):>9,.0f} {max(measured):>9,.0f}")


if __name__ == "__main__":
    main()
