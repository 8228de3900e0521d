#!/usr/bin/env python3
"""The demo shop's return page: where customers come back to from the wallet. It says what became of their payment, with docs/examples/return-page.py.

    return_page.py --terima http://127.0.0.1:8081 --token-file api.token ORDER=AMOUNT...

ORDER is a merchantPaymentChargeReference, AMOUNT what it costs in minor units of IDR. Prints the address it listens on, then a line for each customer.
"""

import argparse
import http.server
import importlib.util
import pathlib
import time
import urllib.parse

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "docs/examples/return-page.py"
WORDS = {
    "paid": "Thank you, order {} is paid.",
    "failed": "Order {} was not paid. Nothing was taken from you.",
    "pending": "Order {} is still being confirmed. We will send you a message.",
    "wrong": "Something is wrong with order {}. Please call us.",
}


def load_example():
    specification = importlib.util.spec_from_file_location("return_page_example", EXAMPLE)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.payment


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--terima", required=True)
    parser.add_argument("--token-file", required=True)
    parser.add_argument("orders", nargs="+", metavar="ORDER=AMOUNT")
    arguments = parser.parse_args()
    token = pathlib.Path(arguments.token_file).read_text().strip()
    amounts = {reference: int(amount) for reference, amount in (order.split("=") for order in arguments.orders)}
    payment = load_example()

    class ReturnPage(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            reference = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query).get("order", [""])[0]
            if reference not in amounts:
                return self.send_error(404)
            began = time.monotonic()
            result = payment({"reference": reference, "amount": amounts[reference], "currency": "IDR"}, arguments.terima, token)
            print(f"{reference}: {result}, {1000 * (time.monotonic() - began):.0f} ms after the customer came back", flush=True)
            page = f"<!doctype html><meta charset=utf-8><title>Shop</title><h1>{WORDS[result].format(reference)}</h1>".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), ReturnPage)
    print(f"the return page listens on http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
