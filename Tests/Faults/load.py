"""Signed webhooks without end: paid charges, three events each, over connections that stay open. What was sent and what came back is all kept."""

import json
import threading
import time
from dataclasses import dataclass

import rawhttp
import signing
from polling import eventually
from ppro_events import SOURCE, ChargeStory
from service import WEBHOOKS

# Of the consumer in each charge's first event: none of it may ever stand in a log.
PERSONAL = ("Siti Nurhaliza", "siti@example.com", "+6281234567", "Jl. Sudirman")


@dataclass(frozen=True)
class Outcome:
    """One request. Without an answer `status` is None: nobody knows whether the event is stored."""

    identity: tuple
    began: float
    seconds: float
    status: int | None
    code: str | None = None
    retry_after: str | None = None

    @property
    def is_acknowledged(self):
        return self.status is not None and 200 <= self.status < 300


def paid_charge(name, number):
    """The bodies of one paid charge's events, in order."""
    story = ChargeStory(name, number % 100_000, "JENIUS_PAY", "IDR").created(10_000)
    story.charge("AUTHORIZATION_SUCCEEDED", "CAPTURE_PENDING", 10_000, authorizationId=f"authz_{name}")
    return story.charge("CAPTURE_SUCCEEDED", "CAPTURED", 10_000, captureId=f"capture_{name}").bodies


def identity(body):
    event = json.loads(body)
    return event["source"], event["id"]


class Load:
    """Runs from `start` to `stop`, or until each of its connections has told `charges` charges. All may be read at any time, from any thread.

    An event that is not acknowledged is sent again, as PPRO would, only sooner; without `repeats` each is sent once.
    `sent` maps identities to bodies, `acknowledged` holds those answered with 2xx, `outcomes` has every request.
    """

    def __init__(self, service, name="L", connections=4, pause=0.0, repeats=True, charges=None):
        self.service, self.name, self.pause, self.repeats, self.charges = service, name, pause, repeats, charges
        self._lock = threading.Lock()
        self._sent, self._acknowledged, self._outcomes = {}, set(), []
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(number,), daemon=True) for number in range(connections)]

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self):
        for thread in self._threads:
            thread.start()
        return self

    def stop(self):
        """No new request; waits for those under way."""
        self._stopping.set()
        self.join()

    def join(self, seconds=120.0):
        for thread in self._threads:
            thread.join(seconds)
            if thread.is_alive():
                raise AssertionError("the load does not end")

    @property
    def sent(self):
        with self._lock:
            return dict(self._sent)

    @property
    def acknowledged(self):
        with self._lock:
            return set(self._acknowledged)

    @property
    def outcomes(self):
        with self._lock:
            return list(self._outcomes)

    @property
    def count(self):
        """Events acknowledged so far."""
        with self._lock:
            return len(self._acknowledged)

    def wait_for(self, more, seconds=60.0):
        """Until so many more events are acknowledged."""
        goal = self.count + more
        eventually(f"{more} more acknowledgements", lambda: self.count >= goal, seconds)

    def _run(self, number):
        connection = None
        for body in self._bodies(number):
            who = identity(body)
            with self._lock:
                self._sent[who] = body
            while not self._stopping.is_set():
                connection, outcome = self._send(connection, who, body)
                with self._lock:
                    self._outcomes.append(outcome)
                    if outcome.is_acknowledged:
                        self._acknowledged.add(who)
                self._stopping.wait(self.pause if outcome.is_acknowledged else max(self.pause, 0.05))
                if outcome.is_acknowledged or not self.repeats:
                    break
        if connection:
            connection.socket.close()

    def _bodies(self, number):
        charge = 0
        while not self._stopping.is_set() and (self.charges is None or charge < self.charges):
            for body in paid_charge(f"{self.name}{number}x{charge}x", charge):
                if self._stopping.is_set():
                    return
                yield body
            charge += 1

    def _send(self, connection, who, body):
        """The connection to go on with, and what came of it."""
        began = time.monotonic()
        headers = [(signing.CURRENT, signing.current(body, self.service.signing_secret))]
        try:
            connection = connection or rawhttp.Connection(self.service.port)
            connection.send(rawhttp.request("POST", WEBHOOKS, headers, body))
            answer = connection.receive()
        except OSError:
            if connection:
                connection.socket.close()
            return None, Outcome(who, began, time.monotonic() - began, None)
        outcome = Outcome(
            who, began, time.monotonic() - began, answer.status, None if answer.status < 300 else answer.json().get("error"), answer.field("Retry-After"))
        if (answer.field("Connection") or "").lower() == "close":
            connection.socket.close()
            connection = None
        return connection, outcome


assert identity(paid_charge("A", 0)[0]) == (SOURCE, "evtA01")
