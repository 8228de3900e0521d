"""How fast a backlog is told when the shop comes back, and whether it is told in order.

The shop does not listen while notifications gather; then it is started, and its own log tells the rate from the first to the last notification, and
whether the versions of every charge ascend.
"""

from ..bench import TERIMA
from ..figure import Figure, Goal
from ..server import free_port

NAME = "backlog"
DRAINED = Goal(at_least=4_000)
ORDERED = Goal(at_most=0)


def out_of_order(told):
    """How many notifications came after a newer one of the same charge."""
    newest, wrong = {}, 0
    for _, subject, version, _ in told:
        wrong += version < newest.get(subject, 0)
        newest[subject] = max(version, newest.get(subject, 0))
    return wrong


def run(bench):
    count, results = bench.size(100_000, 20_000), []
    for number in range(bench.runs):
        port = free_port()
        with bench.serving(TERIMA, shop_port=port) as process:
            backlog = process.backlog()
            bench.load(process, count)
            backlog.wait_for(backlog.unapplied)
            gathered = backlog.untold()
            with bench.shop(port=port) as shop:
                took = backlog.wait_for(backlog.untold)
                shop.stop()
                told = list(shop.notifications())
            backlog.close()
        sending = (told[-1][0] - told[0][0]) / 1e9
        results.append({
            "gathered": gathered, "told": len(told), "rate": (len(told) - 1) / sending, "seconds_until_first": took - sending,
            "repeated": len(told) - len({(subject, version) for _, subject, version, _ in told}), "out_of_order": out_of_order(told),
        })
        bench.say(f"  run {number + 1} of {bench.runs}: {results[-1]}")
    return [
        Figure(f"{count:,} waiting notifications told", "/s", [result["rate"] for result in results], DRAINED),
        Figure("told after a newer one", "", [result["out_of_order"] for result in results], ORDERED, more_is_better=False),
        Figure("until the first is told", "s", [result["seconds_until_first"] for result in results], more_is_better=False),
    ], results
