"""TLS on the receiver, and secrets that change while webhooks come: nobody who should not be is let in, and no webhook is lost on the way."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time

import rawhttp
import signing
from pki import Authority, fingerprint, openssl, served_fingerprint
from polling import eventually
from ppro_events import ChargeStory
from programs import BINARIES, endpoint_secret, free_port
from service import WEBHOOKS, AcceptanceTest
from shop import Shop
from standardwebhooks import Webhook, WebhookVerificationError

LONG = "TERIMA_ACCEPTANCE_LONG" in os.environ
SENDERS = 4


class Connection(rawhttp.Connection):
    """One connection over TLS; `receive` and all else as without."""

    def __init__(self, port, context):
        super().__init__(port)
        self.socket = context.wrap_socket(self.socket, server_hostname="localhost", suppress_ragged_eofs=False)


class TLSTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        if shutil.which("openssl") is None:
            self.skipTest("there is no openssl")
        self.authority = Authority(self.directory / "pki")
        self.certificate, self.key = self.directory / "tls.pem", self.directory / "tls.key"
        self.install(*self.authority.issue("first"))

    def install(self, certificate, key):
        """Puts a certificate and its key in their places, as programs that renew them do: another file takes the old one's place."""
        for source, place in ((certificate, self.certificate), (key, self.key)):
            passing = place.with_suffix(".new")
            shutil.copy(source, passing)
            passing.rename(place)

    def encrypted(self, **settings):
        return self.terima(TERIMA_TLS_CERTIFICATE_FILE=str(self.certificate), TERIMA_TLS_KEY_FILE=str(self.key), **settings)

    def context(self, version=None, identity=None):
        context = ssl.create_default_context(cafile=self.authority.certificate)
        if version:
            context.minimum_version = context.maximum_version = version
        if identity:
            context.load_cert_chain(*identity)
        return context

    def send(self, service, context, name, secret=None):
        """Sends a signed webhook on a connection of its own."""
        with Connection(service.port, context) as connection:
            connection.send(webhook(charge(name), secret or service.signing_secret))
            return connection.receive().status


def charge(name):
    """A webhook about a charge of its own."""
    return ChargeStory(name, 0).created(1000).bodies[0]


def webhook(body, secret):
    return rawhttp.request("POST", WEBHOOKS, [(signing.CURRENT, signing.current(body, secret))], body)


def hang_up(service):
    service.running.process.send_signal(signal.SIGHUP)


def wait_for_line(service, written, message):
    return eventually(message, lambda: next((line for line in service.said(written) if line.get("message", "").startswith(message)), None))


