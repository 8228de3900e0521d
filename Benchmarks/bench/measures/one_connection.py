"""One connection, one request after the other.

Every webhook waits for a sync of its own, so there is nothing to gather and only the way counts.
"""

from ..bench import NAIVE, RECEIVER, TERIMA
from ..figure import Figure, Goal

NAME = "one-connection"
GOAL = Goal(at_least=0.9, ratio=True)


def run(bench):
    count, seconds = bench.size(20_000, 5_000), bench.size(8, 4)
    results = bench.interleaved([RECEIVER, TERIMA, NAIVE], lambda process: bench.load(process, count, connections=1, seconds=seconds))
    rates = {name: [result["rate"] for result in runs] for name, runs in results.items()}
    return [
        Figure("one connection, receiving only", "/s", rates[RECEIVER], GOAL, NAIVE, rates[NAIVE]),
        Figure("one connection, worker on", "/s", rates[TERIMA], GOAL, NAIVE, rates[NAIVE]),
    ], results
