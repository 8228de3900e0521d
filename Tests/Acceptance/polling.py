"""Waiting for something to be seen, with a deadline: never for a time."""

import time

SECONDS = 30.0
PAUSE = 0.02


def eventually(what, probe, seconds=SECONDS):
    """Returns the first true result of `probe()`; fails when there is none within `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        seen = probe()
        if seen:
            return seen
        if time.monotonic() >= deadline:
            raise AssertionError(f"not seen within {seconds:g} s: {what} (last seen: {seen!r})")
        time.sleep(PAUSE)
