"""`terima purge`: everything that is stored is purged while webhooks come in.

A database with events in it; webhooks in an open loop: first alone, then while the bodies are taken away and the pages given back.
"""

import json
import threading
import time

from ..bench import TERIMA, WARM_UP
from ..figure import Figure, meanwhile

NAME = "purge"
RATE = 1_000


class Purge(threading.Thread):
    def __init__(self, process):
        super().__init__()
        self.process, self.count, self.seconds = process, None, 0

    def run(self):
        began = time.monotonic()
        # Not what comes now, else it would never end.
        self.count = json.loads(self.process.call("purge", "--older-than", "10s", "--json"))
        self.seconds = time.monotonic() - began


def once(bench, seed, seconds):
    with bench.serving(TERIMA, seed=seed) as process:
        count, size = RATE * seconds, process.database.stat().st_size
        result = {"before": bench.load(process, count, rate=RATE)}
        purge = Purge(process)
        purge.start()
        result["during"] = bench.load(process, count, start=WARM_UP + count, rate=RATE)
        result["was_over"] = not purge.is_alive()
        purge.join()
    return result | {"purged": purge.count, "purge_seconds": purge.seconds, "bytes_before": size}


def run(bench):
    events, seconds, results = bench.size(1_000_000, 200_000), bench.size(15, 8), []
    seed = bench.seeded(events)
    for number in range(bench.runs):
        result = once(bench, seed, seconds)
        results.append(result)
        bench.say(f"  run {number + 1} of {bench.runs}: {result['purged']['payloads']:,} bodies in {result['purge_seconds']:.2f} s, "
                  f"{result['purged']['freedBytes'] / 1e6:.0f} of {result['bytes_before'] / 1e6:.0f} MB given back; "
                  f"p99 {result['before']['p99_ms']:.2f} ms before, {result['during']['p99_ms']:.2f} ms meanwhile")
    return [
        Figure(f"{events:,} events purged", "s", [result["purge_seconds"] for result in results], None, more_is_better=False),
        meanwhile(results, RATE),
    ], results
