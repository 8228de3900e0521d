"""Load of two kinds, honest and hostile, by the benchmarks' own generator; and the sockets that a port has open."""

import itertools
import json
import shutil
import struct
import subprocess
import unittest
from pathlib import Path

import ppro_events
import signing
from rawhttp import request
from service import WEBHOOKS

SOURCES = Path(__file__).parents[2] / "Benchmarks/load"
_numbers = itertools.count(1)


class Generator:
    """Sends ready requests at a fixed rate; latencies count from when a request was due."""

    def __init__(self, directory):
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None:
            raise unittest.SkipTest("no C compiler for the load generator")
        self.directory, self.program = directory, directory / "load"
        subprocess.run([compiler, "-O2", "-o", self.program, SOURCES / "load.c"], check=True)

    def start(self, port, requests, rate, connections):
        """Begins to send; `Sending.result` waits for the end."""
        corpus = self.directory / f"requests-{next(_numbers)}"
        corpus.write_bytes(b"".join(struct.pack("<I", len(each)) + each for each in requests))
        arguments = {"port": port, "corpus": corpus, "connections": connections, "count": len(requests), "rate": rate, "seconds": len(requests) / rate + 10}
        command = [self.program, *(word for name, value in arguments.items() for word in (f"--{name}", str(value)))]
        return Sending(subprocess.Popen(command, stdout=subprocess.PIPE))


class Sending:
    def __init__(self, process):
        self.process = process

    def result(self):
        """What the generator prints: rate, codes, errors, latencies in ms."""
        output, _ = self.process.communicate(timeout=120)
        assert self.process.returncode == 0, self.process.returncode
        return json.loads(output)


def honest(service, count):
    """Signed webhooks, each a new event."""
    for _ in range(count):
        number = next(_numbers)
        body = ppro_events.simple(identity=f"evtTraffic{number}", charge=f"T{number}")
        yield request("POST", WEBHOOKS, [(signing.CURRENT, signing.current(body, service.signing_secret))], body)


def forged(count):
    """Webhooks of the right form, signed with another secret."""
    for number in range(count):
        body = ppro_events.simple(identity=f"evtForged{number}", charge=f"F{number}", padding="x" * 500)
        yield request("POST", WEBHOOKS, [(signing.CURRENT, signing.current(body, "not-the-secret"))], body)


def established(port):
    """How many connections a port of this machine has, as the kernel counts them on the server's side."""
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "01" for row in rows)
