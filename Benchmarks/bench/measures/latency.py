"""How long a sender waits for the answer at 3,000 webhooks a second, worker on.

An open loop over 64 connections: latency counts from the instant at which a request was due, so that a pause is charged with everybody who had to wait.
"""

from ..bench import BATCH, TERIMA
from ..figure import Figure, Goal

NAME = "latency-3000"
RATE = 3000
GOALS = {"p50_ms": Goal(at_most=0.9, ratio=True), "p99_ms": Goal(at_most=0.7, ratio=True), "p999_ms": Goal(at_most=1.0, ratio=True)}
TITLES = {"p50_ms": "p50", "p99_ms": "p99", "p999_ms": "p99.9"}


def run(bench):
    seconds = bench.size(20, 8)
    results = bench.interleaved([TERIMA, BATCH], lambda process: bench.load(process, RATE * seconds, rate=RATE, seconds=seconds + 20))

    def values(name, key):
        return [result[key] for result in results[name]]

    return [
        Figure(f"{TITLES[key]} at {RATE:,}/s", "ms", values(TERIMA, key), goal, BATCH, values(BATCH, key), more_is_better=False) for key, goal in GOALS.items()
    ], results
