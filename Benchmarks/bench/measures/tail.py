"""The slowest answers under full load: the 99th percentile, receiving only and with the worker on.

64 connections in a closed loop for the same time.
"""

from ..bench import BATCH, RECEIVER, TERIMA
from ..figure import Figure, Goal

NAME = "tail-full"
GOAL = Goal(at_most=0.5, ratio=True)


def run(bench):
    count, seconds = bench.size(500_000, 150_000), bench.size(10, 3)
    results = bench.interleaved([RECEIVER, TERIMA, BATCH], lambda process: bench.load(process, count, seconds=seconds))
    p99 = {name: [result["p99_ms"] for result in runs] for name, runs in results.items()}
    return [
        Figure("p99, receiving only", "ms", p99[RECEIVER], GOAL, BATCH, p99[BATCH], more_is_better=False),
        Figure("p99, worker on", "ms", p99[TERIMA], GOAL, BATCH, p99[BATCH], more_is_better=False),
    ], results
