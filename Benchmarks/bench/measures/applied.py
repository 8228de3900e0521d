"""How many events a second are applied for good, while they are being accepted.

An open loop with the worker on and no endpoint, each rate on a fresh database. A rate is held when the lag (the newest event less the last one applied)
does not grow after it has settled: the worker yields to the receiver at first, and takes more when it is behind for five seconds.
"""

from ..bench import TERIMA
from ..figure import Figure, Goal
from ..ladder import attempt, climb

NAME = "applied"
GOAL = Goal(at_least=10_000)
RATES = [6_000, 8_000, 9_000, 10_000, 11_000, 12_000, 13_000, 14_000, 16_000, 18_000, 20_000, 24_000, 28_000]


def run(bench):
    settle, seconds = bench.size(15, 10), bench.size(40, 30)
    rates = bench.size(RATES, [6_000, 8_000, 10_000, 12_000])

    def once(rate):
        with bench.serving(TERIMA) as process:
            return attempt(bench, process, rate, settle, seconds, process.backlog().unapplied)

    highest, attempts = climb(bench, rates, once)
    return [Figure("accepted and applied", "/s", highest, GOAL)], attempts
