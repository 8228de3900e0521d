"""Where the time goes under full load, as a flame graph: 64 connections in a closed loop, worker on. Wants a binary that was not stripped, and perf."""

import shutil

from .. import flame
from ..bench import TERIMA, WARM_UP
from ..figure import Figure

NAME = "profile"
COUNT, SECONDS = 500_000, 5


def run(bench):
    if shutil.which("perf") is None:
        raise RuntimeError("perf is missing; on Debian it is in the package linux-perf")
    requests = bench.corpus(WARM_UP + COUNT)
    with bench.serving(TERIMA) as process:
        data = bench.output / "perf.data"
        perf = flame.record(process.pid, data, SECONDS)
        result = bench.load(process, COUNT, seconds=SECONDS + 1, requests=requests)
        perf.wait()
    samples = list(flame.stacks(data))
    data.unlink()
    flame.draw(flame.tree(samples), f"terima under full load, {len(samples):,} samples of {flame.FREQUENCY} a second and core", bench.output / "flame.svg")
    for library, share in flame.shares(samples).items():
        bench.say(f"  {100 * share:5.1f} %  {library}")
    return [Figure("accepted while perf looked on", "/s", [result["rate"]])], {TERIMA: [result]}
