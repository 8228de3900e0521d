"""What systemd does for a service, done by hand: its notification socket, a listening socket that outlives the process, a wait for its signs of life."""

import os
import socket
import subprocess
import sys
import threading
import time

from polling import eventually
from programs import BINARIES

# Takes the place of the process: the listening socket becomes descriptor 3 and is announced to the process that runs now (sd_listen_fds(3)).
HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.argv[2], sys.argv[2:])
"""


class Manager:
    """Binds `NOTIFY_SOCKET` and keeps every report with the time of its arrival. `name` is a path, or begins with @ (abstract namespace)."""

    def __init__(self, name):
        self.name = str(name)
        self.reports = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + self.name[1:] if self.name.startswith("@") else self.name)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self):
        while report := self._socket.recv(4096):
            self.reports.append((time.monotonic(), report.decode().split("\n")))

    def close(self):
        # An empty datagram ends the listening.
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
            end.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()

    def times(self, line, after=0.0):
        """When a line came, in seconds of the monotonic clock."""
        return [when for when, lines in list(self.reports) if line in lines and when > after]

    def status(self):
        """The newest STATUS."""
        lines = [line for _, lines in list(self.reports) for line in lines if line.startswith("STATUS=")]
        return lines[-1].removeprefix("STATUS=") if lines else None

    def wait_for(self, line, after=0.0, seconds=30.0):
        """The time of the first such line after that moment."""
        return eventually(line, lambda: self.times(line, after), seconds)[0]

    def wait_for_status(self, beginning, seconds=30.0):
        eventually(f"the status {beginning}", lambda: (self.status() or "").startswith(beginning), seconds)
        return self.status()


class Supervised:
    """`terima serve` as systemd starts it, of the configuration of a `Service` of the rig."""

    def __init__(self, service, listener=None, stderr=None, **environment):
        command = [str(BINARIES / "terima"), "serve", "--config", str(service.configuration)]
        if listener:
            command = [sys.executable, "-c", HAND_OVER, str(listener.fileno()), *command]
        with service.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=service.environment | environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log if stderr is None else stderr,
                pass_fds=[listener.fileno()] if listener else [])

    @property
    def pid(self):
        return self.process.pid

    def end(self, code=0, seconds=10.0):
        """SIGTERM; fails on another exit code."""
        self.process.terminate()
        ended = self.process.wait(seconds)
        assert ended == code, f"exit code {ended} instead of {code}"

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def threads(self, name):
        """The ids of the threads that have this name."""
        found = []
        for each in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{each}/comm", encoding="utf-8") as comm:
                if comm.read().strip().startswith(name):
                    found.append(int(each))
        return sorted(found)


def listening_socket(port, backlog=256):
    """As `ListenStream=` makes one."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(backlog)
    return listener
