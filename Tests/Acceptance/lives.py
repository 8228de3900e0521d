"""What a play must come to, worked out from its bodies alone, and what a service made of it."""

import json
from collections import defaultdict

from programs import run

RESULTS = {"CAPTURED": "paid", "FAILED": "failed", "DISCARDED": "canceled"}


def plan(*arguments):
    """The distinct events of a play, by their identity (source, id)."""
    bodies = run("ppro-sandbox", "play", "--dry-run", *arguments).output.splitlines()
    events = [json.loads(body) for body in bodies]
    return {(event["source"], event["id"]): event for event in events}


def outcome(events):
    """Status, result, sums and reference of each charge: the last word and the amounts of what succeeded."""
    by_charge = defaultdict(list)
    for event in events.values():
        by_charge[event["subject"]].append(event)
    charges = {}
    for charge, told in by_charge.items():
        told.sort(key=lambda event: event["time"])
        last = told[-1]["data"]
        amounts = {event["type"]: event["data"]["amount"]["value"] for event in told}
        charges[charge] = {
            "status": last["paymentChargeStatus"], "result": RESULTS[last["paymentChargeStatus"]], "anomalies": 0,
            "authorized": amounts.get("PAYMENT_CHARGE_AUTHORIZATION_SUCCEEDED", 0),
            "captured": amounts.get("PAYMENT_CHARGE_CAPTURE_SUCCEEDED", 0),
            "orderReferenceNumber": last["orderReferenceNumber"],
            "failureCode": last.get("failure", {}).get("failureCode"), "createdAt": told[0]["time"], "updatedAt": told[-1]["time"]}
    return charges


def settled_charges(service):
    """The charges of a service without what depends on the order of arrival: their order, and how many changes there were."""
    return {row["id"]: {name: value for name, value in row.items() if name != "version"} for row in service.charges()}


def check_outcome(test, service, events):
    """The service holds exactly the charges that the events come to."""
    expected, found = outcome(events), settled_charges(service)
    test.assertEqual(set(found), set(expected))
    for charge, fields in expected.items():
        test.assertEqual({name: found[charge][name] for name in fields}, fields, charge)


def check_events(test, service, events):
    """The service holds exactly these events, each once, all applied, none in conflict."""
    rows = service.events()
    test.assertEqual(sorted((row["source"], row["id"]) for row in rows), sorted(events))
    test.assertEqual({(row["state"], row["conflicts"], row["error"]) for row in rows}, {("applied", 0, None)})
    test.assertEqual([row["seq"] for row in rows], list(range(len(rows), 0, -1)))


def check_rebuild(test, service, charges):
    [report] = service.cli("rebuild", "--check", "--json").rows()
    test.assertEqual((report["charges"], report["different"], report["ids"]), (charges, 0, []))
