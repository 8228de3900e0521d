"""The signature doctor: `terima verify` names what went wrong, and its exit code says whether the signature holds."""

import json

import ppro_events
import signing
from service import AcceptanceTest

NOW = "2026-06-03T11:23:47Z"
THEN = 1780485827


class VerifyTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.service = self.terima()
        self.second = "canary-second-secret-0123456789"
        self.service.set(TERIMA_SIGNING_SECRETS=f"{self.service.signing_secret},{self.second}")
        self.service.secrets.add(self.second)
        self.body = ppro_events.simple()

    def header(self, secret=None, at=THEN, body=None):
        code = signing.code(self.body if body is None else body, secret or self.service.signing_secret, at)
        return f"{signing.CURRENT}: t={at},s={code}"

    def verify(self, header, body=None, code=0, **environment):
        """The diagnosis, from a file and from standard input; both must say the same."""
        body = self.body if body is None else body
        path = self.directory / "body"
        path.write_bytes(body)
        headers = [] if header is None else ["--header", header]
        common = ["--at", NOW, *headers]
        from_file = self.service.cli("verify", "--json", "--body", path, *common, code=code, **environment)
        piped = self.service.cli("verify", "--json", "--body", "-", *common, code=code, stdin=body, **environment)
        self.assertEqual(from_file.output, piped.output)
        text = self.service.cli("verify", "--body", path, *common, code=code, **environment).text
        self.assertEqual(text.startswith("The signature holds"), code == 0, text)
        [diagnosis] = from_file.rows()
        self.assertEqual((diagnosis["holds"], diagnosis["secrets"]), (code == 0, 2))
        return diagnosis, text

    def found(self, header, error, finding, body=None, secret=1, **environment):
        diagnosis, text = self.verify(header, body, code=1, **environment)
        self.assertEqual((diagnosis["error"], diagnosis["secret"]), (error, secret))
        self.assertEqual(diagnosis["findings"], [finding] if finding else [])
        return text

    def test_what_holds(self):
        for secret, position in ((self.service.signing_secret, 1), (self.second, 2)):
            diagnosis, text = self.verify(self.header(secret))
            self.assertEqual((diagnosis["scheme"], diagnosis["secret"], diagnosis["findings"]), ("PPRO-Signature", position, []))
            self.assertIn(f"secret {position} of 2", text)
            diagnosis, _ = self.verify(f"{signing.LEGACY}: {signing.legacy(self.body, secret)}")
            self.assertEqual((diagnosis["scheme"], diagnosis["secret"]), ("Webhook-Signature", position))
        upper, _ = self.verify(f"{signing.CURRENT.lower()}: t={THEN},s={signing.code(self.body, self.second, THEN).upper()}")
        self.assertEqual(upper["findings"], ["upper_case_hex"])

    def test_a_body_that_was_touched(self):
        self.found(self.header(), "signature_invalid", "body_gained_newline", self.body + b"\n")
        self.found(self.header(), "signature_invalid", "body_gained_newline", self.body + b"\r\n")
        self.found(self.header(body=self.body + b"\n"), "signature_invalid", "body_lost_newline")
        self.found(self.header(), "signature_invalid", "body_byte_order_mark", b"\xef\xbb\xbf" + self.body)
        lines = json.dumps(json.loads(self.body), indent=2).encode()
        self.found(self.header(body=lines), "signature_invalid", "body_line_ends", lines.replace(b"\n", b"\r\n"))

    def test_json_that_was_parsed_and_written_again(self):
        document = json.loads(self.body)
        compact = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
        for written in (json.dumps(document), json.dumps(document, indent=2), json.dumps(document, indent=4)):
            text = self.found(self.header(self.second, body=compact), "signature_invalid", "body_reserialised", written.encode(), secret=2)
            self.assertIn("parsed and written again", text)

    def test_secrets_that_are_wrong(self):
        text = self.found(self.header("another-secret"), "signature_invalid", None, secret=None)
        self.assertIn("none of the 2 secrets", text)
        self.found(self.header(self.second + "\n"), "signature_invalid", "secret_whitespace", secret=2)
        self.found(self.header(" " + self.second), "signature_invalid", "secret_whitespace", secret=2)

    def test_schemes_that_were_mixed_up(self):
        legacy, code = signing.legacy(self.body, self.second), signing.code(self.body, self.second, THEN)
        self.found(f"{signing.CURRENT}: {legacy}", "signature_malformed", "old_scheme_under_current_header", secret=2)
        self.found(f"{signing.LEGACY}: t={THEN},s={code}", "signature_malformed", "current_scheme_under_old_header", secret=2)
        self.found(f"{signing.LEGACY}: {legacy}", "signature_missing", "old_scheme_refused", secret=2, TERIMA_LEGACY_SIGNATURE="refuse")

    def test_what_is_stale_or_missing(self):
        for at, word in ((THEN - 73 * 3600, "older"), (THEN + 600, "ahead")):
            diagnosis, text = self.verify(self.header(at=at), code=1)
            self.assertEqual((diagnosis["error"], diagnosis["findings"]), ("signature_stale", []))
            self.assertIn("genuine", text)
            self.assertIn(word, text)
        diagnosis, _ = self.verify(None, code=1)
        self.assertEqual(diagnosis["error"], "signature_missing")
        diagnosis, _ = self.verify(f"{signing.CURRENT}: nonsense", code=1)
        self.assertEqual(diagnosis["error"], "signature_malformed")

    def test_exit_codes_of_what_is_not_a_verdict(self):
        missing = self.directory / "missing"
        self.assertIn("missing", self.service.cli("verify", "--body", missing, "--header", self.header(), code=66).error_text)
        self.service.cli("verify", "--header", self.header(), code=64)
        self.service.cli("verify", "--body", "-", "--header", "no colon", code=64)
        self.service.cli("verify", "--body", "-", "--header", self.header(), "--at", "noon", code=64)
        self.service.set(TERIMA_SIGNING_SECRETS=None)
        self.assertIn("TERIMA_SIGNING_SECRETS", self.service.cli("verify", "--body", "-", "--header", self.header(), code=78).error_text)
