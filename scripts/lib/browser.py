#!/usr/bin/env python3
"""Drives a real headless Chromium, step by step, over its DevTools pipe (no driver, no websocket: two file descriptors and JSON).

    browser.py [--size 390x844] STEP...

    goto URL        opens the page and waits until it has loaded
    click TEXT      clicks the button or link whose text begins so, and goes where it leads
    expect REGEX    waits until the page's visible text matches
    shot FILE       writes a PNG of what is visible
    text            prints the page's address and its visible text

Exit code 0 when every step was done, 1 when not, with the step and the page on standard error.
"""

import argparse
import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

LIMIT = 30.0


class Failed(Exception):
    pass


class Browser:
    def __init__(self, width, height):
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if not program:
            raise Failed("there is no chromium; install Debian's package chromium")
        self.profile = tempfile.mkdtemp(prefix="terima-browser-")
        their_input, self.out = os.pipe()
        self.inp, their_output = os.pipe()
        # --no-sandbox: the pages are our own, and Chromium refuses to run as root otherwise.
        command = [
            program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
            "--disable-background-networking", f"--user-data-dir={self.profile}", f"--window-size={width},{height}", "--remote-debugging-pipe",
        ]

        def give_pipe():
            # Chromium reads from descriptor 3 and writes to 4; by way of numbers that neither pipe has.
            read_end, write_end = os.dup2(their_input, 103), os.dup2(their_output, 104)
            os.dup2(read_end, 3)
            os.dup2(write_end, 4)

        # In a session of its own, so that its children can be ended with it; what it leaves in TMPDIR goes with the profile.
        self.process = subprocess.Popen(
            command, preexec_fn=give_pipe, close_fds=False, start_new_session=True, env=os.environ | {"TMPDIR": self.profile},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(their_input)
        os.close(their_output)
        self.buffer = b""
        self.number = 0
        self.session = None
        try:
            self.attach(width, height)
        except BaseException:
            self.close()
            raise

    def attach(self, width, height):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if width < 600 else 1, mobile=width < 600)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.buffer:
                piece = os.read(self.inp, 1 << 16)
                if not piece:
                    raise Failed("chromium has ended")
                self.buffer += piece
            line, self.buffer = self.buffer.split(b"\0", 1)
            answer = json.loads(line)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise Failed(f"{method}: {answer['error'].get('message')}")
                return answer["result"]

    def value(self, script):
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in result:
            return None
        return result["result"].get("value")

    def until(self, what, check):
        end = time.monotonic() + LIMIT
        while True:
            found = check()
            if found:
                return found
            if time.monotonic() > end:
                raise Failed(f"{what} (within {LIMIT:.0f} s); the page at {self.value('location.href')} says:\n{self.text()}")
            time.sleep(0.02)

    def text(self):
        return self.value("document.body ? document.body.innerText : ''") or ""

    def goto(self, url):
        error = self.call("Page.navigate", url=url).get("errorText")
        if error:
            raise Failed(f"{url} does not open: {error}")
        self.until(f"{url} loads", lambda: self.value("document.readyState === 'complete' && location.href !== 'about:blank'"))

    def click(self, label):
        script = """(() => {
            const wanted = [...document.querySelectorAll('button, a, input[type=submit]')].find(e => (e.innerText || e.value).trim().startsWith(LABEL));
            if (!wanted) return false;
            window.beforeClick = true;
            wanted.click();
            return true;
        })()""".replace("LABEL", json.dumps(label))
        self.until(f"there is a button {label!r}", lambda: self.value(script))
        # The page that comes does not know the mark that was set on this one.
        self.until(f"{label!r} leads somewhere", lambda: self.value("!window.beforeClick && document.readyState === 'complete'"))

    def shot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def close(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        # A child that is ending may still write.
        end = time.monotonic() + LIMIT
        while os.path.exists(self.profile) and time.monotonic() < end:
            shutil.rmtree(self.profile, ignore_errors=True)
            time.sleep(0.02)


def run(browser, steps):
    steps = iter(steps)
    for step in steps:
        if step == "goto":
            browser.goto(next(steps))
        elif step == "click":
            browser.click(next(steps))
        elif step == "expect":
            pattern = next(steps)
            browser.until(f"the page says {pattern!r}", lambda: re.search(pattern, browser.text()))
        elif step == "shot":
            browser.shot(next(steps))
        elif step == "text":
            print(browser.value("location.href"))
            print(browser.text())
        else:
            raise Failed(f"unknown step {step!r}; see the beginning of {sys.argv[0]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="390x844")
    parser.add_argument("steps", nargs="+", metavar="STEP")
    arguments = parser.parse_args()
    browser = None
    try:
        browser = Browser(*(int(side) for side in arguments.size.split("x")))
        run(browser, arguments.steps)
    except (Failed, StopIteration) as problem:
        print(f"browser.py: {problem or 'the last step lacks its argument'}", file=sys.stderr)
        return 1
    finally:
        if browser:
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
