#!/usr/bin/env python3
"""Prints what each executable costs: its size, the shared libraries it needs, how soon it serves, and its memory when it has nothing to do.

    footprint.py TERIMA SANDBOX

Start-up is from the start of the process to the first answer over HTTP, the median of 9 starts on an empty database; memory (RSS) is read a second later.
"""

import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time

STARTS = 9
LIMIT = 30.0


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return connection.recv(16).startswith(b"HTTP/1.1 ")
    except OSError:
        return False


def resident_megabytes(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def started(command, environment, port):
    """Milliseconds until the first answer, and megabytes a second later."""
    began = time.monotonic()
    process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not answers(port):
            if process.poll() is not None or time.monotonic() - began > LIMIT:
                sys.exit(f"error: {' '.join(command)} does not answer on port {port}")
            time.sleep(0.001)
        milliseconds = 1000 * (time.monotonic() - began)
        time.sleep(1)
        return milliseconds, resident_megabytes(process)
    finally:
        process.terminate()
        process.wait()


def measured(program, make_command):
    runs = []
    for _ in range(STARTS):
        with tempfile.TemporaryDirectory() as directory:
            port = free_port()
            runs.append(started(*make_command(program, directory, port), port))
    return statistics.median(run[0] for run in runs), statistics.median(run[1] for run in runs)


def terima(program, directory, port):
    settings = {"DATABASE": f"{directory}/terima.db", "LISTEN": f"127.0.0.1:{port}", "SIGNING_SECRETS": "footprint"}
    return [program, "serve"], {f"TERIMA_{name}": value for name, value in settings.items()}


def sandbox(program, directory, port):
    return [program, "serve", "--key", "footprint", "--secret", "footprint", "--listen", f"127.0.0.1:{port}"], {}


def libraries(program):
    lines = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout.splitlines()
    return sorted(line.split()[0].split(".so")[0] for line in lines if "=>" in line)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    print(f"{'':14}{'size':>10}{'first answer':>16}{'idle memory':>14}")
    for program, make_command in zip(sys.argv[1:], (terima, sandbox)):
        milliseconds, megabytes = measured(program, make_command)
        size = os.path.getsize(program) / 1e6
        print(f"{os.path.basename(program):14}{size:>7.1f} MB{milliseconds:>13.0f} ms{megabytes:>11.1f} MB")
    for program in sys.argv[1:]:
        print(f"{os.path.basename(program)} needs: {', '.join(libraries(program))}")


if __name__ == "__main__":
    main()
