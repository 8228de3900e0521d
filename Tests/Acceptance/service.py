"""One terima with a database and a configuration of its own, used only through its front doors."""

import json
import shutil
import tempfile
import unittest
from pathlib import Path

import rawhttp
import signing
from polling import eventually
from programs import Running, endpoint_secret, free_port, refuse_secrets, run

WEBHOOKS = "/webhooks/ppro"
# Retries come fast enough to be waited for, and often enough that none is given up by the way.
QUICK_RETRIES = ",".join(["100ms"] * 60)


class AcceptanceTest(unittest.TestCase):
    """A test with a temporary directory. What it started ends with it, and no secret may stand in what was printed."""

    maxDiff = None

    def setUp(self):
        self.directory = Path(tempfile.mkdtemp(prefix="terima-acceptance."))
        self.addCleanup(shutil.rmtree, self.directory)

    def terima(self, name="terima", endpoints=None, **settings):
        """A service that is not running yet. `endpoints` maps names to URLs."""
        service = Service(self.directory / name, endpoints or {}, settings)
        self.addCleanup(service.close)
        return service

    def started(self, name="terima", endpoints=None, **settings):
        service = self.terima(name, endpoints, **settings)
        service.start()
        return service

    def play(self, service, *arguments):
        """Plays payments to a service until every webhook is acknowledged; returns the player's summary."""
        return json.loads(run("ppro-sandbox", *service.play_arguments(*arguments)).text)


class Service:
    def __init__(self, directory, endpoints, settings):
        directory.mkdir()
        self.directory = directory
        self.database = directory / "terima.db"
        self.log = directory / "serve.log"
        self.configuration = directory / "terima.yaml"
        self.configuration.write_text("")
        self.signing_secret = f"canary-signing-{directory.name}-0123456789"
        self.token = f"canary-token-{directory.name}-0123456789"
        self.secrets = {self.signing_secret, self.token}
        self.endpoint_secrets = {name: endpoint_secret(f"{directory.name}/{name}") for name in endpoints}
        self.secrets.update(self.endpoint_secrets.values())
        self.port = self.api_port = None
        self.running = None
        # The beginning of a command line that runs it in its own process, such as `strace -D`.
        self.wrapper = []
        # Or the path of another build.
        self.program = "terima"
        self.environment = {
            "TERIMA_DATABASE": str(self.database), "TERIMA_LISTEN": f"127.0.0.1:{free_port()}",
            "TERIMA_API_LISTEN": "127.0.0.1:0", "TERIMA_API_TOKEN": self.token, "TERIMA_SIGNING_SECRETS": self.signing_secret,
            "TERIMA_LOG_FORMAT": "json", "TERIMA_RETRY_SCHEDULE": QUICK_RETRIES, "TERIMA_ENDPOINTS": ",".join(endpoints)}
        for name, url in endpoints.items():
            self.environment[f"TERIMA_ENDPOINT_{name.upper()}_URL"] = url
            self.environment[f"TERIMA_ENDPOINT_{name.upper()}_SECRET"] = self.endpoint_secrets[name]
        self.set(**settings)

    def set(self, **settings):
        """Changes the configuration; None takes a variable away."""
        for name, value in settings.items():
            self.environment[name] = value
        self.environment = {name: value for name, value in self.environment.items() if value is not None}

    # Its life

    def start(self, *arguments):
        written = self.log.stat().st_size if self.log.exists() else 0
        self.running = Running(
            self.program, "serve", "--config", self.configuration, *arguments, log=self.log, environment=self.environment, wrapper=self.wrapper)
        ready = eventually("terima is ready", lambda: self._ready(written))
        self.port = int(ready["listen"].rsplit(":", 1)[1])
        self.api_port = int(ready["api"].rsplit(":", 1)[1]) if self.environment.get("TERIMA_API_TOKEN") else None

    def _ready(self, written):
        said = self.said(written)
        if not self.running.is_running:
            raise AssertionError(f"terima has ended: {self.running}")
        return next((line for line in said if line.get("message") == "terima is ready"), None)

    def said(self, written=0):
        """The whole lines of its log after `written` bytes."""
        lines = self.log.read_bytes()[written:].split(b"\n")[:-1]
        return [json.loads(line) if line.startswith(b"{") else {"text": line.decode()} for line in lines]

    def kill(self):
        self.running.kill()

    def stop(self):
        return self.running.terminate()

    def close(self):
        """Stops it as an operator would; nothing that it ever said may hold a secret."""
        if self.running is None:
            return
        try:
            if self.running.is_running:
                self.stop()
        finally:
            self.running.abandon()
        refuse_secrets(self.log.read_bytes(), self.secrets, "terima serve")

    # Its doors

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}{WEBHOOKS}"

    @property
    def socket(self):
        return f"{self.database}.sock"

    def post(self, body, headers=None):
        """Sends a webhook; signed as PPRO does unless `headers` are given."""
        if headers is None:
            headers = [(signing.CURRENT, signing.current(body, self.signing_secret))]
        return rawhttp.exchange(self.port, rawhttp.request("POST", WEBHOOKS, headers, body))

    def accept(self, body):
        """Sends a signed webhook that is new."""
        answer = self.post(body)
        assert (answer.status, answer.body) == (202, b'{"status":"accepted"}'), answer

    def cli(self, *arguments, code=0, stdin=b"", **environment):
        """Runs a command with the service's configuration."""
        arguments = [*arguments, "--config", self.configuration]
        return run("terima", *arguments, environment=self.environment | environment, code=code, stdin=stdin, secrets=self.secrets)

    def rows(self, *arguments):
        """The rows of a list, newest first."""
        return self.cli(*arguments, "--json", "--limit", 10_000).rows()

    def events(self, *arguments):
        return self.rows("events", "list", *arguments)

    def charges(self, *arguments):
        return self.rows("charges", "list", *arguments)

    def deliveries(self, *arguments):
        return self.rows("deliveries", "list", *arguments)

    def status(self):
        return self.cli("status", "--json", code=None).rows()[0]

    def settle(self, seconds=60):
        """Waits until every event is applied and every notification is delivered."""
        def settled():
            status = self.status()
            return status["events"]["received"] == 0 and status["deliveries"]["pending"] == 0
        eventually("everything applied and delivered", settled, seconds)

    def play_arguments(self, *arguments):
        secret = self.directory / "ppro.secret"
        secret.write_text(self.signing_secret)
        return ["play", "--url", self.url, "--secret-file", secret, "--json", *arguments]
