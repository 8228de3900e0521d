"""terima under systemd: what it tells, when its signs of life end, that nobody is refused while it restarts, what it may call, and how its log lines look."""

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import rawhttp
import signing
from polling import eventually
from ppro_events import ChargeStory
from programs import BINARIES
from service import WEBHOOKS, AcceptanceTest
from shop import Shop
from supervision import Manager, Supervised, listening_socket

LONG = "TERIMA_ACCEPTANCE_LONG" in os.environ
# systemd's patience in these tests, in seconds.
PATIENCE = 2.0
UNIT = Path("systemd/terima.service")


def created(number):
    return ChargeStory(f"S{number}x", number % 100_000, "JENIUS_PAY", "IDR").created(10_000).bodies[0]


def port_of(service):
    return int(service.environment["TERIMA_LISTEN"].rsplit(":", 1)[1])


class SystemdTest(AcceptanceTest):
    def manager(self, name=None):
        manager = Manager(name or self.directory / "notify")
        self.addCleanup(manager.close)
        return manager

    def supervised(self, service, manager=None, **options):
        """Returns when it is ready, which is said by the manager or, without one, by the log."""
        began, written = time.monotonic(), service.log.stat().st_size if service.log.exists() else 0
        if manager:
            options |= {"NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": str(int(PATIENCE * 1e6))}
        process = Supervised(service, **options)
        self.addCleanup(process.kill)
        service.port = port_of(service)
        if manager:
            manager.wait_for("READY=1", began)
        else:
            eventually("ready", lambda: b"terima is ready" in service.log.read_bytes()[written:])
        return process

    def traced(self, service, *arguments):
        """strace on a process that runs; ended by the function returned, which gives what strace wrote."""
        if not shutil.which("strace"):
            self.skipTest("strace is not there")
        trace = self.directory / "trace"
        strace = subprocess.Popen(["strace", "-o", trace, *map(str, arguments)], stderr=subprocess.PIPE, text=True)
        self.addCleanup(strace.stderr.close)
        self.addCleanup(lambda: strace.poll() is None and strace.kill())
        line = strace.stderr.readline()
        if "attached" not in line:
            self.skipTest(f"strace may not attach here: {line.strip()}")
        threading.Thread(target=strace.stderr.read, daemon=True).start()

        def end():
            strace.send_signal(signal.SIGINT)
            strace.wait(20)
            return trace.read_text()
        return end


