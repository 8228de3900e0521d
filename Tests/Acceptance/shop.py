"""A shop that keeps every notification as it came over the wire. It knows nothing of terima's code."""

import json
import socket
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Notification:
    headers: dict
    body: bytes
    status: int

    @property
    def id(self):
        return self.headers["webhook-id"]

    def json(self):
        return json.loads(self.body)


class Shop:
    """Listens from the start. `respond(body)` decides the status; None never answers. Names of headers are kept in lower case.

    `location` goes into the answers as the header field of that name.
    """

    def __init__(self, port=0, respond=lambda body: 204, location=None):
        self.respond = respond
        self.location = location
        self.received = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._connections = set()
        self._server = self._bind(port)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/notifications"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def close(self):
        """Goes away as a process does: no connection survives it."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def notifications(self, status=None):
        """What came so far, in the order of arrival; only what was answered with `status` if that is given."""
        with self._lock:
            return [one for one in self.received if status is None or one.status == status]

    def _bind(self, port):
        shop = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                with shop._lock:
                    shop._connections.add(self.connection)

            def finish(self):
                with shop._lock:
                    shop._connections.discard(self.connection)
                super().finish()

            def do_POST(self):
                shop._take(self)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 128

            def handle_error(self, request, client_address):
                # A client that was killed in the middle of its request is nothing to tell of.
                pass

        return Server(("127.0.0.1", port), Handler)

    def _take(self, handler):
        length = int(handler.headers["content-length"])
        body = handler.rfile.read(length)
        if len(body) < length:
            # The other side was killed in the middle: to a shop that is no request.
            handler.close_connection = True
            return
        names = [name.lower() for name in handler.headers.keys()]
        assert len(names) == len(set(names)), f"a header came twice: {names}"
        status = self.respond(body)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        with self._lock:
            self.received.append(Notification(headers, body, status))
        if status is None:
            self._closing.wait()
            return
        handler.send_response(status)
        handler.send_header("Content-Length", "0")
        if self.location:
            handler.send_header("Location", self.location)
        handler.end_headers()
