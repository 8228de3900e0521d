"""From the start of the process to the first 200 of /healthz.

On an empty database and on one with a million events. The file is in the system's cache.
"""

from ..bench import TERIMA
from ..figure import Figure, Goal

NAME = "start"
EMPTY = Goal(at_most=0.1)
FILLED = Goal(at_most=1)


def run(bench):
    stored = bench.size(1_000_000, 100_000)
    results = {0: [], stored: []}
    for number in range(bench.runs):
        for count, runs in results.items():
            with bench.fresh(bench.seeded(count) if count else None) as database:
                process = bench.start(TERIMA, database)
                runs.append(process.start_seconds)
                process.stop()
            bench.say(f"  run {number + 1} of {bench.runs}, {count:,} events: {runs[-1]:.3f} s")
    return [
        Figure("start, empty", "s", results[0], EMPTY, more_is_better=False),
        Figure(f"start with {stored:,} events", "s", results[stored], FILLED, more_is_better=False),
    ], results
