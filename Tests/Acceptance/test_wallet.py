"""The wallet page of ppro-sandbox in a real browser: on a telephone and on a desk, decided, left, decided twice, too late."""

import json
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import rawhttp
from polling import eventually
from provider import MERCHANT, Provider
from service import AcceptanceTest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from browser import Browser  # noqa: E402

FITS = "document.documentElement.scrollWidth <= window.innerWidth"
SMALLEST_BUTTON = "Math.min(...[...document.querySelectorAll('button')].map(button => button.getBoundingClientRect().height))"
PRESS_TWICE = """(() => {
    const button = [...document.querySelectorAll('button')].find(each => each.innerText.startsWith('Approve'));
    button.click();
    button.click();
})()"""


class WalletTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.provider = Provider(self.directory / "provider", "canary-signing-wallet-0123456789")
        self.addCleanup(self.provider.close)

    def browser(self, width, height):
        browser = Browser(width, height)
        self.addCleanup(browser.close)
        return browser

    def call(self, method, path, document=None):
        headers = [("Authorization", f"Bearer {self.provider.key}"), ("Merchant-Id", MERCHANT)]
        body = b""
        if document is not None:
            headers += [("Content-Type", "application/json"), ("Request-Idempotency-Key", str(uuid.uuid4()))]
            body = json.dumps(document).encode()
        answer = rawhttp.exchange(self.provider.port, rawhttp.request(method, path, headers, body))
        self.assertEqual(answer.status, 200, answer)
        return json.loads(answer.body)

    def charge(self, order="KOPI-4711"):
        """A new Jenius Pay charge and the link to its page; customers come back to the provider's own list of charges."""
        charge = self.call("POST", "/v1/payment-charges", {
            "paymentMethod": "JENIUS_PAY", "merchantPaymentChargeReference": f"pay-{order}", "amount": {"value": 1_000_000, "currency": "IDR"},
            "consumer": {"name": "Siti Rahayu", "email": "siti@example.com", "phone": "+6281234567890", "country": "ID"},
            "order": {"orderReferenceNumber": order, "orderItems": [{"name": "Kopi", "quantity": 1, "amount": 1_000_000}],
                      "shippingAddress": {"street": "Jalan Melati 7", "postalCode": "12950", "city": "Jakarta", "country": "ID"}},
            "authenticationSettings": [{"type": "REDIRECT", "settings": {"returnUrl": f"{self.provider.url}/?back"}}]})
        # The link repeats the Host of the request, which names no port here.
        path = urlsplit(charge["authenticationMethods"][0]["details"]["requestUrl"]).path
        return charge["id"], self.provider.url + path

    def now(self, charge):
        return self.call("GET", f"/v1/payment-charges/{charge}")

    def test_it_fits_telephones_and_desks(self):
        _, link = self.charge("A" * 80)
        for width, height in ((320, 568), (390, 844), (1280, 800)):
            with self.subTest(f"{width} by {height}"):
                browser = self.browser(width, height)
                browser.goto(link)
                text = browser.text()
                for words in ("IDR", "10,000.00", "A" * 80, "Approve", "Decline", "Abandon"):
                    self.assertIn(words, text)
                self.assertTrue(browser.value(FITS), "it scrolls sideways")
                self.assertGreaterEqual(browser.value(SMALLEST_BUTTON), 44)

    def test_each_button_does_what_it_says(self):
        browser = self.browser(390, 844)
        for button, status in (("Approve", "CAPTURED"), ("Decline", "FAILED"), ("Abandon", "AUTHENTICATION_PENDING")):
            with self.subTest(button):
                charge, link = self.charge(f"order-{button}")
                browser.goto(link)
                browser.click(button)
                self.assertEqual(browser.value("location.href"), f"{self.provider.url}/?back")
                eventually(f"the charge is {status}", lambda: self.now(charge)["status"] == status)

    def test_two_presses_pay_once(self):
        charge, link = self.charge()
        browser = self.browser(390, 844)
        browser.goto(link)
        browser.value(PRESS_TWICE)
        browser.until("the browser is back at the shop", lambda: browser.value("location.href").endswith("/?back"))
        eventually("it is captured", lambda: self.now(charge)["status"] == "CAPTURED")
        self.assertEqual([capture["amount"] for capture in self.now(charge)["captures"]], [1_000_000])

    def test_who_comes_too_late_is_told_so(self):
        charge, link = self.charge()
        browser = self.browser(390, 844)
        browser.goto(link)
        # Declined in another window meanwhile.
        self.provider.decide(link, "decline")
        browser.click("Approve")
        browser.until("the page tells it", lambda: "declined" in browser.text())
        self.assertEqual(self.now(charge)["status"], "FAILED")

    def test_what_shops_write_is_only_shown(self):
        _, link = self.charge('<img src=x onerror="window.hurt = true"><b>order</b>')
        browser = self.browser(1280, 800)
        browser.goto(link)
        self.assertIn('<img src=x onerror="window.hurt = true"><b>order</b>', browser.text())
        self.assertFalse(browser.value("window.hurt === true"))
