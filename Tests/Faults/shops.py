"""Shops that misbehave, over a raw socket: what they send are bytes, and nothing repairs them. They know nothing of terima's code."""

import socket
import ssl
import struct
import threading
import time
from collections import Counter, defaultdict

INFINITE = 512 * 1024 * 1024  # bytes; nobody reads as much


class Request:
    def __init__(self, path, headers, body):
        self.path, self.headers, self.body, self.at = path, headers, body, time.monotonic()

    @property
    def id(self):
        return self.headers["webhook-id"]


class Talk:
    """One connection, from the shop's side."""

    def __init__(self, connection, shop):
        self.socket, self.shop, self.path = connection, shop, None
        self.buffer = b""

    def request(self):
        """The next whole request; None when the other side has closed."""
        while b"\r\n\r\n" not in self.buffer:
            if not self._more():
                return None
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        line, *fields = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, value in (field.split(": ", 1) for field in fields)}
        length = int(headers.get("content-length", 0))
        while len(self.buffer) < length:
            if not self._more():
                return None
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        self.path = line.split(" ")[1]
        return Request(self.path, headers, body)

    def _more(self):
        octets = self.socket.recv(65536)
        self.buffer += octets
        return bool(octets)

    def send(self, octets):
        self.socket.sendall(octets)
        with self.shop.lock:
            self.shop.sent[self.path] += len(octets)

    def pour(self, octets):
        """Sends the same bytes until the other side has had enough, which is noted."""
        try:
            for _ in range(INFINITE // len(octets)):
                self.send(octets)
        except OSError:
            with self.shop.lock:
                self.shop.cut_off.add(self.path)

    def hang(self):
        """Says nothing more until the other side closes."""
        try:
            while self.socket.recv(65536):
                pass
        except OSError:
            pass
        with self.shop.lock:
            self.shop.cut_off.add(self.path)

    def reset(self):
        """Ends the connection with RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


class RawShop:
    """Listens from the start. `behave(talk, request)` answers each request; the connection goes on while it returns True.

    What came is kept in `received`, by path. `tls` is an `ssl.SSLContext`; `greet(connection)` has the connection to itself instead.
    """

    def __init__(self, behave=None, host="127.0.0.1", port=0, tls=None, greet=None):
        self.behave, self.tls, self.greet = behave, tls, greet
        self.lock = threading.Lock()
        self.received = defaultdict(list)
        self.sent, self.cut_off, self.connections = Counter(), set(), 0
        self._open = set()
        self._listener = socket.create_server((host, port), backlog=1024)
        # What terima does not read is not sent either: the send buffer must not hide it.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()
        with self.lock:
            connections = list(self._open)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def requests(self, path=None):
        """What came so far, in order of arrival."""
        with self.lock:
            if path is not None:
                return list(self.received[path])
            return sorted((one for each in self.received.values() for one in each), key=lambda one: one.at)

    def _accept(self):
        threading.stack_size(256 * 1024)
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
                self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            if self.greet:
                return self.greet(connection)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            stream = self.tls.wrap_socket(connection, server_side=True) if self.tls else connection
            talk = Talk(stream, self)
            going = True
            while going and (request := talk.request()):
                with self.lock:
                    self.received[request.path].append(request)
                going = self.behave(talk, request)
            stream.close()
        except (OSError, ValueError):
            # Broken off by the other side, often just as it should be.
            pass
        finally:
            with self.lock:
                self._open.discard(connection)
            connection.close()


def answer(status, *fields, body=b""):
    """A whole answer with that status and these header lines."""
    lines = [f"HTTP/1.1 {status} Whatever", *fields, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


class Authority:
    """Vouches for certificates, each of which goes into a file with its key."""

    def __init__(self, directory, name):
        # Here, so that campaigns without TLS do not need the package.
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.x509.oid import NameOID
        self.x509, self.hashes, self.serialization, self.ec, self.oid = x509, hashes, serialization, ec, NameOID
        self.directory, self.name = directory, name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._sign(name, self.key, None, (-10, 10), is_authority=True)
        self.path = directory / f"{name}.pem"
        self.path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def context(self, host, days=(-1, 1), vouch=True):
        """For a server that has a certificate for `host`, valid between these days from now; without `vouch` it vouches for itself."""
        key = self.ec.generate_private_key(self.ec.SECP256R1())
        certificate = self._sign(host, self.key if vouch else key, host, days, issuer=self.name if vouch else host, public=key)
        path = self.directory / f"{self.name}-{host}-{days[0]}-{days[1]}-{vouch}.pem"
        encoding = self.serialization.Encoding.PEM
        private = key.private_bytes(encoding, self.serialization.PrivateFormat.PKCS8, self.serialization.NoEncryption())
        path.write_bytes(private + certificate.public_bytes(encoding))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _sign(self, name, key, host, days, issuer=None, public=None, is_authority=False):
        import datetime
        now = datetime.datetime.now(datetime.timezone.utc)
        x509 = self.x509

        def called(text):
            return x509.Name([x509.NameAttribute(self.oid.COMMON_NAME, text)])
        builder = x509.CertificateBuilder().subject_name(called(name)).issuer_name(called(issuer or name))
        builder = builder.public_key((public or key).public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now + datetime.timedelta(days=days[0])).not_valid_after(now + datetime.timedelta(days=days[1]))
        builder = builder.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        if host:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        return builder.sign(key, self.hashes.SHA256())
