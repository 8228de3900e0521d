"""What the measures have in common: how often and how much, fresh directories and databases, servers by name, and the load."""

import contextlib
import functools
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

from . import corpus, server

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
WARM_UP = 500
SEED_SERIES = 1

TERIMA = "terima"
RECEIVER = "terima --receive-only"
BATCH = "go-batch"
NAIVE = "go-naive"
FASTAPI = "fastapi"


class Bench:
    """One call of the benchmark."""

    def __init__(self, terima, programs, directory, output, full=False, runs=None, events=1_000_000):
        self.terima, self.programs, self.directory, self.output = terima, programs, directory, output
        self.full, self.events = full, events
        self.runs = runs or (5 if full else 3)
        self.corpora, self.seeds, self.work = (directory / name for name in ("corpora", "seeds", "work"))
        for needed in (self.corpora, self.seeds, self.work):
            needed.mkdir(parents=True, exist_ok=True)

    def size(self, full, short):
        """`full` in the full form, else `short`."""
        return full if self.full else short

    def say(self, text):
        print(text, file=sys.stderr, flush=True)

    def corpus(self, count, series=0, small=False):
        return corpus.corpus(self.corpora, count, series, small)

    @contextlib.contextmanager
    def fresh(self, seed=None):
        """A database that is not there yet, or a copy of `seed`, in a directory of its own that is gone afterwards."""
        directory = self.work / "run"
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        database = directory / "bench.db"
        if seed:
            shutil.copyfile(seed, database)
        # Nothing that was written before is written out during the run.
        os.sync()
        try:
            yield database
        finally:
            shutil.rmtree(directory)

    def start(self, name, database, shop_port=None, more=None):
        """Starts the server of that name."""
        if name in (TERIMA, RECEIVER):
            return server.Terima(self.terima, database, receive_only=name == RECEIVER, shop_port=shop_port, more=more)
        port = server.free_port()
        if name == FASTAPI:
            command = [sys.executable, "-m", "uvicorn", "--app-dir", REPOSITORY / "Benchmarks/peers", "fastapi_peer:app", "--port", port]
            return server.Peer([*command, "--no-access-log"], port, database, {"DATABASE": str(database)})
        return server.Peer([self.programs / "go_peer", port, name.removeprefix("go-"), database], port, database)

    @contextlib.contextmanager
    def serving(self, name, seed=None, shop_port=None, more=None):
        """The server of that name on a fresh database, warmed up; stopped at the end."""
        with self.fresh(seed) as database:
            process = self.start(name, database, shop_port, more)
            try:
                self.load(process, WARM_UP, start=0)
                yield process
            finally:
                process.stop()

    @contextlib.contextmanager
    def shop(self, *options, port=None):
        directory = self.work / "shop"
        directory.mkdir(exist_ok=True)
        process = server.Shop(self.programs / "shop", directory, port, options)
        try:
            yield process
        finally:
            process.stop()

    def load(self, process, count, start=WARM_UP, connections=64, rate=None, seconds=60, log=None, requests=None):
        """Sends `count` requests and returns what load/load.c prints, with the cores that the server used."""
        requests = requests or self.corpus(start + count)
        words = ["--port", process.port, "--corpus", requests.path, "--connections", connections, "--count", count, "--start", start]
        words += ["--seconds", seconds] + (["--rate", rate] if rate else []) + (["--log", log] if log else [])
        before = process.cpu_seconds()
        ran = subprocess.run([self.programs / "load", *map(str, words)], check=True, stdout=subprocess.PIPE)
        result = json.loads(ran.stdout)
        refused = {code: number for code, number in result["codes"].items() if not code.startswith("2")}
        if result["errors"] or refused:
            self.say(f"  not all requests were taken: {result['errors']} errors, {refused}")
        result["server_cores"] = (process.cpu_seconds() - before) / max(result["seconds"], 1e-9)
        return result

    def interleaved(self, names, run):
        """Runs every server once a round, each round beginning with another one, so that a slow minute of the machine hits all. Returns the results by name."""
        results = {name: [] for name in names}
        for number in range(self.runs):
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                with self.serving(name) as process:
                    result = run(process)
                results[name].append(result)
                self.say(f"  run {number + 1} of {self.runs}, {name}: {brief(result)}")
        return results

    @functools.cached_property
    def schema(self):
        """A short hash of the schema that this binary makes."""
        with self.fresh() as database:
            self.start(RECEIVER, database).stop()
            connection = sqlite3.connect(database)
            words = [sql for (sql,) in connection.execute("SELECT coalesce(sql, '') FROM sqlite_master ORDER BY name")]
            words.append(str(connection.execute("PRAGMA user_version").fetchone()))
            connection.close()
        return hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]

    def seeded(self, count):
        """A database with `count` events received and applied by terima itself. It is kept for every binary that has the same schema."""
        seed = self.seeds / f"{count}-{self.schema}.db"
        if seed.exists():
            return seed
        self.say(f"  making a database with {count:,} events (kept for the next time)")
        requests = self.corpus(count, SEED_SERIES)
        with self.fresh() as database:
            process = self.start(TERIMA, database)
            try:
                self.load(process, count, start=0, seconds=600, requests=requests)
                backlog = process.backlog()
                backlog.wait_for(backlog.unapplied)
                backlog.close()
            finally:
                process.stop()
            at_rest(database, count)
            shutil.move(database, seed)
        if count > 200_000:
            requests.path.unlink()
        return seed


def at_rest(database, count):
    """Makes sure that everything is in the one file, and that everything is there."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stored, through = connection.execute("SELECT (SELECT max(seq) FROM event), applied_through FROM progress").fetchone()
    connection.close()
    if (stored, through) != (count, count):
        raise RuntimeError(f"the database should have {count} events: it has {stored}, applied through {through}")


def brief(result):
    """The few numbers of a run that are worth a line while it goes on."""
    known = {"rate": "{:,.0f}/s", "p50_ms": "p50 {:.2f} ms", "p99_ms": "p99 {:.2f} ms", "p999_ms": "p99.9 {:.2f} ms", "server_cores": "{:.2f} cores"}
    return ", ".join(text.format(result[name]) for name, text in known.items() if name in result)
