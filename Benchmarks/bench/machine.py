"""What the figures were measured on: they mean little without it."""

import hashlib
import importlib.metadata
import os
import pathlib
import platform
import re
import sqlite3
import statistics
import subprocess
import tempfile
import time

IN_MEMORY = {"tmpfs", "ramfs"}


def output(*command):
    """What a program prints, or an empty text when it is not there or fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd=pathlib.Path(__file__).parent).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def file_system(directory):
    return output("df", "--output=fstype", str(directory)).split()[-1]


def sync_microseconds(directory):
    """What one small write costs until it is on the disk: the median of 200."""
    with tempfile.NamedTemporaryFile(dir=directory) as file:
        costs = []
        for _ in range(200):
            began = time.perf_counter()
            os.pwrite(file.fileno(), b"x" * 4096, 0)
            os.fdatasync(file.fileno())
            costs.append(time.perf_counter() - began)
        return round(statistics.median(costs) * 1e6)


def machine(directory):
    processor = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())
    return {
        "processor": processor.group(1) if processor else platform.machine(), "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(int(memory.group(1)) / 1e6), "system": platform.freedesktop_os_release().get("PRETTY_NAME", ""), "kernel": platform.release(),
        "file_system": file_system(directory), "sync_us": sync_microseconds(directory),
    }


def versions(terima, built):
    """`build` says what terima was made from; of a binary that was given only its bytes are known."""
    code = hashlib.sha256(terima.read_bytes()).hexdigest()[:12]
    build = "commit " + output("git", "describe", "--always", "--dirty") if built else f"binary {code}"
    packages = {name: importlib.metadata.version(name) for name in ("fastapi", "uvicorn", "uvloop", "httptools")}
    return {
        "terima": output(str(terima), "--version"), "build": build, "sqlite": sqlite3.sqlite_version,
        "go": output("go", "version").removeprefix("go version "), "python": platform.python_version(), **packages,
    }
