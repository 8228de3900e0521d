"""slowhttptest with 1,000 connections in its three modes: honest webhooks hardly notice."""

import os
import shutil
import statistics
import subprocess
from pathlib import Path

from polling import eventually
from service import WEBHOOKS, AcceptanceTest
from traffic import Generator, established, honest

IS_LONG = "TERIMA_ACCEPTANCE_LONG" in os.environ
ROUNDS, SECONDS = (5, 7) if IS_LONG else (1, 3)
CONNECTIONS, RATE = 1_000, 200
# What is no more than the difference between two measurements of an idle machine whose disk syncs now and then.
NOISE_MS = 10.0

MODES = {
    "slow_headers": ["-H", "-i", "2", "-x", "24", "-t", "POST"],
    "slow_bodies": ["-B", "-i", "2", "-s", "200000", "-x", "10", "-t", "POST"],
    # Small windows, read five bytes a second, each connection asking ten times.
    "slow_reading": ["-X", "-k", "10", "-n", "1", "-w", "10", "-y", "20", "-z", "5"],
}


class SlowHTTPTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        if not shutil.which("slowhttptest"):
            self.skipTest("slowhttptest is not installed (Debian has it)")
        self.generator = Generator(self.directory)
        self.service = self.started()

    def measure(self):
        """p99 of honest webhooks in ms; every one of them has to be taken."""
        count = RATE * SECONDS
        result = self.generator.start(self.service.port, list(honest(self.service, count)), RATE, connections=8).result()
        self.assertEqual(result["codes"], {"202": count}, result)
        return result["p99_ms"]

    def attack(self, options):
        """Starts slowhttptest; returns when its connections are there."""
        target = WEBHOOKS if "-X" not in options else "/healthz"
        command = ["slowhttptest", *options, "-c", str(CONNECTIONS), "-r", "1000", "-l", "60", "-p", "5", "-u", f"http://127.0.0.1:{self.service.port}{target}"]
        attacker = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        self.addCleanup(attacker.kill)
        eventually("1,000 slow connections", lambda: established(self.service.port) >= CONNECTIONS * 0.95, 20)
        return attacker

    def run_mode(self, name):
        rounds, open_ones = [], []
        self.measure()  # warms up
        for _ in range(ROUNDS):
            before = self.measure()
            attacker = self.attack(MODES[name])
            under_attack = self.measure()
            open_ones.append(established(self.service.port))
            attacker.kill()
            attacker.wait()
            eventually("the slow connections are gone", lambda: established(self.service.port) == 0, 60)
            rounds.append((before, under_attack, self.measure()))
        quiet = statistics.median(max(before, after) for before, _, after in rounds)
        attacked = statistics.median(under_attack for _, under_attack, _ in rounds)
        print(f"{name}: honest p99 {quiet:.1f} ms alone, {attacked:.1f} ms under attack (before/under/after: {'; '.join('%.1f/%.1f/%.1f' % each for each in rounds)}); "
              f"slow connections left at the end of a measurement: {min(open_ones)}")
        self.assertGreaterEqual(min(open_ones), CONNECTIONS * 0.9, "the attack was over before the measurement was")
        self.assertLessEqual(attacked, max(2 * quiet, quiet + NOISE_MS))
        self.assertEqual(self.service.rows("events", "list", "--state", "failed"), [])

    def test_slow_headers(self):
        self.run_mode("slow_headers")

    def test_slow_bodies(self):
        self.run_mode("slow_bodies")

    def test_slow_reading(self):
        self.run_mode("slow_reading")

    def test_the_slow_are_ended_by_the_service(self):
        """The control: nobody but terima ends them, each with its documented answer, after the limit and not before."""
        attacker = self.attack(MODES["slow_headers"])
        eventually("no slow connection", lambda: established(self.service.port) < 50, 30)
        self.assertIsNone(attacker.poll(), "slowhttptest has ended by itself")
        attacker.kill()
        self.service.stop()
        timeouts = sum(int(line.get("request_timeout", 0)) for line in self.service.said())
        self.assertGreaterEqual(timeouts, CONNECTIONS * 0.9)
