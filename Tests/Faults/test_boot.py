"""terima as the README installs it, on a Debian of its own with a running systemd. Long form only: the first time a system is downloaded and made."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from machine import Machine, Missing
from polling import eventually
from programs import BINARIES

SECRET = "canary-signing-0123456789"
CONFIGURATION = """
endpoints:
  shop:
    url: http://127.0.0.1:9000/payments
retry_schedule: 1s,1s,1s
"""


@unittest.skipUnless("TERIMA_ACCEPTANCE_LONG" in os.environ, "a system is made and booted in the long form only")
class BootTest(unittest.TestCase):
    def setUp(self):
        self.directory = Path(tempfile.mkdtemp(prefix="terima-boot."))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        try:
            self.machine = Machine(self.directory)
            self.addCleanup(self.machine.close)
            self.install()
            self.machine.boot()
        except Missing as reason:
            self.skipTest(str(reason))
        self.enable()

    def install(self):
        """As the README does, and the libraries of a build that has Swift's beside it."""
        machine = self.machine
        machine.install(BINARIES / "terima", "/usr/local/bin/terima", "0755")
        (self.directory / "ppro.secret").write_text(SECRET)
        for unit in Path("systemd").glob("*.*"):
            if unit.is_file():
                machine.install(unit, f"/etc/systemd/system/{unit.name}")
        machine.install("systemd/sysusers.d/terima.conf", "/etc/sysusers.d/terima.conf")
        machine.install("systemd/tmpfiles.d/terima.conf", "/etc/tmpfiles.d/terima.conf")
        outside = set()
        for line in subprocess.run(["ldd", BINARIES / "terima"], capture_output=True, text=True, check=True).stdout.splitlines():
            found = re.search(r"(/\S+) \(", line)
            if found and not os.path.exists(f"{machine.root}{found[1]}"):
                machine.install(found[1], found[1], "0755")
                outside.add(os.path.dirname(found[1]))
        for directory in outside:
            for unit in ("terima", "terima-backup", "terima-purge"):
                machine.write(f"/etc/systemd/system/{unit}.service.d/build.conf", f"[Service]\nExecPaths={directory}\n")

    def enable(self):
        run = self.machine.run
        run("systemd-sysusers", "terima.conf")
        run("systemd-tmpfiles", "--create", "terima.conf")
        run("sh", "-c", "umask 077; cat > /etc/terima/secrets/signing_secrets", stdin=SECRET + "\n")
        run("sh", "-c", "umask 077; terima keygen > /etc/terima/secrets/endpoint_shop_secret")
        run("sh", "-c", "cat > /etc/terima/terima.yaml", stdin=CONFIGURATION)
        run("systemctl", "daemon-reload")
        run("systemctl", "enable", "--now", "terima.socket", "terima.service")

    def terima(self, *arguments, code=0):
        """A command as an operator runs it."""
        return self.machine.run("sudo", "-u", "terima", "terima", *arguments, code=code)

    def play(self, *arguments):
        play = ["play", "--url", "http://127.0.0.1:8080/webhooks/ppro", "--secret-file", self.directory / "ppro.secret", "--json", *arguments]
        return self.machine.beside(BINARIES / "ppro-sandbox", *play, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def summary(self, player):
        output, _ = player.communicate(timeout=120)
        self.assertEqual(player.returncode, 0, output)
        return json.loads(output.splitlines()[-1])

    def events(self):
        return len(self.terima("events", "list", "--json", "--limit", 10_000).stdout.splitlines())

    def is_active(self, since=None):
        state = self.machine.show("terima", "ActiveState", "MainPID")
        return state["ActiveState"] == "active" and state["MainPID"] != since and state["MainPID"]

    def test_it_runs_as_the_units_say(self):
        self.assertEqual(self.machine.run("systemctl", "is-active", "terima.service", "terima.socket").stdout.split(), ["active", "active"])
        self.summary(self.play("--charges", 20))
        stored = self.events()
        self.assertGreaterEqual(stored, 40)
        eventually("the status line counts", lambda: f"Receiving on 127.0.0.1:8080; {stored} events" in self.machine.show("terima", "StatusText"))
        # Whose it is, and who sees the secrets.
        pid = self.is_active()
        self.assertEqual(self.machine.run("stat", "--format=%U", f"/proc/{pid}").stdout.strip(), "terima")
        self.assertEqual(self.machine.run("stat", "--format=%a %U %G", "/var/lib/terima", "/etc/terima", "/etc/terima/secrets").stdout.splitlines(),
                         ["700 terima terima", "750 root terima", "700 root root"])
        self.assertNotIn(SECRET, self.machine.run("cat", f"/proc/{pid}/environ", f"/proc/{pid}/cmdline").stdout)
        self.machine.run("sudo", "-u", "terima", "cat", "/etc/terima/secrets/signing_secrets", code=1)
        # The fences stand: its own system call filter (mode 2), no new privileges, no capability.
        status = self.machine.run("cat", f"/proc/{pid}/status").stdout
        for line in ("Seccomp:\t2", "NoNewPrivs:\t1", "CapEff:\t0000000000000000", "CapBnd:\t0000000000000000"):
            self.assertIn(line, status)
        # Commands: without secrets, and those that need them.
        self.terima("rebuild", "--check")
        self.terima("replay", "--type", "*", "--dry-run")
        self.assertIn("TERIMA_ENDPOINT_SHOP_SECRET", self.terima("check", code=78).stderr)
        check = self.machine.run(
            "systemd-run", "--quiet", "--wait", "--collect", "--pipe", "--uid=terima", "--property=LoadCredential=terima:/etc/terima/secrets", "terima", "check",
            code=1).stdout
        self.assertIn("ok   signing_secrets             1, from credential terima_signing_secrets", check)
        self.assertRegex(check, "FAIL endpoint shop .*not reachable")
        self.assertEqual(check.count("FAIL"), 1)
        # The shop is not there: warnings are warnings, and the rest is none.
        eventually("a warning", lambda: "warning endpoint does not answer" in self.machine.journal("terima", "--priority=warning"))
        self.assertNotIn("info ", self.machine.journal("terima", "--priority=notice"))
        self.assertIn("info terima is ready", self.machine.journal("terima", "--priority=info"))

    def test_a_restart_refuses_nobody(self):
        player = self.play("--charges", 1000, "--rate", 300)
        for _ in range(5):
            before, pid = self.events(), self.is_active()
            eventually("more events", lambda: self.events() > before + 100)
            self.machine.run("systemctl", "restart", "terima.service")
            self.assertNotIn(self.is_active(), (pid, False))
        self.assertIsNone(player.poll(), "the load was over before the restarts were")
        summary = self.summary(player)
        print(f"five restarts by systemd under load: {summary}")
        self.assertFalse([reason for reason in summary["unanswered"] if "refused" in reason])
        self.assertEqual(self.machine.show("terima", "NRestarts"), "0")

    def test_what_ends_it_starts_it_again(self):
        pid = self.is_active()
        self.machine.run("systemctl", "kill", "--kill-who=main", "--signal=KILL", "terima.service")
        self.assertTrue(eventually("started again after kill -9", lambda: self.is_active(pid)))
        # Without a sign of life.
        pid, began = self.is_active(), time.monotonic()
        self.machine.run("systemctl", "kill", "--kill-who=main", "--signal=STOP", "terima.service")
        eventually("started again by the watchdog", lambda: self.is_active(pid), 60)
        self.assertGreater(time.monotonic() - began, 15)
        self.assertIn("Watchdog timeout (limit 30s)!", self.machine.journal("terima"))
        self.assertEqual(self.machine.show("terima", "NRestarts"), "2")
        # An orderly stop stays one, until somebody knocks.
        self.machine.run("systemctl", "stop", "terima.service")
        self.assertEqual(self.machine.show("terima", "ActiveState", "Result"), {"ActiveState": "inactive", "Result": "success"})
        self.summary(self.play("--charges", 1))
        self.assertTrue(self.is_active())

    def test_a_wrong_configuration_is_not_tried_again(self):
        self.machine.run("systemctl", "stop", "terima.socket", "terima.service")
        self.machine.run("sh", "-c", "echo 'listn: 127.0.0.1:1' >> /etc/terima/terima.yaml")
        self.machine.run("systemctl", "start", "terima.socket")
        self.machine.run("systemctl", "start", "terima.service", code=1)
        self.assertEqual(self.machine.show("terima", "ExecMainStatus", "NRestarts", "ActiveState"),
                         {"ExecMainStatus": "78", "NRestarts": "0", "ActiveState": "failed"})
        self.assertIn("terima: configuration: listn in /etc/terima/terima.yaml: is no setting; did you mean listen?", self.machine.journal("terima", "--priority=err"))
        # Webhooks have systemd try, and it gives up.
        player = self.play("--charges", 1, "--attempts", 1)
        player.communicate(timeout=60)
        eventually("the socket has failed", lambda: self.machine.show("terima.socket", "ActiveState") == "failed")
        # Mended, as docs/operations.md says.
        self.machine.run("sed", "-i", "/^listn/d", "/etc/terima/terima.yaml")
        self.machine.run("systemctl", "reset-failed", "terima.socket", "terima.service")
        self.machine.run("systemctl", "start", "terima.socket", "terima.service")
        self.summary(self.play("--charges", 1))
