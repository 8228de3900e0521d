"""Runs measures and reports; `scripts/bench` prepares everything that this needs."""

import argparse
import datetime
import importlib
import pathlib
import sys

from . import machine, plot, report
from .bench import REPOSITORY, Bench

MODULES = (
    "accept_receiver", "accept_worker", "applied", "accept_million", "latency", "tail", "one_connection", "to_shop", "delivered", "backlog",
    "rebuild", "replay", "backup", "purge", "start", "memory", "disk", "cpu", "growth", "profile",
)
ON_REQUEST = ("growth", "profile")


def measures():
    """The modules of the measures by name, in the order of the table."""
    modules = [importlib.import_module(f".measures.{name}", __package__) for name in MODULES]
    return {module.NAME: module for module in modules}


def options(known):
    listing = "\n".join(f"  {name:<16} {module.__doc__.splitlines()[0]}" for name, module in known.items())
    parser = argparse.ArgumentParser(
        prog="scripts/bench", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Measures terima as a whole service, against its peers where there are any.", epilog=f"measures:\n{listing}",
    )
    parser.add_argument("measures", metavar="MEASURE", nargs="*", help="only these (default: all but growth and profile)")
    parser.add_argument("--full", action="store_true", help="at least 5 runs each and the counts that the goals are meant for; hours instead of minutes")
    parser.add_argument("--runs", type=int, help="another number of runs")
    parser.add_argument("--events", type=int, default=1_000_000, help="growth: how far (default 1000000)")
    parser.add_argument("--terima", metavar="PATH", type=pathlib.Path, help="measure this binary instead of building one")
    parser.add_argument("--programs", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--directory", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--built", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--output", metavar="DIR", type=pathlib.Path, help="where the JSON files and plots go (default .build/bench/results)")
    parser.add_argument("--docs", action="store_true", help="copy them to docs/performance too")
    parser.add_argument("--report", action="store_true", help="measure nothing: print and plot what is in the output directory")
    chosen = parser.parse_args()
    unknown = [name for name in chosen.measures if name not in known]
    if unknown:
        parser.error(f"there is no measure {unknown[0]}; there are: {', '.join(known)}")
    return chosen


def main():
    known = measures()
    chosen = options(known)
    directory = chosen.directory.resolve()
    output = (chosen.output or directory / "results").resolve()
    output.mkdir(parents=True, exist_ok=True)
    if machine.file_system(directory) in machine.IN_MEMORY:
        sys.exit(f"error: {directory} is in memory, where a sync costs nothing; the benchmark needs a disk")
    names = chosen.measures or [name for name in known if name not in ON_REQUEST]
    if not chosen.report:
        measure(chosen, {name: known[name] for name in names}, directory, output)
    everything = report.read(output, known)
    results = [result for result in everything if result["measure"] in names or (chosen.report and not chosen.measures)]
    if not results:
        sys.exit(f"error: there are no results in {output}")
    plot.plots(everything, output)
    print(f"\n{report.heading(results)}\n\n{report.table(results)}")
    if chosen.docs:
        report.publish(output, REPOSITORY / "docs/performance")


def measure(chosen, modules, directory, output):
    """Runs the measures one after the other; each result is written as soon as it is there."""
    bench = Bench(chosen.terima.resolve(), chosen.programs.resolve(), directory, output, chosen.full, chosen.runs, chosen.events)
    about = {
        "form": "full" if bench.full else "short", "machine": machine.machine(directory), "versions": machine.versions(bench.terima, chosen.built),
    }
    for name, module in modules.items():
        bench.say(f"{name}: {module.__doc__.splitlines()[0]}")
        began = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
        figures, runs = module.run(bench)
        report.write(output, name, {"measured_at": began, **about}, figures, runs)


if __name__ == "__main__":
    main()
