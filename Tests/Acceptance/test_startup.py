"""What keeps terima from starting says so, names the key, and never repeats a secret."""

import shutil
import sqlite3
from pathlib import Path

import ppro_events
from polling import eventually
from programs import endpoint_secret, run
from service import AcceptanceTest
from shop import Shop

CANARY = "canary-misplaced-secret-0123456789"


class StartupTest(AcceptanceTest):
    def refused(self, service, code, *words, command=("serve",)):
        """The command ends at once with `code`, in one line that holds all of `words`."""
        ended = service.cli(*command, code=code)
        lines = ended.error_text.splitlines()
        self.assertEqual(len(lines), 1, ended)
        for word in words:
            self.assertIn(word, lines[0])
        self.assertNotIn(CANARY, ended.text + ended.error_text)

    def test_a_second_service_on_the_same_database_is_refused(self):
        service = self.started()
        service.accept(ppro_events.simple(identity="evt1"))
        # By another path to the same file, too.
        alias = self.directory / "alias"
        alias.symlink_to(service.directory)
        for path in (service.database, alias / "terima.db"):
            second = service.cli(
                "serve", code=74, TERIMA_DATABASE=str(path), TERIMA_LISTEN="127.0.0.1:0", TERIMA_API_LISTEN="127.0.0.1:0")
            self.assertIn("database_locked", second.error_text)
            self.assertIn("another terima", second.error_text)
            self.assertIn(str(service.running.process.pid), second.error_text)
        # The first has not noticed.
        self.assertTrue(service.running.is_running)
        service.accept(ppro_events.simple(identity="evt2"))
        self.assertEqual(len(service.events()), 2)

    def test_a_port_that_is_taken_is_named(self):
        first, second = self.started("first"), self.terima("second")
        second.set(TERIMA_LISTEN=f"127.0.0.1:{first.port}")
        self.refused(second, 69, "TERIMA_LISTEN", str(first.port))
        second.set(TERIMA_LISTEN="127.0.0.1:0", TERIMA_API_LISTEN=f"127.0.0.1:{first.port}")
        # What the library says of its own end may come before it.
        last = second.cli("serve", code=69).error_text.splitlines()[-1]
        self.assertIn(str(first.port), last)
        self.assertIn("TERIMA_API_LISTEN", last)

    def test_a_newer_database_is_refused_and_left_alone(self):
        service = self.started()
        service.accept(ppro_events.simple())
        service.stop()
        with sqlite3.connect(service.database) as connection:
            [version] = connection.execute("PRAGMA user_version").fetchone()
            connection.execute(f"PRAGMA user_version = {version + 1}")
        connection.close()
        before = service.database.read_bytes()
        self.refused(service, 74, "database_newer", str(version + 1))
        self.refused(service, 74, "database_newer", command=("events", "list"))
        self.assertIn("FAIL", service.cli("check", code=1).text)
        self.assertEqual(service.database.read_bytes(), before)

    def test_files_that_are_no_database_of_ours(self):
        service = self.terima()
        service.database.write_bytes(b"These are notes, not a database. " * 100)
        self.refused(service, 74, str(service.database))
        self.assertTrue(service.database.read_bytes().startswith(b"These are notes"))
        service.database.unlink()
        with sqlite3.connect(service.database) as connection:
            connection.execute("CREATE TABLE recipes (name TEXT)")
        connection.close()
        self.refused(service, 74, "database_foreign")

    def test_unknown_keys_are_refused_by_name(self):
        for name in ("TERIMA_LISTN", "TERIMA_DATABASES", "TERIMA_ENDPOINT_SHOP_URL", "TERIMA_SIGNING_SECRET", "TERIMA_X"):
            for command in (("serve",), ("check",), ("status",)):
                service = self.terima(f"{name}-{command[0]}", **{name: CANARY})
                self.refused(service, 78, name, "unknown_key", command=command)
        near = self.terima("near", TERIMA_LISTN="127.0.0.1:1")
        self.refused(near, 78, "did you mean TERIMA_LISTEN?")

    def test_unknown_keys_of_the_file_are_refused_by_name(self):
        for number, (text, name) in enumerate([
                ("listn: 127.0.0.1:1", "listn"), (f"signing_secret: {CANARY}", "signing_secret"), (f"api:\n  token: {CANARY}", "api"),
                (f"endpoints:\n  shop:\n    url: http://127.0.0.1:1/\n    secrets: {CANARY}", "endpoints.shop.secrets")]):
            service = self.terima(f"file{number}", TERIMA_ENDPOINTS=None)
            service.configuration.write_text(text + "\n")
            self.refused(service, 78, name, str(service.configuration), "unknown_key")

    def test_bad_values_are_refused_with_the_name_of_the_key(self):
        values = {
            "TERIMA_LISTEN": "8080", "TERIMA_API_LISTEN": "localhost", "TERIMA_API_TOKEN": "short", "TERIMA_LEGACY_SIGNATURE": "perhaps",
            "TERIMA_SIGNATURE_TOLERANCE": "3 days", "TERIMA_SIGNATURE_TOLERANCE_AHEAD": "0s", "TERIMA_MAXIMUM_BODY": "65535",
            "TERIMA_MAXIMUM_CONNECTIONS": "0", "TERIMA_ENDPOINTS": "Not A Name", "TERIMA_ENDPOINT_CONCURRENCY": "1000",
            "TERIMA_ATTEMPT_TIMEOUT": "1h", "TERIMA_RETRY_SCHEDULE": "1s,soon", "TERIMA_LOG_LEVEL": "loud", "TERIMA_LOG_FORMAT": "xml"}
        for name, value in values.items():
            self.refused(self.terima(name, **{name: value}), 78, name)

    def test_errors_do_not_repeat_a_secret(self):
        """Secrets in every wrong place of the environment that somebody may put them."""
        endpoint = {"TERIMA_ENDPOINTS": "shop", "TERIMA_ENDPOINT_SHOP_URL": "http://127.0.0.1:9/", "TERIMA_ENDPOINT_SHOP_SECRET": CANARY}
        misplaced = {
            "TERIMA_ENDPOINT_SHOP_SECRET": [endpoint, endpoint | {"TERIMA_ENDPOINT_SHOP_SECRET": f"whsec_{CANARY}"}],
            "TERIMA_ENDPOINT_SHOP_URL": [endpoint | {
                "TERIMA_ENDPOINT_SHOP_URL": f"http://user:{CANARY}@127.0.0.1:9/", "TERIMA_ENDPOINT_SHOP_SECRET": endpoint_secret(1)}],
            "TERIMA_API_TOKEN": [{"TERIMA_API_TOKEN": f"{CANARY} with spaces"}],
            "TERIMA_SIGNING_SECRETS_FILE": [
                {"TERIMA_SIGNING_SECRETS": None, "TERIMA_SIGNING_SECRETS_FILE": CANARY}, {"TERIMA_SIGNING_SECRETS_FILE": CANARY}],
            "TERIMA_LISTEN": [{"TERIMA_LISTEN": CANARY}]}
        for name, cases in misplaced.items():
            for number, settings in enumerate(cases):
                with self.subTest(settings):
                    self.refused(self.terima(f"{name}{number}", **settings), 78, name)

    def test_errors_do_not_repeat_a_secret_of_the_file(self):
        """YAML that is wrong, or that means something else than somebody thought."""
        for number, text in enumerate([
                f"api_token: {{{CANARY}: x}}", f"signing_secrets:\n  {CANARY}: x", f"signing_secrets: '{CANARY}", CANARY,
                f"signing_secrets:{CANARY}", f"listen: 127.0.0.1:1\nsigning_secrets:{CANARY}", f"signing_secrets:\n\t- {CANARY}",
                f"signing_secrets: *{CANARY}", f"database: a\ndatabase: {CANARY}", f"- {CANARY}", f"signing_secrets_file: {CANARY}"]):
            service = self.terima(f"yaml{number}", TERIMA_SIGNING_SECRETS=None, TERIMA_API_TOKEN=None)
            service.configuration.write_text(text + "\n")
            with self.subTest(text):
                self.refused(service, 78, str(service.configuration))

    def test_secrets_come_from_files_and_credentials_and_are_never_shown(self):
        """At the most talkative level, with secrets from all three places, through every command and every refusal."""
        shop = Shop()
        self.addCleanup(shop.close)
        service = self.terima(
            endpoints={"shop": shop.url}, TERIMA_LOG_LEVEL="trace", TERIMA_LOG_FORMAT="text", TERIMA_SIGNING_SECRETS=None,
            TERIMA_ENDPOINT_SHOP_SECRET=None, CREDENTIALS_DIRECTORY=str(self.directory / "credentials"))
        path, credentials = self.directory / "ppro.secret", self.directory / "credentials"
        path.write_text(service.signing_secret + "\n")
        credentials.mkdir()
        (credentials / "endpoint_shop_secret").write_text(service.endpoint_secrets["shop"] + "\n")
        service.set(TERIMA_SIGNING_SECRETS_FILE=str(path), TERIMA_LOG_FORMAT="json")
        service.start()
        service.accept(ppro_events.simple())
        self.assertEqual(service.post(ppro_events.simple(), []).status, 401)
        service.post(b"not json")
        eventually("told", shop.notifications)
        check = service.cli("check")
        self.assertIn("signing_secrets", check.text)
        self.assertEqual({row["grade"] for row in service.cli("check", "--json").rows()} - {"ok", "warn"}, set())
        for command in (["status"], ["status", "--json"], ["events", "list"], ["events", "show", "evtX01"], ["charges", "list"],
                        ["charges", "show", "charge_X"], ["deliveries", "list"], ["replay", "--failed"], ["rebuild"]):
            service.cli(*command, code=None)
        process = Path(f"/proc/{service.running.process.pid}")
        self.assertNotIn(b"canary", (process / "cmdline").read_bytes())
        service.stop()
        for file in service.directory.glob("terima.db*"):
            for secret in service.secrets:
                self.assertNotIn(secret.removeprefix("whsec_").encode(), file.read_bytes(), file)
        self.assertIn("terima has stopped", service.log.read_text())

    def test_a_new_endpoint_secret_is_as_standard_webhooks_wants_it(self):
        first, second = (run("terima", "keygen").text for _ in range(2))
        self.assertRegex(first, r"\Awhsec_[A-Za-z0-9+/]{43}=\n\Z")
        self.assertNotEqual(first, second)

    def test_a_copy_of_the_database_is_a_working_database(self):
        service = self.started()
        service.accept(ppro_events.simple())
        service.stop()
        copy = self.terima("copy")
        shutil.copy(service.database, copy.database)
        copy.start()
        self.assertEqual([row["id"] for row in copy.events()], ["evtX01"])
