"""How many events a second go all the way for good: accepted, applied, and told to a shop that is faster than terima.

An open loop, each rate on a fresh database. A rate is held when what is not yet applied and what is not yet told together do not grow after it has
settled.
"""

from ..bench import TERIMA
from ..figure import Figure, Goal
from ..ladder import attempt, climb

NAME = "delivered"
GOAL = Goal(at_least=3_000)
RATES = [1_000, 2_000, 2_500, 3_000, 3_500, 4_000, 4_500, 5_000, 6_000, 7_000, 8_000]


def run(bench):
    settle, seconds = bench.size(15, 10), bench.size(40, 30)
    rates = bench.size(RATES, [2_000, 3_000, 4_000])

    def once(rate):
        with bench.shop() as shop, bench.serving(TERIMA, shop_port=shop.port) as process:
            backlog = process.backlog()
            result = attempt(bench, process, rate, settle, seconds, lambda: backlog.unapplied() + backlog.untold())
            result["taken"] = shop.taken()
            return result

    highest, attempts = climb(bench, rates, once)
    return [Figure("accepted, applied and told", "/s", highest, GOAL)], attempts
