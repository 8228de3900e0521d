"""A wall clock for one program that can be set while it runs. Its monotonic clocks and its timers stay as they are.

libfaketime (0.9.10) cannot be used: with any offset the timers that libdispatch sets (timerfd_settime, absolute, CLOCK_MONOTONIC) do not fire in time any more.
"""

import mmap
import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("fakeclock.c")
COMPILER = shutil.which("clang") or shutil.which("gcc")


class FakeClock:
    """`environment` is for the program; `set` takes effect at its next look at the clock."""

    def __init__(self, directory):
        library, file = directory / "fakeclock.so", directory / "clock"
        subprocess.run([COMPILER, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, SOURCE], check=True)
        file.write_bytes(bytes(8))
        with file.open("r+b") as opened:
            self.memory = mmap.mmap(opened.fileno(), 8)
        self.environment = {"LD_PRELOAD": str(library), "FAKE_CLOCK": str(file)}
        self.set(0)

    def set(self, offset):
        """So many seconds before the real time, from now on."""
        self.offset = offset
        self.memory[:] = struct.pack("=q", offset)
