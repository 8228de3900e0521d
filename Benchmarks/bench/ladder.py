"""Finding the highest rate that is sustained: an open loop goes up a ladder of rates until what is still to be done grows."""

import statistics

from .server import Sampler

CONNECTIONS = 256
# Of what is sent in the time compared; less is the wavering of batches.
TOLERATED = 0.01


def growth(samples, settled_after):
    """How much the backlog grew between the two halves of the time after it had settled, and for how many seconds.

    A backlog that goes up and down within bounds does not grow: the least counts of how its lowest, its middle and its highest point moved. Each half has to last
    longer than one time up and down, which took 12 to 15 seconds where it was seen.
    """
    kept = [(at, backlog) for at, backlog in samples if at >= settled_after]
    middle = len(kept) // 2
    first, second = ([backlog for _, backlog in half] for half in (kept[:middle], kept[middle:]))
    return min(point(second) - point(first) for point in (min, statistics.median, max)), (kept[-1][0] - kept[0][0]) / 2


def attempt(bench, process, rate, settle, seconds, left):
    """Loads at `rate`; the answer has `held`, whether what `left()` counts did not grow in the last `seconds`."""
    with Sampler(left) as sampler:
        result = bench.load(process, rate * (settle + seconds), rate=rate, connections=CONNECTIONS, seconds=settle + seconds + 5)
    result["wanted_rate"], result["samples"] = rate, sampler.samples
    sent_for = [sample for sample in sampler.samples if sample[0] <= settle + seconds]
    result["grown"], compared = growth(sent_for, settle)
    result["highest"] = max(backlog for _, backlog in sampler.samples)
    result["held"] = result["rate"] >= 0.99 * rate and result["unanswered"] == 0 and result["grown"] <= TOLERATED * rate * compared
    bench.say(f"  {rate:,}/s: {'held' if result['held'] else 'not held'}; at most {result['highest']:,} behind, grown by {result['grown']:,.0f}; "
              f"{result['rate']:,.0f}/s, p99 {result['p99_ms']:.2f} ms, {result['server_cores']:.2f} cores")
    return result


def climb(bench, rates, once):
    """For each run the highest rate that was held (0: none), and all attempts. From the second run on it begins two steps below where the first one ended."""
    highest, attempts, first = [], [], 0
    for _ in range(bench.size(bench.runs, 1)):
        best = 0
        for step in range(first, len(rates)):
            result = once(rates[step])
            attempts.append(result)
            if not result["held"]:
                break
            best, first = rates[step], max(0, step - 1)
        highest.append(best)
        if best == 0:
            first = 0
    return highest, attempts
