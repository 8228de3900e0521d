"""What terima must not start on: a database in use, another user's, one that cannot be written, one of a newer terima. A clear word, and nothing left behind."""

import contextlib
import hashlib
import os
import sqlite3

import ppro_events
from faulty import Disk, on
from programs import Running
from service import AcceptanceTest

STORAGE_FAILED = 74


class RefusalTest(AcceptanceTest):
    def made(self, service):
        """A database with an event in it, not in use."""
        service.start()
        service.accept(ppro_events.simple())
        service.settle()
        service.stop()
        return service

    def files(self, service):
        files = (path for path in service.database.parent.iterdir() if path.name.startswith("terima.db") and path.is_file())
        # In the lock file is the number of the last process that had it.
        return {path.name: path.suffix == ".lock" or hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    def refused(self, service, *says, user=None):
        before = self.files(service)
        log = self.directory / "refused.log"
        wrapper = ["/usr/bin/setpriv", f"--reuid={user}", "--clear-groups"] if user else []
        running = Running("terima", "serve", "--config", service.configuration, log=log, environment=service.environment, wrapper=wrapper)
        self.addCleanup(running.abandon)
        running.wait(code=STORAGE_FAILED, seconds=20)
        for word in says:
            self.assertIn(word, log.read_text())
        self.assertEqual(self.files(service), before)

    def works(self, service):
        """The control: without the fault it starts on the same files."""
        service.start()
        self.assertEqual([row["id"] for row in service.events()], ["evtX01"])
        service.stop()

    def test_a_second_instance(self):
        service = self.started()
        log = self.directory / "second.log"
        second = Running("terima", "serve", "--config", service.configuration, log=log, environment=service.environment | {"TERIMA_LISTEN": "127.0.0.1:0"})
        second.wait(code=STORAGE_FAILED, seconds=20)
        self.assertRegex(log.read_text(), rf"database_locked: another terima \(process {service.running.process.pid}\) has the database open")
        service.accept(ppro_events.simple())

    def test_another_owner(self):
        if os.getuid() != 0:
            self.skipTest("needs root to give a file away")
        service = self.made(self.terima())
        os.chown(service.database, 65534, 65534)
        self.refused(service, "database_unavailable", "belongs to uid 65534", "sudo -u '#65534'")
        os.chown(service.database, 0, 0)
        self.works(service)

    def test_a_directory_of_somebody_else(self):
        if os.getuid() != 0 or not os.path.exists("/usr/bin/setpriv"):
            self.skipTest("needs root and setpriv to be another user")
        service = self.terima()
        self.directory.chmod(0o755)
        service.directory.chmod(0o755)
        self.refused(service, "database_unavailable", "cannot open the lock file", "Permission denied", user=65534)
        self.assertEqual(self.files(service), {})

    def test_a_read_only_file_system(self):
        disk = Disk(self)
        service = self.made(on(disk, self))
        disk.unmount()
        disk.mount("ro")
        self.refused(service, "database_unavailable", "Read-only file system")
        disk.unmount()
        disk.mount()
        self.works(service)

    def test_a_read_only_file_system_with_nothing_on_it(self):
        disk = Disk(self)
        disk.unmount()
        disk.mount("ro")
        service = on(disk, self)
        self.refused(service, "database_unavailable", "Read-only file system")
        self.assertEqual(self.files(service), {})

    def test_a_newer_layout(self):
        service = self.made(self.terima())
        with contextlib.closing(sqlite3.connect(service.database)) as connection:
            [version] = connection.execute("PRAGMA user_version").fetchone()
            connection.execute("PRAGMA user_version = 999")
        self.refused(service, "database_newer", "has layout 999")
        with contextlib.closing(sqlite3.connect(service.database)) as connection:
            connection.execute(f"PRAGMA user_version = {version}")
        self.works(service)


