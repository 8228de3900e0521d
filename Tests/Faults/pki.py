"""Authorities, certificates and keys, made with openssl."""

import subprocess

EXTENSIONS = "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n"


def openssl(*arguments, stdin=b"", code=0):
    """Runs openssl; returns what it printed, both streams together."""
    done = subprocess.run(
        ["openssl", *map(str, arguments)], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30, check=False)
    if code is not None and done.returncode != code:
        raise AssertionError(f"openssl {arguments[0]} ended with {done.returncode}: {done.stdout.decode()}")
    return done.stdout.decode(errors="replace")


class Authority:
    """Signs certificates into a directory of its own."""

    def __init__(self, directory, name="authority"):
        directory.mkdir()
        self.directory = directory
        self.key, self.certificate = self._key("ca"), directory / "ca.pem"
        openssl("req", "-x509", "-new", "-key", self.key, "-days", "30", "-subj", f"/CN={name}", "-out", self.certificate)

    def issue(self, name, days=60):
        """Returns the paths of a certificate for localhost and of its key."""
        key, request, certificate = self._key(name), self.directory / f"{name}.csr", self.directory / f"{name}.pem"
        extensions = self.directory / "extensions"
        extensions.write_text(EXTENSIONS)
        openssl("req", "-new", "-key", key, "-subj", f"/CN={name}", "-out", request)
        openssl(
            "x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial", "-days", days,
            "-extfile", extensions, "-out", certificate)
        return certificate, key

    def _key(self, name):
        key = self.directory / f"{name}.key"
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key)
        key.chmod(0o600)
        return key


def fingerprint(certificate):
    return openssl("x509", "-in", certificate, "-noout", "-fingerprint", "-sha256").strip()


def served_fingerprint(port):
    """Of the certificate that a server shows, as openssl's own client sees it."""
    shown = openssl("s_client", "-connect", f"127.0.0.1:{port}", "-servername", "localhost", code=None)
    begin, end = shown.index("-----BEGIN CERTIFICATE-----"), shown.index("-----END CERTIFICATE-----")
    return openssl("x509", "-noout", "-fingerprint", "-sha256", stdin=(shown[begin:end] + "-----END CERTIFICATE-----\n").encode()).strip()