class VersionsAndClients(TLSTest):
    def test_tls_1_2_and_1_3_are_spoken_and_nothing_else(self):
        service = self.encrypted()
        service.start()
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.context(version)
            context.set_alpn_protocols(["h2", "http/1.1"])
            with Connection(service.port, context) as connection:
                self.assertEqual(connection.socket.selected_alpn_protocol(), "http/1.1")
                self.assertEqual(connection.socket.version(), version.name.replace("_", "."))
                connection.send(webhook(charge(version.name), service.signing_secret))
                self.assertEqual(connection.receive().status, 202)
                # The end is one of TLS, not only one of TCP: Python says so by an empty read, and by an error otherwise.
                connection.send(rawhttp.request("GET", "/healthz", [("Connection", "close")]))
                self.assertEqual(connection.receive().status, 200)
                self.assertEqual(connection.socket.recv(1), b"")
        old = ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"]
        refused = openssl("s_client", "-connect", f"127.0.0.1:{service.port}", *old, code=1)
        self.assertIn("alert protocol version", refused)
        self.assertIn("Cipher is (NONE)", refused)
        # The control: this client does speak TLS 1.1.
        self.assertIn("Protocol  : TLSv1.1", self.from_a_server_that_speaks_it(old))
        with socket.create_connection(("127.0.0.1", service.port), timeout=20) as plain:
            plain.sendall(webhook(charge("plain"), service.signing_secret))
            self.assertNotIn(b"HTTP", read_to_end(plain))
        self.assertEqual(service.status()["receiver"]["refused"], {"tls_handshake_failed": 2})
        self.assertEqual(len(service.events()), 2)
        [line] = [line for line in service.said() if line.get("message") == "Requests refused"][:1]
        self.assertEqual((line["from"], line["tls_handshake_failed"]), ("127.0.0.1", "1"))

    def from_a_server_that_speaks_it(self, old):
        port = free_port()
        with subprocess.Popen(
                ["openssl", "s_server", "-accept", str(port), "-cert", self.certificate, "-key", self.key, *old],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                return eventually("an answer over TLS 1.1", lambda: said_by(port, old))
            finally:
                server.kill()

    def test_only_clients_of_the_authority_are_served(self):
        stranger = Authority(self.directory / "strangers", "another authority").issue("stranger")
        proxy = self.authority.issue("proxy")
        service = self.encrypted(TERIMA_TLS_CLIENT_CA_FILE=str(self.authority.certificate))
        service.start()
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            self.assertEqual(self.send(service, self.context(version, proxy), version.name), 202)
            for identity in (stranger, None):
                with self.assertRaises((ssl.SSLError, ConnectionError)):
                    self.send(service, self.context(version, identity), f"{version.name}-refused")
        self.assertEqual(service.status()["receiver"]["refused"], {"tls_handshake_failed": 4})
        self.assertEqual(len(service.events()), 2)
        service.stop()
        # The control: without the check the same clients are let in.
        service.set(TERIMA_TLS_CLIENT_CA_FILE=None)
        service.start()
        for number, identity in enumerate((stranger, None)):
            self.assertEqual(self.send(service, self.context(identity=identity), f"control-{number}"), 202)

    def test_files_that_do_not_fit_are_refused_by_name(self):
        other = self.authority.issue("other")[1]
        encrypted = self.directory / "encrypted.key"
        openssl("pkcs8", "-topk8", "-in", self.key, "-passout", "pass:secret", "-out", encrypted)
        junk = self.directory / "junk.pem"
        junk.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        service = self.encrypted()
        for variable, path, problem in (
                ("TERIMA_TLS_CERTIFICATE_FILE", junk, "has no certificate in PEM form"),
                ("TERIMA_TLS_CERTIFICATE_FILE", self.directory / "none", "the file cannot be read: No such file or directory"),
                ("TERIMA_TLS_CERTIFICATE_FILE", None, "must be set: TLS needs certificate and key"),
                ("TERIMA_TLS_KEY_FILE", self.certificate, "has no private key in PEM form"),
                ("TERIMA_TLS_KEY_FILE", encrypted, "has a passphrase"),
                ("TERIMA_TLS_KEY_FILE", other, "is not the key of the certificate in"),
                ("TERIMA_TLS_KEY_FILE", None, "must be set: TLS needs certificate and key"),
                ("TERIMA_TLS_CLIENT_CA_FILE", self.key, "has no certificate in PEM form")):
            with self.subTest(variable, problem=problem):
                changed = {variable: str(path)} if path else {}
                environment = {name: value for name, value in service.environment.items() if path or name != variable} | changed
                command = subprocess.run(
                    [str(BINARIES / "terima"), "serve", "--config", str(service.configuration)], env=environment, capture_output=True, timeout=60, check=False)
                self.assertEqual(command.returncode, 78, command.stderr)
                said = command.stderr.decode()
                self.assertTrue(said.startswith(f"terima: configuration: {variable}: "), said)
                self.assertIn(problem, said)
                self.assertFalse(service.database.exists())


class Handshakes(TLSTest):
    def test_silent_and_slow_handshakes_end(self):
        """They hold every place there is, for as long as a header may take; then the honest client has its turn."""
        places = 400 if LONG else 60
        service = self.encrypted(TERIMA_MAXIMUM_CONNECTIONS=str(places))
        service.start()
        context = self.context()
        self.assertEqual(self.send(service, context, "before"), 202)
        began = time.monotonic()
        silent = [socket.create_connection(("127.0.0.1", service.port), timeout=30) for _ in range(places)]
        hello = client_hello()
        halting = silent[: places // 2]
        stop = threading.Event()

        def drip():
            for octet in hello[:-1]:
                for one in halting:
                    try:
                        one.sendall(bytes([octet]))
                    except OSError:
                        return
                if stop.wait(0.5):
                    return

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            self.assertEqual(self.send(service, context, "meanwhile"), 202)
            waited = time.monotonic() - began
            self.assertGreater(waited, 5, "the places were taken: without that nothing is shown")
            self.assertLess(waited, 15)
            for one in silent:
                read_to_end(one)
        finally:
            stop.set()
            dripping.join()
            for one in silent:
                one.close()
        self.assertLess(time.monotonic() - began, 15)
        # The control: who has shaken hands may be silent for longer than that.
        with Connection(service.port, context) as quiet:
            time.sleep(11)
            quiet.send(webhook(charge("late"), service.signing_secret))
            self.assertEqual(quiet.receive().status, 202)


class Certificates(TLSTest):
    def test_a_new_certificate_is_taken_at_sighup_and_by_itself(self):
        service = self.encrypted()
        service.start()
        first = fingerprint(self.certificate)
        self.assertEqual(served_fingerprint(service.port), first)
        context = self.context()
        with Senders(service, lambda: Connection(service.port, context)) as senders:
            self.install(*self.authority.issue("second"))
            second = fingerprint(self.certificate)
            self.assertNotEqual(second, first)
            self.assertEqual(served_fingerprint(service.port), first, "nothing has told it yet")
            written = service.log.stat().st_size
            hang_up(service)
            wait_for_line(service, written, "TLS files were read again: the TLS certificate is valid until ")
            self.assertEqual(served_fingerprint(service.port), second)
            # A key of another certificate: the old one stays, with SIGHUP and without.
            self.key.write_bytes(self.authority.issue("third")[1].read_bytes())
            written = service.log.stat().st_size
            hang_up(service)
            line = wait_for_line(service, written, "secrets cannot be read again, those from before stay in use")
            self.assertEqual((line["level"], line["code"]), ("error", "bad_value"))
            self.assertIn("TERIMA_TLS_KEY_FILE", line["error"])
            self.assertEqual(served_fingerprint(service.port), second)
            written = service.log.stat().st_size
            self.certificate.write_bytes(self.directory.joinpath("pki", "third.pem").read_bytes())
            wait_for_line(service, written, "TLS files were read again: the TLS certificate is valid until ")
            self.assertEqual(served_fingerprint(service.port), fingerprint(self.certificate))
            senders.go_on(100)
        self.assertEqual(senders.refused, [])
        service.settle()
        self.assertEqual(service.status()["events"]["lastSeq"], senders.accepted)
        self.assertEqual(service.status()["attention"], [])
        # Less than three weeks: a person should know.
        self.install(*self.authority.issue("short", days=5))
        hang_up(service)
        status = eventually("the warning", lambda: (status := service.status()) and status["attention"] and status)
        self.assertIn("for 4 days", status["attention"][0]["problem"])
        checked = service.cli("check", code=None).text
        self.assertIn("warn tls ", checked)


class Rotation(TLSTest):
    def test_secrets_are_rotated_without_losing_a_webhook(self):
        """Under load over TLS: signing secret and endpoint secret overlap, one after the other; every webhook is taken, every notification verifies."""
        shop = Shop()
        self.addCleanup(shop.close)
        service = self.encrypted(endpoints={"shop": shop.url})
        files = {name: self.directory / f"{name}.secret" for name in ("signing", "shop")}
        service.set(
            TERIMA_SIGNING_SECRETS=None, TERIMA_SIGNING_SECRETS_FILE=str(files["signing"]), TERIMA_ENDPOINT_SHOP_SECRET=None,
            TERIMA_ENDPOINT_SHOP_SECRET_FILE=str(files["shop"]))
        ours, shops = [service.signing_secret], [service.endpoint_secrets["shop"]]

        def reload():
            files["signing"].write_text("\n".join(ours) + "\n")
            files["shop"].write_text(",".join(shops))
            if service.running:
                written = service.log.stat().st_size
                hang_up(service)
                wait_for_line(service, written, "secrets were read again")

        reload()
        service.start()
        context = self.context()
        rounds = 20 if LONG else 2
        # From which notification on the shop knows which secrets.
        known = [(0, list(shops))]
        with Senders(service, lambda: Connection(service.port, context)) as senders:
            for number in range(1, rounds + 1):
                new, shop_new = f"canary-signing-round-{number}-0123456789", endpoint_secret(f"round {number}")
                service.secrets.update((new, shop_new))
                known.append((len(shop.notifications()), shops + [shop_new]))
                ours, shops = [new] + ours, shops + [shop_new]
                reload()
                senders.go_on(100)
                [fresh, used] = service.status()["receiver"]["signingSecrets"]
                self.assertEqual((fresh["position"], fresh["lastUsedAt"], used["position"]), (1, None, 2))
                self.assertIsNotNone(used["lastUsedAt"])
                senders.secret = new
                senders.go_on(100)
                [fresh, used] = service.status()["receiver"]["signingSecrets"]
                self.assertIsNotNone(fresh["lastUsedAt"])
                self.assertLessEqual(used["lastUsedAt"], fresh["lastUsedAt"])
                self.assertEqual(service.status()["endpoints"][0]["secrets"], 2)
                # The shop lets its old secret go first; then terima does.
                known.append((len(shop.notifications()), [shop_new]))
                senders.go_on(100)
                ours, shops = [new], [shop_new]
                reload()
                senders.go_on(100)
                self.assertEqual(service.status()["endpoints"][0]["secrets"], 1)
            self.assertEqual(self.send(service, context, "old", service.signing_secret), 401, "the old one is gone")
        self.assertEqual(senders.refused, [])
        service.settle()
        told = shop.notifications()
        self.assertEqual(service.status()["events"]["lastSeq"], senders.accepted)
        self.assertEqual(len({one.id for one in told}), senders.accepted)
        self.assertEqual(unverified(told, known), [])
        self.control(service, context, told, known, files["signing"])

    def control(self, service, context, told, known, file):
        """Without the overlap both checks fail: webhooks signed with the other secret are lost, notifications do not verify."""
        self.assertNotEqual(unverified(told, [(0, known[0][1])]), [])
        with Senders(service, lambda: Connection(service.port, context), secret=file.read_text().strip()) as senders:
            file.write_text("canary-signing-without-overlap-0123456789")
            hang_up(service)
            eventually("a lost webhook", lambda: senders.refused)
        self.assertEqual(set(senders.refused), {401})

    def test_a_bad_secret_keeps_all_as_they_were(self):
        service = self.encrypted(endpoints={"shop": "http://127.0.0.1:1/"})
        files = {name: self.directory / f"{name}.secret" for name in ("signing", "shop")}
        files["signing"].write_text(service.signing_secret)
        files["shop"].write_text(service.endpoint_secrets["shop"])
        service.set(
            TERIMA_SIGNING_SECRETS=None, TERIMA_SIGNING_SECRETS_FILE=str(files["signing"]), TERIMA_ENDPOINT_SHOP_SECRET=None,
            TERIMA_ENDPOINT_SHOP_SECRET_FILE=str(files["shop"]))
        service.start()
        context = self.context()
        new = "canary-signing-next-0123456789"
        service.secrets.add(new)
        files["signing"].write_text(new)
        for number, (path, content) in enumerate(((files["shop"], "whsec_canarynotbase64!"), (files["shop"], ""), (files["signing"], ""))):
            kept = path.read_text()
            path.write_text(content)
            written = service.log.stat().st_size
            hang_up(service)
            line = wait_for_line(service, written, "secrets cannot be read again, those from before stay in use")
            self.assertEqual(line["level"], "error")
            self.assertIn("_FILE", line["error"])
            self.assertEqual(self.send(service, context, f"old-{number}"), 202)
            self.assertEqual(self.send(service, context, f"new-{number}", new), 401)
            path.write_text(kept)
        hang_up(service)
        eventually("the new secret is taken", lambda: self.send(service, context, "new", new) in (200, 202))
        self.assertEqual(self.send(service, context, "late", service.signing_secret), 401)


class Refusals(AcceptanceTest):
    def test_the_log_says_who_was_refused(self):
        for proxies, sender in (("127.0.0.0/8", "198.51.100.7"), (None, "127.0.0.1")):
            service = self.started(f"behind-{sender}", TERIMA_TRUSTED_PROXIES=proxies)
            forged = [(signing.CURRENT, "t=1,s=00"), ("X-Forwarded-For", "1.1.1.1, 198.51.100.7")]
            for number in range(500):
                self.assertEqual(service.post(charge(f"forged-{number}"), forged).status, 401)
            # What is signed is taken, whatever else is said.
            body = charge("signed")
            signed = [(signing.CURRENT, signing.current(body, service.signing_secret)), ("X-Forwarded-For", "nonsense")]
            self.assertEqual(service.post(body, signed).status, 202)
            service.stop()
            lines = [line for line in service.said() if line.get("message") == "Requests refused"]
            self.assertEqual({line["from"] for line in lines}, {sender})
            self.assertEqual(sum(int(line["signature_malformed"]) for line in lines), 500)
            self.assertLess(len(lines), 10)


class Senders:
    """Some clients that send new webhooks without end, each on a connection that it keeps for a while."""

    def __init__(self, service, connect, secret=None):
        self.secret = secret or service.signing_secret
        self.refused = []
        self.accepted = 0
        self._connect, self._lock, self._stop = connect, threading.Lock(), threading.Event()
        self._name = time.monotonic_ns()
        self._threads = [threading.Thread(target=self._send, args=(number,)) for number in range(SENDERS)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def go_on(self, count):
        """Returns when so many more were answered."""
        goal = self.accepted + len(self.refused) + count
        eventually(f"{count} more answers", lambda: self.accepted + len(self.refused) >= goal)

    def _send(self, number):
        sent = 0
        while not self._stop.is_set():
            try:
                with self._connect() as connection:
                    for _ in range(25):
                        sent += 1
                        connection.send(webhook(charge(f"{self._name}-{number}-{sent}"), self.secret))
                        status = connection.receive().status
                        with self._lock:
                            if status == 202:
                                self.accepted += 1
                            else:
                                self.refused.append(status)
                        if self._stop.wait(0.005):
                            break
            except OSError as error:
                with self._lock:
                    self.refused.append(repr(error))


def unverified(told, known):
    """The places of notifications that verify with none of the secrets which the shop knew when they came. `known`: from which place on, and which."""
    wrong = []
    for place, notification in enumerate(told):
        secrets = [secrets for start, secrets in known if start <= place][-1]
        if not any(verifies(notification, secret) for secret in secrets):
            wrong.append(place)
    return wrong


def verifies(notification, secret):
    try:
        Webhook(secret).verify(notification.body, notification.headers)
        return True
    except WebhookVerificationError:
        return False


def client_hello():
    """What a client says first."""
    outgoing = ssl.MemoryBIO()
    context = ssl.create_default_context()
    try:
        context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="localhost").do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def said_by(port, options):
    said = openssl("s_client", "-connect", f"127.0.0.1:{port}", *options, code=None)
    return said if "Cipher is ECDHE" in said else None


def read_to_end(connection):
    octets = b""
    try:
        while more := connection.recv(4096):
            octets += more
    except ConnectionResetError:
        pass
    return octets

