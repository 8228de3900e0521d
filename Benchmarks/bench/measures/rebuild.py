"""`terima rebuild --check`: folding every charge again from a million stored events, with the service down.

Time and highest memory; memory is flat when a tenth of the events takes nearly as much.
"""

import time

from ..figure import Figure, Goal
from ..server import Process

NAME = "rebuild"
SOON = Goal(at_most=30)
FLAT = Goal(at_most=1.25, ratio=True)


def check(bench, seed):
    """Seconds, and the highest memory in MB."""
    with bench.fresh(seed) as database:
        log, peak = database.with_suffix(".log"), 0
        process = Process([bench.terima, "rebuild", "--check"], log, {"TERIMA_DATABASE": str(database)})
        while process.popen.poll() is None:
            try:
                peak = max(peak, process.peak_rss_mb())
            except (KeyError, FileNotFoundError, ProcessLookupError):
                pass
            time.sleep(0.01)
        seconds = time.monotonic() - process.began
        if process.popen.returncode != 0:
            raise RuntimeError(f"rebuild --check found differences: {log.read_text(errors='replace')[-500:]}")
    return {"seconds": seconds, "peak_rss_mb": peak}


def run(bench):
    many = bench.size(1_000_000, 100_000)
    few = many // 10
    results = {count: [] for count in (few, many)}
    for number in range(bench.runs):
        for count, runs in results.items():
            runs.append(check(bench, bench.seeded(count)))
            bench.say(f"  run {number + 1} of {bench.runs}, {count:,} events: {runs[-1]['seconds']:.2f} s, {runs[-1]['peak_rss_mb']:.0f} MB")
    peaks = {count: [result["peak_rss_mb"] for result in runs] for count, runs in results.items()}
    return [
        Figure(f"{many:,} events folded again", "s", [result["seconds"] for result in results[many]], SOON, more_is_better=False),
        Figure(f"highest memory, {many:,} events", "MB", peaks[many], FLAT, f"{few:,} events", peaks[few], more_is_better=False),
    ], results
