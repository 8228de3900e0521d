"""What a measure hands back: figures, each with its goal, and the judgement whether it was reached."""

import dataclasses
import math
import statistics


@dataclasses.dataclass(frozen=True)
class Goal:
    """A bound for terima's median, or with `ratio` for the median of the ratios to the peer, run by run."""

    at_least: float = None
    at_most: float = None
    ratio: bool = False

    def holds(self, value):
        return value >= self.at_least if self.at_least is not None else value <= self.at_most

    def text(self, unit):
        sign, bound = (">=", self.at_least) if self.at_least is not None else ("<=", self.at_most)
        return f"{sign} {bound:g} x" if self.ratio else f"{sign} {bound:,g} {unit}".rstrip()


@dataclasses.dataclass
class Figure:
    """One line of the table: terima's values, one a run, and where there is one the peer's of the same runs."""

    what: str
    unit: str
    terima: list
    goal: Goal = None
    peer: str = ""
    peer_values: list = dataclasses.field(default_factory=list)
    more_is_better: bool = True

    def median(self):
        return statistics.median(self.terima)

    def ratio(self):
        """The median of the ratios of each round; None without a peer."""
        pairs = [(own, other) for own, other in zip(self.terima, self.peer_values) if other]
        return statistics.median(own / other for own, other in pairs) if pairs else None

    def reached(self):
        """None when there is no goal. What is judged was not rounded."""
        if not self.goal:
            return None
        return self.goal.holds(self.ratio() if self.goal.ratio else self.median())

    def facts(self):
        """Everything about it, for the JSON file."""
        return {
            "what": self.what, "unit": self.unit, "terima": self.terima, "terima_median": self.median(), "peer": self.peer or None,
            "peer_values": self.peer_values, "peer_median": statistics.median(self.peer_values) if self.peer_values else None,
            "ratio": self.ratio(), "goal": self.goal.text(self.unit) if self.goal else None, "reached": self.reached(),
            "more_is_better": self.more_is_better,
        }


DOUBLED = Goal(at_most=2, ratio=True)


def meanwhile(runs, rate):
    """The slowest answers while something long goes on beside the load, against those before it; at most twice as slow is the goal.

    Each run has what load/load.c says as `before` and `during`.
    """
    before, during = ([run[when]["p99_ms"] for run in runs] for when in ("before", "during"))
    return Figure(f"p99 meanwhile, at {rate}/s", "ms", during, DOUBLED, "before", before, more_is_better=False)


def shown(value, upwards):
    """Three digits or all before the point, rounded in one direction only: never in the direction that flatters."""
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    digits = min(digits, 3)
    scale = 10**digits
    rounded = (math.ceil(value * scale - 1e-9) if upwards else math.floor(value * scale + 1e-9)) / scale
    return f"{rounded:,.{digits}f}"
