"""A Debian with a running systemd in a container without a network: made once with debootstrap, copied for each test, booted with systemd-nspawn."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from polling import eventually

IMAGE = Path(".build/borrowed/debian")
PACKAGES = "systemd,systemd-sysv,dbus,sudo,libsqlite3-0,libqrencode4,libxml2,libcurl4,ca-certificates,strace"
MIRROR = "http://deb.debian.org/debian"


class Missing(Exception):
    """This machine lacks something that such a machine is made of."""


def image():
    """The system that copies are made of; takes a minute the first time."""
    for tool in ("debootstrap", "systemd-nspawn", "nsenter"):
        if not shutil.which(tool):
            raise Missing(f"{tool} is not there")
    if os.geteuid() != 0:
        raise Missing("only root can boot a container")
    if not IMAGE.exists():
        IMAGE.parent.mkdir(parents=True, exist_ok=True)
        unfinished = IMAGE.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        made = subprocess.run(
            ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", unfinished, MIRROR], capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise Missing(f"debootstrap cannot make a system: {made.stdout[-300:]}")
        unfinished.rename(IMAGE)
    return IMAGE


class Machine:
    """Running from `boot` to `close`; before that its files are below `root`."""

    def __init__(self, directory):
        self.root = directory / "root"
        self.log = directory / "boot.log"
        self.leader = self.container = None
        subprocess.run(["cp", "--archive", image(), self.root], check=True)

    def install(self, source, target, mode="0644"):
        subprocess.run(["install", "-D", "-m", mode, source, f"{self.root}{target}"], check=True)

    def write(self, path, text, mode=0o644):
        file = Path(f"{self.root}{path}")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)

    def boot(self):
        command = ["systemd-nspawn", "--directory", self.root, "--boot", "--register=no", "--keep-unit", "--private-network", "--machine=terima-test"]
        with self.log.open("ab") as log:
            self.container = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self.leader = eventually("the container has a first process", self._children, 20)[0]
            eventually("systemd runs", lambda: self.run("systemctl", "is-system-running", code=None).stdout.strip() in ("running", "degraded"), 60)
        except AssertionError as error:
            raise Missing(f"no container can be booted here: {error}\n{self.log.read_text(errors='replace')[-500:]}") from None
        return self

    def _children(self):
        if self.container.poll() is not None:
            raise AssertionError("systemd-nspawn has ended")
        return Path(f"/proc/{self.container.pid}/task/{self.container.pid}/children").read_text().split()

    def run(self, *command, code=0, stdin=None):
        """Runs a command in the machine, as root."""
        inside = ["nsenter", "--target", self.leader, "--mount", "--uts", "--ipc", "--net", "--pid", "--wd=/", "--"]
        finished = subprocess.run([*inside, *map(str, command)], input=stdin, capture_output=True, text=True, timeout=120, check=False)
        assert code in (None, finished.returncode), f"{command} -> {finished.returncode}\n{finished.stdout}\n{finished.stderr}"
        return finished

    def beside(self, *command, **options):
        """A program of this side in the machine's network."""
        return subprocess.Popen(["nsenter", "--target", self.leader, "--net", "--", *map(str, command)], **options)

    def show(self, unit, *names):
        """The values of a unit's properties; a single one as itself."""
        output = self.run("systemctl", "show", unit, f"--property={','.join(names)}").stdout
        values = dict(line.split("=", 1) for line in output.splitlines())
        return values[names[0]] if len(names) == 1 else values

    def journal(self, unit, *options):
        return self.run("journalctl", "--no-pager", "--output=cat", "--unit", unit, *options).stdout

    def close(self):
        if self.container and self.container.poll() is None:
            self.run("systemctl", "poweroff", code=None)
            deadline = time.monotonic() + 30
            while self.container.poll() is None and time.monotonic() < deadline:
                time.sleep(0.1)
            if self.container.poll() is None:
                self.container.kill()
                self.container.wait()
