"""What is on the disk when everything is applied, against the bytes of the webhooks' bodies, and how large the log grew under load.

The size is that of all files of the database after terima has stopped. Once without an endpoint, and once with a shop that was told everything.
"""

import os

from ..bench import TERIMA
from ..figure import Figure, Goal
from ..server import Sampler

NAME = "disk"
STORED = Goal(at_most=2)
LOG = Goal(at_most=64)


def size_mb(path):
    return os.stat(path).st_size / 1024 / 1024 if path.exists() else 0


def once(bench, count, shop_port):
    requests = bench.corpus(count)
    with bench.fresh() as database:
        process = bench.start(TERIMA, database, shop_port)
        backlog, wal = process.backlog(), database.with_name(database.name + "-wal")
        with Sampler(lambda: size_mb(wal), every=0.02) as sampler:
            bench.load(process, count, start=0)
            backlog.wait_for(lambda: backlog.unapplied() + backlog.untold(), every=2)
        backlog.close()
        process.stop()
        kept = sum(size_mb(path) for path in database.parent.glob(database.name + "*"))
    payload = sum(len(body) for body in requests.bodies(0, count)) / 1024 / 1024
    return {"kept_mb": kept, "payload_mb": payload, "times": kept / payload, "wal_mb": max(size for _, size in sampler.samples)}


def run(bench):
    count = bench.size(200_000, 40_000)
    results = {"no endpoint": [], "told a shop": []}
    for number in range(bench.runs):
        results["no endpoint"].append(once(bench, count, None))
        with bench.shop() as shop:
            results["told a shop"].append(once(bench, count, shop.port))
        for name, runs in results.items():
            bench.say(f"  run {number + 1} of {bench.runs}, {name}: " + ", ".join(f"{key} {value:.2f}" for key, value in runs[-1].items()))
    figures = []
    for name, runs in results.items():
        figures.append(Figure(f"stored, {name}", "x bodies", [result["times"] for result in runs], STORED, more_is_better=False))
        figures.append(Figure(f"log at its highest, {name}", "MB", [result["wal_mb"] for result in runs], LOG, more_is_better=False))
    return figures, results
