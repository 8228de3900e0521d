"""Faults from below: calls that fail, disks that are small, and what a machine needs for that."""

import contextlib
import errno
import fcntl
import mmap
import os
import shutil
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

FAIL, KILL_BEFORE, KILL_AFTER, WAIT, SKIP = 1, 2, 3, 4, 5
LONG = "TERIMA_ACCEPTANCE_LONG" in os.environ
# EXT4_IOC_SHUTDOWN, and "without flushing the journal": what was not synced is gone, as when the power fails.
SHUTDOWN, NO_LOG_FLUSH = 0x8004587D, 2


class Faults:
    """The library faults.c in a service: made once a service, effective from its next start on. The plan may be changed while it runs."""

    FIELDS = ("count", "fired", "at", "is_sticky", "action", "argument")
    _library = None

    def __init__(self, service, *calls, sql=None):
        compiler = shutil.which("cc") or shutil.which("clang")
        if not compiler:
            raise unittest.SkipTest("needs a C compiler")
        if not Faults._library:
            Faults._library = Path(tempfile.mkdtemp(prefix="terima-faults.")) / "faults.so"
            subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", Faults._library, Path(__file__).parent / "faults.c", "-ldl"], check=True)
        self.service, self.calls = service, calls
        control = service.directory / "control"
        control.write_bytes(bytes(8 * len(self.FIELDS)))
        with control.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 0)
        variables = {"LD_PRELOAD": self._library, "FAULT_CONTROL": control, "FAULT_CALLS": ",".join(calls), "FAULT_PATH": service.database}
        if sql:
            variables["FAULT_SQL"] = sql
        # In the service alone, not in the commands.
        service.wrapper = ["/usr/bin/env", *(f"{name}={value}" for name, value in variables.items())]

    def __getattr__(self, name):
        return struct.unpack_from("q", self._memory, 8 * self.FIELDS.index(name))[0]

    def plan(self, action=0, at=0, argument=0, sticky=False):
        """At the `at`th call from now on: FAIL with the errno `argument`, WAIT `argument` milliseconds, …; `sticky`: and at every further one."""
        struct.pack_into("6q", self._memory, 0, 0, 0, at, sticky, action, argument)

    def off(self):
        """The service's next start is without the library."""
        self.service.wrapper = []


class Disk:
    """A small ext4 of its own in a file. Skips the test where that cannot be had."""

    def __init__(self, test, megabytes=64):
        self.image, self.path = test.directory / "disk.img", test.directory / "disk"
        self.path.mkdir()
        with self.image.open("wb") as image:
            image.truncate(megabytes << 20)
        self._run("mkfs.ext4", "-q", "-F", "-m", "0", self.image)
        self.mount()
        test.addCleanup(self.unmount)

    @staticmethod
    def _run(*command):
        try:
            done = subprocess.run([str(word) for word in command], capture_output=True, check=False)
        except FileNotFoundError as missing:
            raise unittest.SkipTest(f"needs {missing.filename}") from None
        if done.returncode:
            raise unittest.SkipTest(f"needs a file system on a loop device, and `{command[0]}` says: {done.stderr.decode().strip()}")

    def mount(self, *options):
        self._run("mount", "-o", ",".join(["loop", *options]), self.image, self.path)

    def unmount(self):
        if os.path.ismount(self.path):
            subprocess.run(["umount", self.path], check=True)

    def lose_power(self):
        """Nothing more reaches the disk, and what was not synced is gone. The file system then answers with errors until it is mounted anew."""
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        except OSError as error:
            raise unittest.SkipTest(f"the file system cannot be shut down: {error}") from None
        finally:
            os.close(descriptor)

    def fill(self, name="filler"):
        """Takes all the space there is; removing the file gives it back."""
        filler = self.path / name
        with filler.open("ab", buffering=0) as file:
            for size in (1 << 20, 4096):
                with contextlib.suppress(OSError):
                    while file.write(b"x" * size) == size:
                        pass
            os.fsync(file.fileno())
        return filler

    @property
    def free(self):
        facts = os.statvfs(self.path)
        return facts.f_bavail * facts.f_frsize


def on(disk, test, name="terima", **arguments):
    """A service, not yet running, whose database lies on that disk, everything else elsewhere."""
    service = test.terima(name, **arguments)
    service.database = disk.path / "terima.db"
    service.set(TERIMA_DATABASE=str(service.database))
    return service


def spread(count, total):
    """So many of 1...total, evenly, the first ones among them; all in the long form."""
    if LONG or count >= total:
        return list(range(1, total + 1))
    return sorted({1, 2, *(1 + number * total // count for number in range(count)), total})


ERRORS = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC}
