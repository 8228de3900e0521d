"""Resident memory: idle, under full load, and for each stored event.

Idle some seconds after the start; at its highest while 256 connections send in a closed loop and until everything is applied; and how much more a service that
was started on a filled database takes for each event in it.
"""

import time

from ..bench import TERIMA
from ..figure import Figure, Goal

NAME = "memory"
IDLE = Goal(at_most=40)
LOADED = Goal(at_most=128)
GROWTH = Goal(at_most=32)
IDLE_SECONDS = 3


def idle(bench, seed=None):
    """MB some seconds after the start, without any request."""
    with bench.fresh(seed) as database:
        process = bench.start(TERIMA, database)
        time.sleep(IDLE_SECONDS)
        used = process.rss_mb()
        process.stop()
    return used


def loaded(bench, count):
    with bench.serving(TERIMA) as process:
        bench.load(process, count, connections=256)
        backlog = process.backlog()
        backlog.wait_for(backlog.unapplied)
        backlog.close()
        return process.peak_rss_mb()


def run(bench):
    stored, count = bench.size(1_000_000, 100_000), bench.size(200_000, 40_000)
    seed, results = bench.seeded(stored), []
    for number in range(bench.runs):
        result = {"idle_mb": idle(bench), "idle_filled_mb": idle(bench, seed), "loaded_mb": loaded(bench, count)}
        result["bytes_an_event"] = (result["idle_filled_mb"] - result["idle_mb"]) * 1024 * 1024 / stored
        results.append(result)
        bench.say(f"  run {number + 1} of {bench.runs}: " + ", ".join(f"{name} {value:.1f}" for name, value in result.items()))

    def values(key):
        return [result[key] for result in results]

    return [
        Figure("idle, empty", "MB", values("idle_mb"), IDLE, more_is_better=False),
        Figure("highest, 256 connections", "MB", values("loaded_mb"), LOADED, more_is_better=False),
        Figure(f"idle, {stored:,} events", "MB", values("idle_filled_mb"), more_is_better=False),
        Figure("more for each stored event", "B", values("bytes_an_event"), GROWTH, more_is_better=False),
    ], results
