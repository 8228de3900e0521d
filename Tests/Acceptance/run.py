"""Runs the checks: run.py [NAME...], where a name is a file's (test_crash) or part of a test's. Fails when a check fails, is skipped, or none was run."""

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
        verdict = "FAILED" if any(owner(each) is test for each, _ in self.failures + self.errors) else "ok"
        self.stream.writeln(f"{verdict:6} {time.monotonic() - self.began:6.1f} s  {module.split('.')[0]}: {name[5:].replace('_', ' ')}")
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


def main(names):
    found = list(flat(unittest.defaultTestLoader.discover(str(Path(__file__).parent))))
    chosen = [test for test in found if not names or any(name in test.id() for name in names)]
    runner = unittest.TextTestRunner(stream=sys.stdout, resultclass=Report, verbosity=0)
    result = runner.run(unittest.TestSuite(chosen))
    failed = len({owner(test).id() for test, _ in result.failures + result.errors})
    failed += len(result.skipped) + len(result.expectedFailures) + len(result.unexpectedSuccesses)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return 0 if result.testsRun > 0 and failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
