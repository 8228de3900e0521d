"""How many webhooks a second are accepted: verified, stored and synced before the answer.

64 connections in a closed loop for the same time, 1 KB Jenius Pay events. terima only receives (`--receive-only`), because the peers do no more than that either.
"""

from ..bench import BATCH, FASTAPI, NAIVE, RECEIVER
from ..figure import Figure, Goal

NAME = "accept-receiver"
GOALS = {BATCH: Goal(at_least=2.0, ratio=True), NAIVE: Goal(at_least=9.0, ratio=True), FASTAPI: Goal(at_least=15.0, ratio=True)}


def run(bench):
    count, seconds = bench.size(500_000, 150_000), bench.size(10, 3)
    results = bench.interleaved([RECEIVER, *GOALS], lambda process: bench.load(process, count, seconds=seconds))
    rates = {name: [result["rate"] for result in runs] for name, runs in results.items()}
    return [Figure("accepted", "/s", rates[RECEIVER], goal, peer, rates[peer]) for peer, goal in GOALS.items()], results
