"""The same rate while the worker applies beside it, and how long it takes to catch up afterwards.

64 connections in a closed loop for the same time, no endpoint configured. After the burst nothing is sent any more: the time until everything is
applied is measured, and the highest memory over all of it.
"""

from ..bench import BATCH, TERIMA
from ..figure import Figure, Goal
from ..server import Terima

NAME = "accept-worker"
GOAL = Goal(at_least=1.3, ratio=True)


def run(bench):
    count, seconds = bench.size(500_000, 150_000), bench.size(10, 3)

    def burst(process):
        result = bench.load(process, count, seconds=seconds)
        if isinstance(process, Terima):
            backlog = process.backlog()
            result["behind"] = backlog.unapplied()
            result["catch_up_seconds"] = backlog.wait_for(backlog.unapplied)
            backlog.close()
        result["peak_rss_mb"] = process.peak_rss_mb()
        return result

    results = bench.interleaved([TERIMA, BATCH], burst)

    def values(name, key):
        return [result[key] for result in results[name]]

    return [
        Figure("accepted, worker on", "/s", values(TERIMA, "rate"), GOAL, BATCH, values(BATCH, "rate")),
        Figure(f"catching up after {seconds} s", "s", values(TERIMA, "catch_up_seconds"), more_is_better=False),
        Figure("highest memory", "MB", values(TERIMA, "peak_rss_mb"), None, BATCH, values(BATCH, "peak_rss_mb"), more_is_better=False),
    ], results
