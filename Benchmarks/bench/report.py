"""Results as files and as a table."""

import json
import re
import shutil
import statistics

from .figure import shown

HEADS = ("measure", "what", "runs", "terima: median (range)", "peer: median (range)", "ratio", "goal", "")
SHORT = "Short form, for a first look: fewer runs and smaller counts than the goals are meant for; --full is what counts."


def write(directory, name, about, figures, runs):
    """One JSON file for each measure: what it was measured on, the figures, and every single run."""
    facts = {"measure": name, **about, "figures": [figure.facts() for figure in figures], "runs": runs}
    # Lists of numbers on one line each.
    text = re.sub(r"\[\s+([-\d.,e\s]+?)\s+\]", lambda numbers: "[" + " ".join(numbers.group(1).split()) + "]", json.dumps(facts, indent=1))
    (directory / f"{name}.json").write_text(text + "\n")


def read(directory, names):
    """The results that are there, in the order of `names`."""
    paths = [directory / f"{name}.json" for name in names]
    return [json.loads(path.read_text()) for path in paths if path.exists()]


def spread(values, upwards):
    """The median and the range, rounded one way."""
    if not values:
        return ""
    median = shown(statistics.median(values), upwards)
    if len(values) == 1:
        return median
    return f"{median} ({shown(min(values), upwards)} to {shown(max(values), upwards)})"


def row(measure, figure):
    """terima's numbers are rounded against it, the peer's in its favour."""
    against = not figure["more_is_better"]
    peer = spread(figure["peer_values"], not against)
    unit = figure["unit"]
    return (
        measure, figure["what"], str(len(figure["terima"])), f"{spread(figure['terima'], against)} {unit}".rstrip(),
        f"{peer} {unit} {figure['peer']}" if peer else "",
        f"{shown(figure['ratio'], against)} x" if figure["ratio"] is not None else "", figure["goal"] or "",
        {True: "reached", False: "missed", None: ""}[figure["reached"]],
    )


def table(results):
    """Everything for the eye; a measure's name stands in its first row only."""
    rows = [HEADS]
    for result in results:
        for index, figure in enumerate(result["figures"]):
            rows.append(row(result["measure"] if index == 0 else "", figure))
    widths = [max(len(line[column]) for line in rows) for column in range(len(HEADS))]
    return "\n".join("  ".join(word.ljust(width) for word, width in zip(line, widths)).rstrip() for line in rows)


def heading(results):
    """Where and how it was measured, in three lines; results of several calls may stand together."""
    machine, versions = results[-1]["machine"], results[-1]["versions"]
    others = ", ".join(f"{name} {versions[name]}" for name in ("sqlite", "go", "python", "fastapi", "uvicorn", "uvloop"))
    short = [result["measure"] for result in results if result["form"] != "full"]
    form = SHORT if len(short) == len(results) else "Full form" + (f", but in the short form: {', '.join(short)}." if short else ".")
    builds = " and ".join(sorted({result["versions"]["build"] for result in results}))
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}, Linux {machine['kernel']}, "
        f"{machine['file_system']}, one sync {machine['sync_us']} us; load, shop and servers share it\n"
        f"terima {versions['terima']} ({builds}); {others}\n"
        f"{form} Interleaved, on fresh databases, synchronous=FULL."
    )


def publish(directory, target):
    """Copies what belongs into the documentation."""
    target.mkdir(parents=True, exist_ok=True)
    for path in [*directory.glob("*.json"), *directory.glob("*.svg")]:
        shutil.copy(path, target)
