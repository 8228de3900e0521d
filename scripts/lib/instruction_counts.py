#!/usr/bin/env python3
"""The counting half of `scripts/instructions`, which builds the program first.

Each benchmark runs twice under callgrind with two numbers of operations, (few, many); (I2 - I1) / (N2 - N1) is what an operation costs, so that start-up and
preparation cancel out. What would make the same program take another path on another machine or in another run is pinned in PINS.
"""

import argparse
import concurrent.futures
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
LIMITS = REPOSITORY / "Benchmarks/instructions.json"

# How far a count may rise. Repeated runs give the very same count, alone or on a busy machine; only append's differ, by less than 0.1 %, because of its threads.
# The rest is room for what is not ours: another SQLite or C library, a shift in what the optimizer inlines.
MARGIN = 0.03

# Seconds that one run may take; the longest takes about 10.
LIMIT_OF_RUN = 300

PINS = {
    # Swift's hash tables get the same seed in every run.
    "SWIFT_DETERMINISTIC_HASHING": "1",
    # glibc chooses its memcpy and the like by the processor: those for any x86_64. Without ERMS above all, because callgrind counts each byte of `rep stosb`.
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps="
    + ",".join(
        "-" + feature
        for feature in (
            "AVX_Fast_Unaligned_Load AVX512VL AVX512BW AVX512F AVX2 AVX BMI2 LZCNT MOVBE RTM ERMS FSRM SSE4_2 SSE4_1 SSSE3".split()
        )
    ),
    # The same for BoringSSL in swift-crypto (OPENSSL_adjust_ia32cap in crypto/cpu_intel.cc): FXSR, SSE, SSE2 and SSSE3, taken as all that CPUID says.
    "OPENSSL_ia32cap": "0x0000020007000000:0x0",
}


def fail(message):
    print(f"error: {message}", file=sys.stderr)
    sys.exit(1)


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def instructions(program, name, count, scratch):
    """How many instructions a whole run executes."""
    counts = pathlib.Path(scratch) / f"{name}.{count}"
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={counts}", program, name, str(count)]
    # An environment of its own: whatever else is set must not reach the program.
    environment = {"PATH": os.environ["PATH"], "TMPDIR": scratch, **PINS}
    try:
        run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LIMIT_OF_RUN, check=False)
    except subprocess.TimeoutExpired:
        fail(f"{name} {count} had not ended after {LIMIT_OF_RUN} seconds under callgrind")
    found = re.search(r"^(?:summary|totals): (\d+)$", counts.read_text() if counts.exists() else "", re.MULTILINE)
    if run.returncode != 0 or not found:
        fail(f"{name} {count} ended with {run.returncode} under callgrind:\n{run.stdout}{run.stderr}")
    return int(found[1])


def measure(program, chosen):
    """Instructions an operation, by name; as many runs at once as there are processors."""
    # Beside the program: the append benchmark wants a real disk.
    with tempfile.TemporaryDirectory(dir=REPOSITORY / "Benchmarks/.build", prefix="instructions.") as scratch:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as runs:
            # The longest first.
            order = sorted(chosen, key=lambda name: -chosen[name][1])
            pending = {name: [runs.submit(instructions, program, name, count, scratch) for count in chosen[name]] for name in order}
            found = {name: [run.result() for run in pending[name]] for name in chosen}
    counts = {}
    for name, (few, many) in chosen.items():
        first, second = found[name]
        counts[name] = round((second - first) / (many - few))
    return counts


def measured_with():
    """What decides the counts besides our own source."""
    swift = re.search(r"Swift version (\S+)", output("swift", "--version"))
    pins = json.loads((REPOSITORY / "Benchmarks/Package.resolved").read_text())["pins"]
    crypto = next(pin["state"].get("version", pin["state"]["revision"]) for pin in pins if pin["identity"] == "swift-crypto")
    return ", ".join(
        [
            f"Swift {swift[1] if swift else 'unknown'}",
            f"swift-crypto {crypto}",
            f"SQLite {output('pkg-config', '--modversion', 'sqlite3')}",
            os.confstr("CS_GNU_LIBC_VERSION") or "unknown libc",
            output("valgrind", "--version"),
        ]
    )


def show(counts, limits):
    """Returns the names beyond their limit and those far enough below it to take a new one."""
    print(f"{'name':<16}{'instructions/op':>16}{'limit':>10}{'measured':>10}{'ratio':>8}")
    above, below = [], []
    for name, count in counts.items():
        known = limits.get(name)
        if not known:
            print(f"{name:<16}{count:>16}{'none':>10}")
            continue
        ratio = count / known["instructions"]
        verdict = ""
        if count > known["limit"]:
            above.append(name)
            verdict = "  beyond the limit"
        elif ratio < 1 - MARGIN:
            below.append(name)
            verdict = "  better"
        print(f"{name:<16}{count:>16}{known['limit']:>10}{known['instructions']:>10}{ratio:>8.3f}{verdict}")
    return above, below


def update(counts, limits, available):
    today, tools = datetime.date.today().isoformat(), measured_with()
    entries = {name: entry for name, entry in limits.items() if name in available}
    for name, count in counts.items():
        entries[name] = {"instructions": count, "limit": round(count * (1 + MARGIN)), "date": today, "with": tools}
    LIMITS.write_text(json.dumps({name: entries[name] for name in available if name in entries}, indent=2) + "\n")
    print(f"\nWritten to {LIMITS.relative_to(REPOSITORY)}")


def check(counts, limits, above, gone):
    """Ends with 1 after saying all that is wrong."""
    wrong = []
    for name in counts:
        if name not in limits:
            wrong.append(f"no limit for {name}: run scripts/instructions --update {name}")
    for name in gone:
        wrong.append(f"a limit for {name}, which no longer exists: run scripts/instructions --update")
    for name in above:
        rise = counts[name] / limits[name]["instructions"] - 1
        wrong.append(
            f"{name} takes {rise:.1%} more instructions than it did: make it faster again, "
            f"or run scripts/instructions --update {name} and say in the commit why it is worth it"
        )
    if above:
        tools = measured_with()
        for others in sorted({limits[name]["with"] for name in above} - {tools}):
            wrong.append(f"perhaps it is not the source: this is {tools}; the limit was measured with {others}")
    if wrong:
        fail("\n       ".join([f"{LIMITS.relative_to(REPOSITORY)} does not hold", *wrong]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true")
    mode.add_argument("--update", action="store_true")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()

    available = {name: (int(few), int(many)) for name, few, many in map(str.split, output(arguments.program, "--list").splitlines())}
    unknown = [name for name in arguments.names if name not in available]
    if unknown:
        fail(f"there is no benchmark {', '.join(unknown)}; there are: {' '.join(available)}")
    limits = json.loads(LIMITS.read_text()) if LIMITS.exists() else {}
    chosen = {name: available[name] for name in available if not arguments.names or name in arguments.names}
    counts = measure(arguments.program, chosen)

    above, below = show(counts, limits)
    if arguments.update:
        return update(counts, limits, available)
    if below:
        print(f"\nBetter by more than the margin: {', '.join(below)}. scripts/instructions --update {' '.join(below)} keeps it so.")
    if arguments.check:
        gone = [] if arguments.names else [name for name in limits if name not in available]
        check(counts, limits, above, gone)


if __name__ == "__main__":
    main()
