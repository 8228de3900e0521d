"""How soon the shop knows: from the answer to PPRO until the shop has the notification, at 500 webhooks a second.

The log of the load and the log of the shop are joined by the id of the event; both clocks are the machine's CLOCK_MONOTONIC. The whole way counts from
when the webhook was due. Beside it the same load with `--receive-only`: what accepting costs when nothing is applied and nobody is told.
"""

import json
import statistics

from ..bench import RECEIVER, TERIMA, WARM_UP
from ..figure import Figure, Goal

NAME = "to-shop"
RATE = 500
PROMPT = Goal(at_most=10)
ABOVE = Goal(at_most=40)


def quantile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def joined(requests, log, told):
    """(accepted to told, due to told) in ms for each event that the shop was told about."""
    count = sum(1 for _ in log.open())
    ids = [json.loads(body)["id"] for body in requests.bodies(WARM_UP, count)]
    first = {}
    for at, _, _, cause in told:
        first.setdefault(cause, at)
    ways = []
    with log.open() as file:
        for line in file:
            index, due, _, answered, _ = (int(word) for word in line.split(","))
            at = first.get(ids[index - WARM_UP])
            if at and answered:
                ways.append(((at - answered) / 1e6, (at - due) / 1e6))
    return ways


def run(bench):
    seconds = bench.size(20, 8)
    count = RATE * seconds
    log, requests = bench.work / "load.csv", bench.corpus(WARM_UP + RATE * seconds)
    results = {TERIMA: [], RECEIVER: []}
    for number in range(bench.runs):
        with bench.shop() as shop:
            with bench.serving(TERIMA, shop_port=shop.port) as process:
                result = bench.load(process, count, rate=RATE, log=log)
                backlog = process.backlog()
                backlog.wait_for(lambda: backlog.unapplied() + backlog.untold())
                backlog.close()
            shop.stop()
            ways = joined(requests, log, shop.notifications())
        result["told"] = len(ways)
        result["to_shop_ms"] = {str(part): quantile([way for way, _ in ways], part) for part in (0.5, 0.9, 0.99, 0.999)}
        result["whole_way_p99_ms"] = quantile([way for _, way in ways], 0.99)
        results[TERIMA].append(result)
        with bench.serving(RECEIVER) as process:
            results[RECEIVER].append(bench.load(process, count, rate=RATE))
        to_shop = result["to_shop_ms"]
        bench.say(f"  run {number + 1} of {bench.runs}: told {len(ways)} of {count}, p50 {to_shop['0.5']:.2f} ms, p99 {to_shop['0.99']:.2f} ms; accepted "
                  f"p99 {result['p99_ms']:.2f} ms, receiving only {results[RECEIVER][-1]['p99_ms']:.2f} ms")
    return figures(results), results


def figures(results):
    told, receiver = results[TERIMA], [result["p99_ms"] for result in results[RECEIVER]]
    above = [result["whole_way_p99_ms"] - statistics.median(receiver) for result in told]
    return [
        Figure("accepted to told, p50", "ms", [result["to_shop_ms"]["0.5"] for result in told], PROMPT, more_is_better=False),
        Figure("accepted to told, p99", "ms", [result["to_shop_ms"]["0.99"] for result in told], more_is_better=False),
        Figure("whole way p99, above accepting alone", "ms", above, ABOVE, more_is_better=False),
        Figure("accepted, p99", "ms", [result["p99_ms"] for result in told], None, "receiving only", receiver, more_is_better=False),
        Figure("not told", "events", [result["answered"] - result["told"] for result in told], Goal(at_most=0), more_is_better=False),
    ]
