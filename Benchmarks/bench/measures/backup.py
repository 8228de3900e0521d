"""`terima backup`: one file of everything that is stored, while webhooks come in.

A database with events in it; webhooks in an open loop: first alone, then while one backup after the other is written. With BENCH_BACKUP_WAYS=terima,vacuum,reader in the
environment it compares other ways: VACUUM INTO, and sqlite3_backup in one go, both through a read-only connection (and neither synced nor checked).
"""

import os
import sqlite3
import threading
import time

from ..bench import TERIMA, WARM_UP
from ..figure import Figure, meanwhile

NAME = "backup"
RATE = 1_000


def by_terima(process, path):
    process.call("backup", path)


def by_vacuum(process, path):
    connection = sqlite3.connect(f"file:{process.database}?mode=ro", uri=True)
    connection.execute("VACUUM INTO ?", (str(path),))
    connection.close()


def by_reader(process, path):
    source, target = sqlite3.connect(f"file:{process.database}?mode=ro", uri=True), sqlite3.connect(path)
    source.backup(target)
    source.close()
    target.close()


WAYS = {"terima": by_terima, "vacuum": by_vacuum, "reader": by_reader}


class Backups(threading.Thread):
    """One after the other until the load is over; the last is finished."""

    def __init__(self, process, way):
        super().__init__()
        self.process, self.way = process, way
        self.over = threading.Event()
        self.seconds, self.bytes, self.largest_log = [], 0, 0

    def run(self):
        while not self.over.is_set():
            path = self.process.database.with_name("copy.db")
            began = time.monotonic()
            self.way(self.process, path)
            self.seconds.append(time.monotonic() - began)
            self.bytes = path.stat().st_size
            path.unlink()

    def watch(self):
        log = self.process.database.with_name(self.process.database.name + "-wal")
        while not self.over.wait(0.05):
            self.largest_log = max(self.largest_log, log.stat().st_size if log.exists() else 0)


def once(bench, seed, way, seconds):
    with bench.serving(TERIMA, seed=seed) as process:
        count = RATE * seconds
        result = {"before": bench.load(process, count, rate=RATE)}
        backups = Backups(process, WAYS[way])
        watch = threading.Thread(target=backups.watch)
        backups.start()
        watch.start()
        result["during"] = bench.load(process, count, start=WARM_UP + count, rate=RATE)
        backups.over.set()
        backups.join()
        watch.join()
    return result | {"way": way, "backup_seconds": backups.seconds, "bytes": backups.bytes, "largest_log": backups.largest_log}


def run(bench):
    events, seconds, results = bench.size(1_000_000, 200_000), bench.size(15, 8), []
    seed = bench.seeded(events)
    for number in range(bench.runs):
        for way in os.environ.get("BENCH_BACKUP_WAYS", "terima").split(","):
            result = once(bench, seed, way, seconds)
            results.append(result)
            bench.say(f"  run {number + 1} of {bench.runs}, {way}: {result['bytes'] / 1e6:.0f} MB in {min(result['backup_seconds']):.2f} s; "
                      f"p99 {result['before']['p99_ms']:.2f} ms before, {result['during']['p99_ms']:.2f} ms meanwhile; log up to {result['largest_log'] / 1e6:.1f} MB")
    own = [result for result in results if result["way"] == "terima"]
    return [
        Figure(f"backup of {events:,} events", "s", [min(result["backup_seconds"]) for result in own], None, more_is_better=False),
        meanwhile(own, RATE),
    ], results
