import http.client, json, sys, urllib.parse, urllib.request

def payment(order, terima: str, token: str) -> str:
    """What to tell a customer who comes back from paying: paid, failed, pending (still being confirmed) or wrong (somebody must look).

    `order` is the shop's own record: the reference it was paid under (merchantPaymentChargeReference), the amount in minor units, the currency.
    """
    url = f"{terima}/v1/charges/{urllib.parse.quote(order['reference'], safe='')}?wait=30s"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=40) as answer:
            if answer.status != 200:
                return "pending"  # nothing yet (204)
            charge = json.load(answer)
    except (OSError, http.client.HTTPException, ValueError) as problem:
        print("terima:", getattr(problem, "code", type(problem).__name__), file=sys.stderr)  # 401: the token is wrong
        return "pending"  # no answer: the payment may still have worked
    sums = {"paid": charge["captured"], "authorized": charge["authorized"]}
    if charge["result"] in sums:
        is_right = (sums[charge["result"]], charge["currency"]) == (order["amount"], order["currency"])
        return "paid" if is_right else "wrong"
    return "failed" if charge["result"] in ("failed", "canceled", "refunded") else "pending"