class NotifyTest(SystemdTest):
    def life(self, name):
        manager = self.manager(name)
        service = self.terima()
        process = self.supervised(service, manager)
        # READY means that it takes events and answers operators.
        service.accept(created(1))
        self.assertEqual(service.cli("status", "--json", code=None).rows()[0]["running"], True)
        eventually("five signs of life", lambda: len(manager.times("WATCHDOG=1")) >= 5)
        self.assertEqual(manager.status(), f"Receiving on 127.0.0.1:{service.port}; 1 event")
        process.end()
        kinds = [lines[0] for _, lines in manager.reports]
        self.assertEqual(kinds[0], "STATUS=Opening the database")
        self.assertEqual(kinds.count("READY=1"), 1)
        self.assertEqual(kinds.count("STOPPING=1"), 1)
        signs = manager.times("WATCHDOG=1")
        gaps = [later - earlier for earlier, later in zip(signs, signs[1:])]
        # sd_watchdog_enabled(3) wants one in half of the time; beyond the whole of it systemd would have ended the service.
        self.assertLess(max(gaps), PATIENCE)
        self.assertLess(sorted(gaps)[len(gaps) // 2], PATIENCE / 2)
        self.assertLess(manager.times("READY=1")[0], manager.times("STOPPING=1")[0])

    def test_systemd_hears_of_the_whole_life(self):
        self.life(self.directory / "notify")

    def test_systemd_hears_of_the_whole_life_by_an_abstract_name(self):
        self.life(f"@terima-{os.getpid()}-notify")

    def test_the_journal_gets_priorities(self):
        service = self.terima(TERIMA_LOG_FORMAT="text")
        service.log.touch()
        facts = service.log.stat()
        self.supervised(service, JOURNAL_STREAM=f"{facts.st_dev}:{facts.st_ino}").end()
        lines = service.log.read_text().splitlines()
        self.assertRegex(lines[0], r"^<6>info terima is ready api=")
        self.assertEqual(lines[-1], "<6>info terima has stopped")
        # And why it did not start.
        refused = self.terima("refused", TERIMA_SIGNING_SECRETS=None)
        refused.log.touch()
        facts = refused.log.stat()
        process = Supervised(refused, JOURNAL_STREAM=f"{facts.st_dev}:{facts.st_ino}")
        self.addCleanup(process.kill)
        self.assertEqual(process.process.wait(20), 78)
        self.assertTrue(refused.log.read_text().startswith("<3>terima: configuration: TERIMA_SIGNING_SECRETS: must be set"))


class WatchdogTest(SystemdTest):
    """Each part that the service stands on, really stuck: systemd hears no sign of life for longer than its patience, and who it is."""

    def check_silence(self, manager, process, pattern):
        """The signs of life end, and end for long enough that systemd would have ended the process."""
        status = manager.wait_for_status("Makes no progress: ")
        self.assertRegex(status, pattern)
        last = manager.times("WATCHDOG=1")[-1]
        eventually("systemd's patience is over", lambda: time.monotonic() > last + PATIENCE + 0.5)
        self.assertEqual(manager.times("WATCHDOG=1")[-1], last)
        self.assertIsNone(process.process.poll())
        return time.monotonic()

    def test_a_stuck_writer_ends_the_signs_of_life(self):
        manager, service = self.manager(), self.terima()
        process = self.supervised(service, manager)
        service.accept(created(1))
        end = self.traced(service, "-f", "-p", process.pid, "-e", "trace=fdatasync", "-e", "inject=fdatasync:delay_enter=5000000")
        answers = []
        client = threading.Thread(target=lambda: answers.append(service.post(created(2))), daemon=True)
        client.start()
        stuck = self.check_silence(manager, process, r"^Makes no progress: writer(, worker)?$")
        manager.wait_for("WATCHDOG=1", stuck)
        client.join(20)
        self.assertIn("(DELAYED)", end(), "the sync was not held up")
        # After 4.5 s the client is told that nothing is certain; the event is stored when the sync is done.
        self.assertEqual([(answer.status, answer.json()) for answer in answers], [(503, {"error": "storage_unavailable"})])
        self.assertEqual(service.post(created(2)).status, 200)
        said = [line.get("message", "") for line in service.said()]
        self.assertIn("a part of terima makes no progress; systemd is given no sign of life until it does", said)
        self.assertIn("every part of terima makes progress again", said)
        process.end()

    def test_a_stuck_event_loop_ends_the_signs_of_life(self):
        manager, service = self.manager(), self.terima()
        process = self.supervised(service, manager)
        [loop, *_] = process.threads("NIO-SGLTN")
        end = self.traced(service, "-p", loop, "-e", "trace=epoll_wait", "-e", "inject=epoll_wait:delay_enter=20000000")
        self.check_silence(manager, process, r"^Makes no progress: event loop \d+$")
        self.assertIn("epoll_wait", end(), "the loop was not held up")
        manager.wait_for("WATCHDOG=1", time.monotonic())
        service.accept(created(1))
        process.end()

    def test_a_worker_stuck_on_its_log_ends_the_signs_of_life(self):
        """Nobody reads the log any more, and the worker wants to say that the shop does not answer."""
        shop = Shop(respond=lambda body: 500)
        self.addCleanup(shop.close)
        manager = self.manager()
        service = self.terima(endpoints={"shop": shop.url})
        pipe = self.directory / "log"
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        writer, filler = os.open(pipe, os.O_WRONLY), os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        for each in (reader, writer, filler):
            self.addCleanup(os.close, each)
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        process = self.supervised(service, manager, stderr=writer)
        try:
            while os.write(filler, b"x"):
                pass
        except BlockingIOError:
            pass
        service.accept(created(1))
        self.check_silence(manager, process, "^Makes no progress: worker$")
        self.assertGreaterEqual(len(shop.notifications()), 1)
        # The receiver goes on, and so does the rest once the log is read.
        service.accept(created(2))
        resumed = time.monotonic()
        os.set_blocking(reader, False)
        reading = threading.Thread(target=drain, args=(reader, process), daemon=True)
        reading.start()
        manager.wait_for("WATCHDOG=1", resumed)
        shop.respond = lambda body: 204
        process.end()
        reading.join(10)

    def test_a_stopped_process_gives_none(self):
        manager, service = self.manager(), self.terima()
        process = self.supervised(service, manager)
        manager.wait_for("WATCHDOG=1")
        os.kill(process.pid, signal.SIGSTOP)
        stopped = time.monotonic()
        eventually("systemd's patience is over", lambda: time.monotonic() > stopped + PATIENCE + 0.5)
        self.assertEqual(manager.times("WATCHDOG=1", stopped + 0.1), [])
        os.kill(process.pid, signal.SIGCONT)
        manager.wait_for("WATCHDOG=1", time.monotonic())
        process.end()


def drain(reader, process):
    """Reads until the process has ended."""
    while process.process.poll() is None:
        try:
            os.read(reader, 65536)
        except BlockingIOError:
            time.sleep(0.01)


class Knocking:
    """Clients that come with one webhook each, over a connection of its own, until told to stop."""

    def __init__(self, service, clients=8):
        self.service = service
        self.lock = threading.Lock()
        self.accepted, self.refused, self.unanswered, self.others, self.seconds = [], 0, 0, [], []
        self.number = 0
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(clients)]
        for thread in self.threads:
            thread.start()

    def _run(self):
        while not self.stopping.is_set():
            with self.lock:
                self.number += 1
                number = self.number
            body, began = created(number), time.monotonic()
            headers = [(signing.CURRENT, signing.current(body, self.service.signing_secret))]
            try:
                with rawhttp.Connection(self.service.port) as connection:
                    connection.send(rawhttp.request("POST", WEBHOOKS, headers, body))
                    status = connection.receive().status
            except ConnectionRefusedError:
                status = "refused"
            except OSError:
                status = "unanswered"
            with self.lock:
                self.seconds.append(time.monotonic() - began)
                match status:
                    case 202: self.accepted.append(json.loads(body)["id"])
                    case "refused": self.refused += 1
                    case "unanswered": self.unanswered += 1
                    case _: self.others.append(status)

    def wait_for(self, more):
        goal = len(self.accepted) + more
        eventually(f"{more} more accepted", lambda: len(self.accepted) >= goal, 60)

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(30)


class SocketActivationTest(SystemdTest):
    def restarts(self, listener, ends):
        """Restarts under load, by each way in `ends`; returns what the clients met."""
        service = self.terima()
        service.port = port_of(service)
        listener = listening_socket(service.port) if listener else None
        if listener:
            self.addCleanup(listener.close)
        process = self.supervised(service, listener=listener)
        knocking = Knocking(service)
        try:
            for end in ends:
                knocking.wait_for(100)
                end(process)
                process = self.supervised(service, listener=listener)
            knocking.wait_for(100)
        finally:
            knocking.stop()
        stored = {row["id"] for row in service.events()}
        self.assertLessEqual(set(knocking.accepted), stored)
        self.assertEqual(knocking.others, [])
        process.end()
        return knocking

    def test_nobody_is_refused_while_it_restarts(self):
        times = 20 if LONG else 5
        knocking = self.restarts(True, [Supervised.end] * times)
        self.assertEqual(knocking.refused, 0)
        self.assertEqual(knocking.unanswered, 0)
        print(f"{times} restarts, {len(knocking.accepted)} webhooks by as many connections, none refused or left without an answer; "
              f"the slowest waited {max(knocking.seconds):.2f} s")

    def test_nobody_is_refused_while_it_is_killed(self):
        knocking = self.restarts(True, [Supervised.kill] * (20 if LONG else 3))
        self.assertEqual(knocking.refused, 0)

    def test_without_the_socket_some_are_refused(self):
        """The control: the same restarts, and terima binds the address itself."""
        knocking = self.restarts(False, [Supervised.end] * 2)
        self.assertGreater(knocking.refused, 0)

    def test_the_first_connection_starts_it(self):
        activate = shutil.which("systemd-socket-activate")
        if not activate:
            self.skipTest("systemd-socket-activate is not there")
        service = self.terima()
        service.port = port_of(service)
        command = [activate, "--listen", service.environment["TERIMA_LISTEN"]]
        # It must be ignored: the socket is there already.
        command += [f"--setenv={name}={value}" for name, value in (service.environment | {"TERIMA_LISTEN": "127.0.0.1:1"}).items()]
        with service.log.open("ab") as log:
            process = subprocess.Popen(
                [*command, BINARIES / "terima", "serve", "--config", service.configuration], env={}, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        eventually("systemd-socket-activate listens", lambda: b"Listening on" in service.log.read_bytes())
        self.assertNotIn(b"terima is ready", service.log.read_bytes())
        service.accept(created(1))
        said = service.log.read_text()
        self.assertIn(f'"listen":"{service.environment["TERIMA_LISTEN"]}"', said)
        self.assertIn("systemd's socket decides where webhooks come in, TERIMA_LISTEN does not", said)
        # A command was answered: it has come as far as to take a signal for a wish.
        self.assertTrue(service.status()["running"])
        process.terminate()
        self.assertEqual(process.wait(10), 0)

    def test_a_socket_that_cannot_take_webhooks_is_refused(self):
        service = self.terima()
        with open(os.devnull, "rb") as nothing:
            process = Supervised(service, listener=nothing)
            self.addCleanup(process.kill)
            self.assertEqual(process.process.wait(20), 78)
        self.assertIn("LISTEN_FDS: descriptor 3 is no socket that accepts connections", service.log.read_text())


class UnitTest(SystemdTest):
    """What terima.service grants, against what the program does."""

    def settings(self, name):
        return [line.partition("=")[2] for line in UNIT.read_text().splitlines() if line.startswith(name + "=")]

    def test_the_program_calls_nothing_that_the_unit_forbids(self):
        analyze = shutil.which("systemd-analyze")
        if not analyze:
            self.skipTest("systemd-analyze is not there")
        shop = Shop()
        self.addCleanup(shop.close)
        service = self.terima(endpoints={"shop": shop.url})
        trace = self.directory / "calls"
        if not shutil.which("strace"):
            self.skipTest("strace is not there")
        with service.log.open("ab") as log:
            process = subprocess.Popen(
                ["strace", "-D", "-f", "-q", "-o", trace, BINARIES / "terima", "serve", "--config", service.configuration],
                env=service.environment | {"SWIFT_BACKTRACE": "enable=no"}, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        eventually("ready", lambda: b"terima is ready" in service.log.read_bytes())
        service.port = port_of(service)
        for number in range(20):
            service.accept(created(number))
        service.settle()
        service.cli("replay", "--type", "*", "--delivered", "--reason", "a test")
        service.settle()
        process.terminate()
        self.assertEqual(process.wait(20), 0)
        eventually("strace has written all", lambda: "+++ exited with 0 +++" in trace.read_text()[-2000:])
        called = {match[1] for match in re.finditer(r"^\d+ +(?:<\.\.\. )?(\w+)[( ]", trace.read_text(), re.MULTILINE)} - {"execve"}
        self.assertIn("fdatasync", called)
        filters = self.settings("SystemCallFilter")
        self.assertEqual(filters, ["@system-service", "~@privileged @resources"])
        allowed = calls_of(analyze, "@system-service") - calls_of(analyze, "@privileged") - calls_of(analyze, "@resources")
        # These two may fail (EPERM) and nothing is lost: SQLite changes owners as root only, which this test is and the service is not, and Dispatch gives its
        # threads other priorities where it may.
        harmless = {"fchown", "setpriority"}
        self.assertEqual(called - allowed - harmless, set())
        print(f"{len(called)} system calls in a whole life; not allowed, and harmless: {' '.join(sorted(called - allowed)) or 'none'}")

    def test_commands_need_no_secrets(self):
        """The service has its secrets as credentials; a command beside it has none, and the configuration names none."""
        credentials = self.directory / "credentials"
        credentials.mkdir()
        service = self.terima(endpoints={"shop": "http://127.0.0.1:1/"})
        for name, variable in (
                ("signing_secrets", "TERIMA_SIGNING_SECRETS"), ("api_token", "TERIMA_API_TOKEN"), ("endpoint_shop_secret", "TERIMA_ENDPOINT_SHOP_SECRET")):
            (credentials / f"terima_{name}").write_text(service.environment.pop(variable) + "\n")
        process = self.supervised(service, CREDENTIALS_DIRECTORY=str(credentials))
        service.accept(created(1))

        def commands():
            self.assertEqual([row["state"] for row in service.events()], ["applied"])
            service.cli("status", "--json", code=None)
            service.cli("replay", "--type", "*", "--dry-run")
            service.cli("rebuild", "--check")
        eventually("applied", lambda: service.status()["events"]["received"] == 0)
        commands()
        process.end()
        commands()
        # What does need them says so.
        self.assertIn("TERIMA_ENDPOINT_SHOP_SECRET", service.cli("check", code=78).error_text)
        service.cli("check", code=1, CREDENTIALS_DIRECTORY=str(credentials))


def calls_of(analyze, group):
    """The system calls of one of systemd's groups, those of the groups in it included."""
    output = subprocess.run([analyze, "syscall-filter", "--no-pager", group], capture_output=True, text=True, check=True).stdout
    found = set()
    for line in output.splitlines()[1:]:
        name = line.split("#")[0].strip()
        if name.startswith("@"):
            found |= calls_of(analyze, name)
        elif name:
            found.add(name)
    return found
