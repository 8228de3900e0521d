"""The disk answers with errors: at each call of a life, once and for good. Nothing that is not stored is acknowledged, nothing traps, and a failed sync ends it."""

import shutil
import signal
import subprocess
import time
import unittest

import oracle
from faulty import ERRORS, FAIL, LONG, Faults, spread
from load import Load, identity, paid_charge
from polling import eventually
from service import AcceptanceTest

SYNCS = ("fdatasync", "fsync")
CALLS = {"fdatasync": 6, "fsync": 3, "pwrite64": 5, "ftruncate": 2, "fallocate": 2, "openat": 4}
STORAGE_FAILED = 74


class DiskErrorTest(AcceptanceTest):
    def test_an_error_at_each_call_costs_nothing_that_was_acknowledged(self):
        for call, count in CALLS.items():
            calm = self.terima(f"calm-{call}")
            faults = Faults(calm, call)
            self.live(calm, faults, f"c{call}")
            self.assertEqual(calm.running.process.returncode, 0)
            total = faults.count
            self.assertGreater(total, 0, f"{call} is never called")
            fired = cases = 0
            for at in spread(count, total):
                for error, sticky in ([(e, s) for e in ERRORS for s in (False, True)] if LONG else [(list(ERRORS)[at % 2], at % 4 > 1)]):
                    with self.subTest(call=call, at=at, error=error, sticky=sticky):
                        cases += 1
                        fired += self.fail_at(call, at, error, sticky)
            print(f"  {call}: {total} in a life, {cases} cases, {fired} of them fired", flush=True)
            self.assertGreaterEqual(fired * 2, cases, f"{call}: too few of the faults fired")

    def fail_at(self, call, at, error, sticky):
        name = f"{call}{at}{error}{sticky}"
        service = self.terima(name)
        faults = Faults(service, call)
        faults.plan(FAIL, at, ERRORS[error], sticky)
        acknowledged, bodies = self.live(service, faults, name)
        fired = faults.fired
        code = service.running.process.returncode
        # Never a signal: nothing trapped.
        self.assertIn(code, (0, STORAGE_FAILED), f"{service.running}")
        if fired and call in SYNCS:
            self.assertEqual(code, STORAGE_FAILED, f"{service.running}")
        faults.off()
        service.start()
        oracle.check(self, service, acknowledged, sent={identity(body): body for body in bodies})
        service.stop()
        service.close()
        return fired > 0

    def live(self, service, faults, name):
        bodies = paid_charge(name, 1)
        acknowledged, is_sync = set(), faults.calls[0] in SYNCS
        try:
            service.start()
            for body in bodies:
                had_failed = faults.fired > 0
                if service.post(body).status == 202:
                    acknowledged.add(identity(body))
                    self.assertFalse(had_failed and is_sync, "acknowledged after a sync had failed")
            eventually("settled or in trouble", lambda: faults.fired or self.is_settled(service), 20)
        except (AssertionError, OSError) as ended:
            if "acknowledged after" in str(ended):
                raise
        # After a sync error the process ends by itself; after any other it may go on.
        if is_sync and faults.fired:
            eventually("the end after a sync error", lambda: not service.running.is_running, 5)
        service.running.process.terminate()
        eventually("the end", lambda: not service.running.is_running, 12)
        return acknowledged, bodies

    def is_settled(self, service):
        status = service.status()
        return status["events"]["received"] == 0 and status["deliveries"]["pending"] == 0

    def test_strace_a_sync_error_ends_it_and_a_restart_recovers(self):
        self.inject("fdatasync,fsync", "EIO", ends=True)

    def test_strace_no_space_for_a_sync_ends_it_as_well(self):
        self.inject("fdatasync,fsync", "ENOSPC", ends=True)

    def test_strace_writes_that_fail_are_refused_and_pass(self):
        for call in ("pwrite64", "ftruncate,fallocate,openat"):
            for error in ("EIO", "ENOSPC"):
                with self.subTest(call=call, error=error):
                    self.inject(call, error, ends=False)

    def inject(self, calls, error, ends):
        """A window of errors in a service under load, put there by strace."""
        strace = shutil.which("strace")
        if not strace:
            raise unittest.SkipTest("needs strace")
        service = self.started(f"{calls.replace(',', '-')}-{error}")
        trace = service.directory / "trace"
        with Load(service, connections=4) as load:
            load.wait_for(50)
            tracer = subprocess.Popen(
                [strace, "-f", "-qq", "-o", trace, "-e", f"trace={calls}", "-e", f"inject={calls}:error={error}", "-p", str(service.running.process.pid)],
                stderr=subprocess.PIPE)
            self.addCleanup(tracer.kill)
            try:
                self.watch(service, load, trace, tracer, calls, ends)
            finally:
                tracer.send_signal(signal.SIGINT)
                tracer.wait(10)
            injected = trace.read_text().count("INJECTED")
            if ends:
                self.assertGreater(injected, 0)
                eventually("the end", lambda: not service.running.is_running, 5)
                self.assertEqual(service.running.process.returncode, STORAGE_FAILED, f"{service.running}")
                service.start()
            else:
                load.wait_for(20)
                self.assertTrue(service.running.is_running, f"{service.running}")
        print(f"  strace {calls} {error}: {injected} injected, {load.count} acknowledged")
        oracle.check(self, service, load.acknowledged, sent=load.sent, outcomes=load.outcomes)
        service.stop()

    def watch(self, service, load, trace, tracer, calls, ends):
        def seen():
            if tracer.poll() is not None and service.running.is_running:
                raise unittest.SkipTest(f"strace cannot trace here: {tracer.stderr.read().decode().strip()}")
            return trace.exists() and "INJECTED" in trace.read_text()
        if ends:
            began = time.monotonic()
            eventually("an injected error", seen, 20)
            eventually("the end", lambda: not service.running.is_running, 5)
            after = [one for one in load.outcomes if one.is_acknowledged and one.began > began + 20]
            self.assertEqual(after, [])
        elif calls == "pwrite64":
            eventually("an injected error", seen, 20)
            eventually("a refusal", lambda: any(one.status == 503 for one in load.outcomes), 20)
        else:
            # Rare while it runs: the others are tried at each call of a life above.
            time.sleep(1.0)
