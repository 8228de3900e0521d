"""Runs the checks of a directory: run.py [--may-skip] DIRECTORY [NAME...], where a name is a file's (test_crash) or part of a test's.

Fails when a check fails or none was run; and when one is skipped, unless --may-skip says that this machine may lack something. A skipped check never counts as passed.
"""

import sys
import time
import unittest
from pathlib import Path


class Report(unittest.TextTestResult):
    """One line for each check, with the time it took."""

    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        module, _, name = test.id().rpartition(".")
        has_failed = any(owner(each) is test for each, _ in self.failures + self.errors)
        verdict = "FAILED" if has_failed else "skipped" if any(owner(each) is test for each, _ in self.skipped) else "ok"
        self.stream.writeln(f"{verdict:7} {time.monotonic() - self.began:6.1f} s  {module.split('.')[0]}: {name[5:].replace('_', ' ')}")
        self.stream.flush()


def owner(test):
    """The check that a failure belongs to; some are noted for a part of it."""
    return getattr(test, "test_case", test)


def flat(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from flat(each)
        else:
            yield each


def main(arguments):
    may_skip = "--may-skip" in arguments
    directory, *names = [each for each in arguments if each != "--may-skip"]
    # Campaigns share what the checks beside this file are made of.
    sys.path.insert(0, str(Path(__file__).parent))
    found = list(flat(unittest.defaultTestLoader.discover(directory)))
    chosen = [test for test in found if not names or any(name in test.id() for name in names)]
    runner = unittest.TextTestRunner(stream=sys.stdout, resultclass=Report, verbosity=0)
    result = runner.run(unittest.TestSuite(chosen))
    skipped = {owner(test).id(): reason for test, reason in result.skipped}
    for name, reason in skipped.items():
        print(f"skipped {name.rpartition('.')[2]}: {reason}")
    failed = len({owner(test).id() for test, _ in result.failures + result.errors})
    failed += len(result.expectedFailures) + len(result.unexpectedSuccesses)
    passed = result.testsRun - failed - len(skipped)
    print(f"{passed} passed, {failed} failed, {len(skipped)} skipped")
    return 0 if passed > 0 and failed == 0 and (may_skip or not skipped) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
