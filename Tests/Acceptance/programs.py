"""Runs terima and ppro-sandbox as anybody would, and looks for secrets in everything they print."""

import base64
import json
import os
import random
import signal
import socket
import subprocess
import time
from pathlib import Path

from polling import eventually

BINARIES = Path(os.environ["TERIMA_ACCEPTANCE_BINARIES"])
COMMAND_SECONDS = 60
_ports = random.Random(os.getpid())


def free_port():
    """A port to come back to after a restart: below those that the kernel deals out to clients, so that none of them takes it meanwhile."""
    for _ in range(1000):
        port = _ports.randrange(20_000, 32_000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise AssertionError("no free port found")


def endpoint_secret(seed):
    """A secret for Standard Webhooks, always the same for the same seed."""
    return "whsec_" + base64.b64encode(random.Random(seed).randbytes(32)).decode()


class Failure(AssertionError):
    """A program did not do what it was asked to."""


class Finished:
    """A command that has ended."""

    def __init__(self, arguments, process):
        self.arguments, self.code = arguments, process.returncode
        self.output, self.errors = process.stdout, process.stderr

    @property
    def text(self):
        return self.output.decode()

    @property
    def error_text(self):
        return self.errors.decode()

    def rows(self):
        return [json.loads(line) for line in self.output.splitlines()]

    def __str__(self):
        return f"{' '.join(map(str, self.arguments))} -> {self.code}\n{self.text}\n{self.error_text}"


def run(program, *arguments, environment=None, code=0, stdin=b"", secrets=()):
    """Runs a program to its end; fails on any other exit code than `code` (None: any), and when it prints one of `secrets`."""
    command = [str(BINARIES / program), *map(str, arguments)]
    process = subprocess.run(
        command, input=stdin, env=environment or {}, capture_output=True, timeout=COMMAND_SECONDS, check=False)
    finished = Finished([program, *arguments], process)
    refuse_secrets(process.stdout + process.stderr, secrets, str(finished.arguments[:2]))
    if code is not None and finished.code != code:
        raise Failure(f"exit code {finished.code} instead of {code}: {finished}")
    return finished


def refuse_secrets(octets, secrets, where):
    """Fails when a secret stands in `octets`; the base64 of an endpoint's secret counts without its prefix, too."""
    for secret in secrets:
        if secret.removeprefix("whsec_").encode() in octets:
            raise Failure(f"a secret is in what was printed by {where}")


class Running:
    """A program in the background, whose output goes to a file. `wrapper` is the beginning of a command line that runs it in its own process."""

    def __init__(self, program, *arguments, log, environment=None, wrapper=()):
        self.arguments = [program, *map(str, arguments)]
        self.log = Path(log)
        with self.log.open("ab") as output:
            # SIGXFSZ stays ignored, as Python has it: a limit on file sizes is then an error of the write.
            self.process = subprocess.Popen(
                [*map(str, wrapper), str(BINARIES / program), *map(str, arguments)], env=environment or {}, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, restore_signals=False)

    @property
    def is_running(self):
        return self.process.poll() is None

    def kill(self):
        """kill -9: the program gets no chance to do anything."""
        self.process.kill()
        self.process.wait()

    def terminate(self, code=0, seconds=10.0):
        """SIGTERM; returns how long it took. Fails on another exit code, or when it takes longer than `seconds`."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            ended_with = self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failure(f"still running {seconds:g} s after SIGTERM: {self}") from None
        if ended_with != code:
            raise Failure(f"exit code {ended_with} instead of {code} after SIGTERM: {self}")
        return time.monotonic() - began

    def wait(self, code=0, seconds=120.0):
        eventually(f"the end of {self.arguments[:2]}", lambda: not self.is_running, seconds)
        if self.process.returncode != code:
            raise Failure(f"exit code {self.process.returncode} instead of {code}: {self}")

    def abandon(self):
        """Ends it if it still runs, however the test went."""
        if self.is_running:
            self.kill()

    def __str__(self):
        tail = self.log.read_bytes()[-4000:].decode(errors="replace")
        return f"{' '.join(self.arguments)}\n{tail}"
