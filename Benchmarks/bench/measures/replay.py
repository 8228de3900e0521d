"""`terima replay --failed`: dead notifications are queued again while webhooks come in.

The shop answers 410 at first, so that everything dies at once; then it takes everything. 500 webhooks a second in an open loop: first alone, then while
the replay is queued and told.
"""

import concurrent.futures
import json
import time

from ..bench import TERIMA, WARM_UP
from ..figure import Figure, Goal, meanwhile

NAME = "replay"
RATE = 500
QUEUED = Goal(at_most=5)


def replayed(process):
    """Replays a moment after the load began: what was queued, and how long that took."""
    time.sleep(1)
    began = time.monotonic()
    queued = json.loads(process.call("replay", "--failed"))
    return {"queued": queued, "queued_seconds": time.monotonic() - began}


def once(bench, dead, seconds):
    with bench.shop("--refuse", "410", "--down") as shop, bench.serving(TERIMA, shop_port=shop.port) as process:
        backlog = process.backlog()
        bench.load(process, dead)
        backlog.wait_for(lambda: backlog.unapplied() + backlog.untold())
        shop.accept()
        start, count = WARM_UP + dead, RATE * seconds
        result = {"dead": backlog.number("SELECT count(*) FROM delivery WHERE state = 'dead'")}
        result["before"] = bench.load(process, count, start=start, rate=RATE)
        with concurrent.futures.ThreadPoolExecutor() as beside:
            replay = beside.submit(replayed, process)
            result["during"] = bench.load(process, count, start=start + count, rate=RATE)
            result |= replay.result()
        result["told_after_seconds"] = backlog.wait_for(backlog.untold)
        backlog.close()
    return result


def run(bench):
    dead, seconds, results = bench.size(50_000, 10_000), bench.size(15, 6), []
    for number in range(bench.runs):
        result = once(bench, dead, seconds)
        results.append(result)
        bench.say(f"  run {number + 1} of {bench.runs}: {result['dead']:,} dead queued in {result['queued_seconds']:.2f} s; "
                  f"p99 {result['before']['p99_ms']:.2f} ms before, {result['during']['p99_ms']:.2f} ms meanwhile")
    return [
        Figure(f"{dead:,} dead notifications queued", "s", [result["queued_seconds"] for result in results], QUEUED, more_is_better=False),
        meanwhile(results, RATE),
    ], results
