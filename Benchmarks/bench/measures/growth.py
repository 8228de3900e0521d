"""How everything goes as the database grows: at each power of ten the accept rate, its tail, memory, the file and the start. Takes long.

One database grows, with small bodies, to `--events`. At each power of ten everything is applied and terima is started anew: the start is timed, idle
memory taken, and then 20,000 webhooks are sent over 64 connections, receiving only.
"""

import time

from ..bench import RECEIVER, TERIMA
from ..figure import Figure
from .memory import IDLE_SECONDS

NAME = "growth"
SEGMENT = 500_000
PROBE = 20_000
FIRST = 10_000
SERIES = 100


class Source:
    """Small webhooks without end, a corpus at a time; each is deleted when it was sent."""

    def __init__(self, bench):
        self.bench, self.series = bench, SERIES

    def send(self, process, count):
        """Returns what the load said about the last corpus."""
        while count > 0:
            part = min(count, SEGMENT)
            requests = self.bench.corpus(part, self.series, small=True)
            result = self.bench.load(process, part, start=0, seconds=600, requests=requests)
            requests.path.unlink()
            requests.path.with_suffix(".json").unlink()
            self.series += 1
            count -= part
        return result


def grow(bench, database, source, count):
    """Fills the database up to `count` events, all of them applied."""
    process = bench.start(TERIMA, database)
    backlog = process.backlog()
    source.send(process, count - backlog.stored())
    backlog.wait_for(backlog.unapplied, seconds=3600)
    backlog.close()
    process.stop()


def look(bench, database, source, count):
    """All numbers at this size."""
    process = bench.start(TERIMA, database)
    time.sleep(IDLE_SECONDS)
    result = {"events": count, "start_seconds": process.start_seconds, "rss_mb": process.rss_mb(), "file_mb": database.stat().st_size / 1024 / 1024}
    process.stop()
    process = bench.start(RECEIVER, database)
    result |= source.send(process, PROBE)
    process.stop()
    return result


def run(bench):
    results, count = [], FIRST
    with bench.fresh() as database:
        source = Source(bench)
        while count <= bench.events:
            grow(bench, database, source, count)
            results.append(look(bench, database, source, count))
            result = results[-1]
            bench.say(f"  {count:,} events: {result['rate']:,.0f}/s, p99 {result['p99_ms']:.2f} ms, {result['rss_mb']:.0f} MB, "
                      f"file {result['file_mb']:,.0f} MB, start {result['start_seconds']:.3f} s")
            count *= 10
    figures = []
    for result in results:
        at = f"{result['events']:,} events"
        figures += [
            Figure(f"{at}: accepted", "/s", [result["rate"]]),
            Figure(f"{at}: p99", "ms", [result["p99_ms"]], more_is_better=False),
            Figure(f"{at}: idle memory", "MB", [result["rss_mb"]], more_is_better=False),
            Figure(f"{at}: file", "MB", [result["file_mb"]], more_is_better=False),
            Figure(f"{at}: start", "s", [result["start_seconds"]], more_is_better=False),
        ]
    return figures, results
