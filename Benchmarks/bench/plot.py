"""Plots of the results, as SVG. The same results give the same bytes, so that a plot in the repository changes only when a figure does."""

import statistics

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({
    "svg.hashsalt": "terima", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10, "axes.spines.top": False, "axes.spines.right": False,
    "axes.grid": True, "grid.alpha": 0.3, "axes.axisbelow": True, "figure.facecolor": "white",
})

from matplotlib import pyplot  # noqa: E402 (the backend is chosen first)

OURS, THEIRS = "#1a7f5a", "#8a94a6"
QUANTILES = {"p50_ms": "p50", "p90_ms": "p90", "p99_ms": "p99", "p999_ms": "p99.9", "max_ms": "max"}
GROWING = {"rate": "accepted a second", "p99_ms": "p99, ms", "rss_mb": "idle memory, MB", "file_mb": "file, MB", "start_seconds": "start, s"}


def save(figure, path):
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    pyplot.close(figure)


def with_range(values):
    """The median, and how far the range reaches below and above it."""
    middle = statistics.median(values)
    return middle, middle - min(values), max(values) - middle


def plot_accepted(results, path):
    """How many webhooks a second each server accepts."""
    rates = {name: [run["rate"] for run in runs] for name, runs in results["accept-receiver"]["runs"].items()}
    if "accept-worker" in results:
        rates["terima, worker on"] = [run["rate"] for run in results["accept-worker"]["runs"]["terima"]]
    order = sorted(rates, key=lambda name: statistics.median(rates[name]))
    figure, axes = pyplot.subplots(figsize=(7, 0.5 * len(order) + 1.2))
    for place, name in enumerate(order):
        middle, below, above = with_range(rates[name])
        axes.barh(place, middle, color=OURS if name.startswith("terima") else THEIRS, xerr=[[below], [above]], ecolor="#333333", capsize=3)
    axes.set_yticks(range(len(order)), order)
    axes.set_xlabel("webhooks a second, 64 connections; median and range")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.grid(axis="y", visible=False)
    save(figure, path)


def plot_latency(results, path):
    """How the answer times spread at a fixed rate."""
    figure, axes = pyplot.subplots(figsize=(7, 3.5))
    for name, runs in results["latency-3000"]["runs"].items():
        points = [with_range([run[key] for run in runs]) for key in QUANTILES]
        middle, below, above = zip(*points)
        axes.errorbar(list(QUANTILES.values()), middle, yerr=[below, above], marker="o", capsize=3, label=name, color=OURS if name == "terima" else THEIRS)
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_ylabel("ms until the answer; median and range")
    axes.set_xlabel("3,000 webhooks a second")
    axes.legend(frameon=False)
    save(figure, path)


def plot_backlog(result, title, path):
    """What was still to be done while the load lasted; one line for each rate, of its last attempt."""
    latest = {attempt["wanted_rate"]: attempt for attempt in result["runs"]}
    figure, axes = pyplot.subplots(figsize=(7, 3.5))
    colours = pyplot.get_cmap("viridis")
    for place, (rate, attempt) in enumerate(sorted(latest.items())):
        times, behind = zip(*attempt["samples"])
        axes.plot(times, behind, color=colours(place / max(1, len(latest) - 1) * 0.9), linestyle="-" if attempt["held"] else "--",
                  label=f"{rate:,}/s{'' if attempt['held'] else ', not held'}")
    axes.set_ylabel(title)
    axes.set_xlabel("seconds")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.legend(frameon=False, fontsize=8)
    save(figure, path)


def plot_growth(results, path):
    """Everything against the number of events."""
    sizes = results["growth"]["runs"]
    figure, places = pyplot.subplots(len(GROWING), 1, figsize=(7, 9), sharex=True)
    for axes, (key, title) in zip(places, GROWING.items()):
        axes.plot([size["events"] for size in sizes], [size[key] for size in sizes], marker="o", color=OURS)
        axes.set_xscale("log")
        axes.set_ylim(0, 1.15 * max(size[key] for size in sizes))
        axes.set_ylabel(title)
        axes.yaxis.set_major_formatter("{x:,g}")
    places[-1].set_xlabel("events stored")
    save(figure, path)


def plots(results, directory):
    """Draws what there are results for."""
    by_name = {result["measure"]: result for result in results}
    if "accept-receiver" in by_name:
        plot_accepted(by_name, directory / "accepted.svg")
    if "latency-3000" in by_name:
        plot_latency(by_name, directory / "latency.svg")
    if "applied" in by_name:
        plot_backlog(by_name["applied"], "events not yet applied", directory / "applied.svg")
    if "delivered" in by_name:
        plot_backlog(by_name["delivered"], "events not yet told", directory / "delivered.svg")
    if "growth" in by_name:
        plot_growth(by_name, directory / "growth.svg")
