"""Whether accepting slows down when a million events are stored already.

64 connections in a closed loop, receiving only, on an empty database and on a copy of one that terima filled and applied.
"""

from ..bench import RECEIVER, brief
from ..figure import Figure, Goal

NAME = "accept-million"
GOAL = Goal(at_least=0.7, ratio=True)


def run(bench):
    stored, count = bench.size(1_000_000, 100_000), bench.size(100_000, 30_000)
    seed = bench.seeded(stored)
    results = {"empty": [], "filled": []}
    for number in range(bench.runs):
        for name in sorted(results, reverse=number % 2 == 1):
            with bench.serving(RECEIVER, seed=seed if name == "filled" else None) as process:
                results[name].append(bench.load(process, count))
            bench.say(f"  run {number + 1} of {bench.runs}, {name}: {brief(results[name][-1])}")
    rates = {name: [result["rate"] for result in runs] for name, runs in results.items()}
    return [Figure(f"accepted with {stored:,} stored", "/s", rates["filled"], GOAL, "empty", rates["empty"])], results
