"""PPRO as ppro-sandbox plays it, reached as terima and a customer's browser reach it."""

import json
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from polling import eventually
from programs import Running, refuse_secrets
from rawhttp import exchange, request

MERCHANT = "merch_Acceptance"


class Provider:
    """Listens from the start, and sends its webhooks to where the charges say. Everything it has ends with it."""

    def __init__(self, directory, signing_secret):
        self.key = f"canary-api-key-{directory.name}-0123456789"
        self.secrets = {self.key, signing_secret}
        directory.mkdir()
        self.log = directory / "provider.log"
        for name, secret in (("api.key", self.key), ("ppro.secret", signing_secret)):
            (directory / name).write_text(secret)
        self.running = Running(
            "ppro-sandbox", "serve", "--listen", "127.0.0.1:0", "--merchant-id", MERCHANT, "--key-file", directory / "api.key",
            "--secret-file", directory / "ppro.secret", "--json", log=self.log)
        first = eventually("the provider listens", lambda: self.log.read_text().partition("\n")[0])
        self.url = json.loads(first)["listening"].rstrip("/")
        self.port = urlsplit(self.url).port

    def close(self):
        try:
            self.running.terminate()
        finally:
            self.running.abandon()
        refuse_secrets(self.log.read_bytes(), self.secrets, "ppro-sandbox serve")

    def settings(self, url=None):
        """What terima needs to ask it."""
        return {"TERIMA_PPRO_URL": url or self.url, "TERIMA_PPRO_KEY": self.key, "TERIMA_PPRO_MERCHANT_ID": MERCHANT}

    def decide(self, link, decision):
        """What the customer does on the wallet's page; returns where the browser is sent."""
        form = f"decision={decision}".encode()
        headers = [("Content-Type", "application/x-www-form-urlencoded")]
        answer = exchange(self.port, request("POST", urlsplit(link).path, headers, form))
        assert answer.status == 303, answer
        return answer.field("Location")


class LosingProxy:
    """On the way to the provider: what is asked is done, and the answer to a POST is lost."""

    def __init__(self, provider):
        target = provider.url

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "content-length", "connection")}
                with urllib.request.urlopen(urllib.request.Request(target + self.path, body, headers), timeout=20) as answer:
                    answer.read()
                self.close_connection = True

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
