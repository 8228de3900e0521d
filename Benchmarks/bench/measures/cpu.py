"""What 1,000 webhooks a second cost: user and system time of all threads, as parts of one core, worker on."""

from ..bench import TERIMA
from ..figure import Figure, Goal

NAME = "cpu"
GOAL = Goal(at_most=0.35)
RATE = 1000


def run(bench):
    seconds = bench.size(20, 8)
    results = bench.interleaved([TERIMA], lambda process: bench.load(process, RATE * seconds, rate=RATE))
    return [Figure(f"at {RATE:,}/s", "cores", [result["server_cores"] for result in results[TERIMA]], GOAL, more_is_better=False)], results
