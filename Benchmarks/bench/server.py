"""Processes that are measured: started on a fresh database, waited for, watched through /proc, stopped."""

import contextlib
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import threading
import time

from . import corpus

READY_SECONDS = 60
STOP_SECONDS = 30
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
NOTIFICATION_SECRET = "whsec_YmVuY2gtbm90aWZpY2F0aW9uLXNlY3JldC0wMDAwMDA="


class Process:
    """A process with what /proc tells about it. Its output goes into a log file."""

    def __init__(self, command, log, environment=None):
        self.log = log
        self.command = [str(word) for word in command]
        with open(log, "wb") as output:
            self.began = time.monotonic()
            self.popen = subprocess.Popen(
                self.command, env=os.environ | (environment or {}), stdout=output, stderr=subprocess.STDOUT, cwd=log.parent, start_new_session=True
            )
        self.pid = self.popen.pid

    def wait_until(self, is_ready, pause=0.001):
        """Seconds from the start until `is_ready` said so."""
        while not is_ready():
            if self.popen.poll() is not None or time.monotonic() - self.began > READY_SECONDS:
                raise RuntimeError(f"{self.command[0]} did not become ready:\n{self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(pause)
        return time.monotonic() - self.began

    def cpu_seconds(self):
        """User and system time of all its threads so far."""
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND

    def status(self, name):
        """A number of /proc/PID/status: VmRSS and VmHWM in kB, Threads."""
        with open(f"/proc/{self.pid}/status") as file:
            for line in file:
                if line.startswith(name + ":"):
                    return int(line.split()[1])
        raise KeyError(name)

    def rss_mb(self):
        return self.status("VmRSS") / 1024

    def peak_rss_mb(self):
        return self.status("VmHWM") / 1024

    def stop(self):
        """SIGTERM and its end; SIGKILL when it does not come."""
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGTERM)
            try:
                self.popen.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def get(port, path):
    """Status and body of a GET; None when nothing listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except OSError:
        return None
    finally:
        connection.close()


def listens(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


class Terima(Process):
    """`terima serve`."""

    def __init__(self, program, database, receive_only=False, shop_port=None, more=None):
        self.program, self.database, self.port = program, database, free_port()
        environment = {
            "TERIMA_DATABASE": str(database),
            "TERIMA_LISTEN": f"127.0.0.1:{self.port}",
            "TERIMA_SIGNING_SECRETS": corpus.SECRET.decode(),
            "TERIMA_SIGNATURE_TOLERANCE": "365d",
        }
        if shop_port:
            environment |= {
                "TERIMA_ENDPOINTS": "shop",
                "TERIMA_ENDPOINT_SHOP_URL": f"http://127.0.0.1:{shop_port}/payments",
                "TERIMA_ENDPOINT_SHOP_SECRET": NOTIFICATION_SECRET,
            }
        self.environment = environment | (more or {})
        command = [program, "serve"] + (["--receive-only"] if receive_only else [])
        super().__init__(command, database.with_suffix(".log"), self.environment)
        self.start_seconds = self.wait_until(lambda: listens(self.port) and (get(self.port, "/healthz") or (0,))[0] == 200)

    def call(self, *words):
        """Runs another command of terima beside the service and returns its output."""
        return subprocess.run([self.program, *words], env=os.environ | self.environment, check=True, capture_output=True, text=True).stdout

    def backlog(self):
        return Backlog(self.database)


class Backlog:
    """What is still to be done, read from the database by a read-only connection."""

    def __init__(self, database):
        self.connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)

    def number(self, sql):
        return self.connection.execute(sql).fetchone()[0] or 0

    def stored(self):
        return self.number("SELECT max(seq) FROM event")

    def unapplied(self):
        return self.stored() - self.number("SELECT applied_through FROM progress")

    def untold(self):
        return self.number("SELECT count(*) FROM delivery WHERE state = 'pending'")

    def wait_for(self, count, seconds=600, every=0.02):
        """Waits until `count()` is 0 and returns for how long. Whoever counts in a large table holds its state, and so the log, meanwhile."""
        began = time.monotonic()
        while count() > 0:
            if time.monotonic() - began > seconds:
                raise RuntimeError(f"the backlog is not worked off after {seconds} s: {count()} are left")
            time.sleep(every)
        return time.monotonic() - began

    def close(self):
        self.connection.close()


class Shop(Process):
    """The shop that notifications go to; see load/shop.c."""

    def __init__(self, program, directory, port=None, options=()):
        self.port, self.told = port or free_port(), directory / "shop.csv"
        super().__init__([program, "--port", self.port, "--log", self.told, *options], directory / "shop.log")
        self.wait_until(lambda: listens(self.port))

    def taken(self):
        return json.loads(get(self.port, "/")[1])["taken"]

    def accept(self):
        self.popen.send_signal(signal.SIGUSR2)

    def notifications(self):
        """What it was told: (ns, subject, version, id of the cause) each. Only complete when it has stopped."""
        for line in self.told.read_text().splitlines():
            at, subject, version, cause = line.split(",")
            yield int(at), subject, int(version or 0), cause


class Peer(Process):
    """A server that is compared; ready when it listens."""

    def __init__(self, command, port, database, environment=None):
        self.port = port
        super().__init__(command, database.with_suffix(".log"), environment)
        self.wait_until(lambda: listens(port))


class Sampler(contextlib.AbstractContextManager):
    """Takes `(seconds, take())` at a fixed pace while its block runs."""

    def __init__(self, take, every=0.5):
        self.take, self.every, self.samples = take, every, []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        began = time.monotonic()
        while not self.over.wait(self.every):
            self.samples.append((round(time.monotonic() - began, 3), self.take()))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *problem):
        self.over.set()
        self.thread.join()
