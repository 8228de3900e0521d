"""All attacks at once on a service that has 256 MiB: it lives, serves honest webhooks meanwhile, and stays far below."""

import errno
import os
import selectors
import socket
import threading
import time
from pathlib import Path

import ppro_events
import signing
from polling import eventually
from rawhttp import request
from service import WEBHOOKS, AcceptanceTest

MIB = 1 << 20
LIMIT = 256 * MIB
SECONDS = 60 if "TERIMA_ACCEPTANCE_LONG" in os.environ else 8
# Connections of each kind; some are left for honest ones.
EACH = 160
HIERARCHY = Path("/sys/fs/cgroup/memory")


class MemoryGroup:
    """A cgroup (version 1) with a limit on memory; processes started inside `with` belong to it."""

    def __init__(self, name, limit):
        self.path, self.limit = HIERARCHY / f"terima-{os.getpid()}-{name}", limit

    def create(self):
        self.path.mkdir()
        self._write("memory.limit_in_bytes", self.limit)

    def remove(self):
        # The kernel takes a moment to let the last process go.
        eventually("the cgroup is empty", lambda: not (self.path / "cgroup.procs").read_text().split())
        self.path.rmdir()

    def __enter__(self):
        self._write("cgroup.procs", os.getpid())

    def __exit__(self, *_):
        (HIERARCHY / "cgroup.procs").write_text(str(os.getpid()))

    def _write(self, name, value):
        (self.path / name).write_text(str(value))

    @property
    def kills(self):
        rows = dict(line.split() for line in (self.path / "memory.oom_control").read_text().splitlines())
        return int(rows.get("oom_kill", 0))

    @property
    def resident(self):
        """Bytes of memory that are no cache of files."""
        rows = dict(line.split() for line in (self.path / "memory.stat").read_text().splitlines())
        return int(rows["total_rss"])


def attacks(secret, header):
    """Name and bytes of what fills memory where a header may have `header` bytes: most stop just before they would be refused, and stay until their time is up."""
    post = request("POST", WEBHOOKS)[:-2]
    large = ppro_events.simple(identity="evtForged", padding="x" * 250_000)
    forged = request("POST", WEBHOOKS, [(signing.CURRENT, signing.current(large, "not-the-secret"))], large)
    bomb = request("POST", WEBHOOKS, [(signing.CURRENT, signing.current(b"[" * 250_000, secret))], b"[" * 250_000)
    return {
        "spaces_before_a_value": post + b"X:" + b" " * (header + 15 * 1024),
        "headers_without_end": post + b"".join(b"X-%02d: %s\r\n" % (number, b"y" * (header // 50)) for number in range(49)),
        "bodies_without_end": post + b"Content-Length: 262144\r\n\r\n" + b"x" * 262_143,
        "chunk_extensions_without_end": post + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"x" * 2_000_000,
        "large_forged_pipelined": forged * 20,
        "signed_bombs_pipelined": bomb * 20,
    }


class Siege:
    """Keeps `EACH` connections of every attack open and full, opening new ones where the service ends them."""

    def __init__(self, port, kinds):
        self.port, self.kinds = port, kinds
        self.opened = {name: 0 for name in kinds}
        self.sent = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stopping.set()
        self._thread.join()

    def _run(self):
        with selectors.DefaultSelector() as selector:
            for name in self.kinds:
                for _ in range(EACH):
                    self._open(selector, name)
            while not self._stopping.is_set():
                for key, events in selector.select(0.2):
                    self._serve(selector, key, events)
            for key in list(selector.get_map().values()):
                key.fileobj.close()

    def _open(self, selector, name):
        connection = socket.socket()
        connection.setblocking(False)
        if connection.connect_ex(("127.0.0.1", self.port)) not in (0, errno.EINPROGRESS):
            connection.close()
            return
        self.opened[name] += 1
        selector.register(connection, selectors.EVENT_READ | selectors.EVENT_WRITE, [name, memoryview(self.kinds[name])])

    def _serve(self, selector, key, events):
        connection, (name, rest) = key.fileobj, key.data
        try:
            if events & selectors.EVENT_WRITE:
                count = connection.send(rest[:65536])
                self.sent += count
                key.data[1] = rest[count:]
                if count == len(rest):
                    selector.modify(connection, selectors.EVENT_READ, key.data)
            # Answers are read by nobody but for their end: whoever attacks does not care.
            if events & selectors.EVENT_READ and not connection.recv(65536):
                raise ConnectionResetError
        except BlockingIOError:
            pass
        except OSError:
            selector.unregister(connection)
            connection.close()
            if not self._stopping.is_set():
                self._open(selector, name)


class MemoryTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        if os.geteuid() != 0 or not os.access(HIERARCHY / "memory.limit_in_bytes", os.R_OK):
            self.skipTest("needs root and the memory controller of cgroup version 1")

    def confined(self, name, **settings):
        """A service in a cgroup of its own."""
        group = MemoryGroup(name, LIMIT)
        try:
            group.create()
        except OSError as error:
            self.skipTest(f"no cgroup can be made here: {error}")
        # Runs after the service has ended.
        self.addCleanup(group.remove)
        service = self.terima(name, **settings)
        with group:
            service.start()
        self.assertIn(str(service.running.process.pid), (group.path / "cgroup.procs").read_text().split())
        return service, group

    def besiege(self, service, group, header=32_768):
        """Attacks for `SECONDS`, or until the service is dead; returns the siege, the peak and how many honest webhooks were taken and refused."""
        peak, taken, refused = 0, 0, 0
        with Siege(service.port, attacks(service.signing_secret, header)) as siege:
            end = time.monotonic() + SECONDS
            while time.monotonic() < end and service.running.is_running:
                peak = max(peak, group.resident)
                try:
                    answer = service.post(ppro_events.simple(identity=f"evtHonest{taken + refused}", charge=f"M{taken + refused}"))
                    taken, refused = taken + (answer.status == 202), refused + (answer.status != 202)
                except OSError:
                    refused += 1
                time.sleep(0.02)
        return siege, peak, taken, refused

    def test_256_MiB_are_enough_for_all_attacks_at_once(self):
        service, group = self.confined("bounded")
        siege, peak, taken, refused = self.besiege(service, group)
        print(f"{sum(siege.opened.values())} hostile connections, {siege.sent / MIB:.0f} MiB sent; at most {peak / MIB:.0f} MiB resident; honest webhooks: "
              f"{taken} taken, {refused} not; {group.kills} killed")
        self.assertTrue(service.running.is_running, "the service is dead")
        self.assertEqual(group.kills, 0)
        self.assertLess(peak, LIMIT * 0.9)
        self.assertGreaterEqual(min(siege.opened.values()), EACH, "every attack took place")
        self.assertGreaterEqual(taken, 0.99 * (taken + refused), "honest webhooks were turned away")
        service.accept(ppro_events.simple(identity="evtAfter", charge="After"))

    def test_without_the_bounds_it_is_killed(self):
        """The control: the same attacks, with the bounds set far too high."""
        service, group = self.confined("unbounded", TERIMA_MAXIMUM_HEADER="1048576", TERIMA_MAXIMUM_HEADER_FIELD="65536", TERIMA_MAXIMUM_HEADER_FIELDS="1024")
        _, peak, _, _ = self.besiege(service, group, header=1_048_576)
        self.assertFalse(service.running.is_running, f"it lives on with {peak / MIB:.0f} MiB: the attacks prove nothing")
        self.assertGreater(group.kills, 0)
