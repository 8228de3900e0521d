"""The order of arrival does not matter, and repeats do not: the same events make the same charges."""

import os

import lives
from service import AcceptanceTest

LONG = "TERIMA_ACCEPTANCE_LONG" in os.environ
LIFE = ["--outcome", "paid", "--outcome", "declined", "--outcome", "timeout", "--charges", 60]


class OrderTest(AcceptanceTest):
    def test_shuffled_and_repeated_lives_give_the_charges_of_the_same_lives_in_order(self):
        for seed in range(1, 13 if LONG else 3):
            with self.subTest(seed=seed):
                self.compare(seed, repeat=2 + seed % 2)

    def compare(self, seed, repeat):
        arguments = [*LIFE, "--seed", seed]
        events = lives.plan(*arguments)
        ordered, shuffled = self.started(f"ordered{seed}"), self.started(f"shuffled{seed}")
        summary = self.play(ordered, *arguments)
        self.assertEqual((summary["accepted"], summary["duplicates"]), (len(events), 0))
        summary = self.play(shuffled, *arguments, "--shuffle", "--repeat", repeat, "--scheme", "both")
        self.assertEqual((summary["accepted"], summary["duplicates"]), (len(events), len(events) * (repeat - 1)))
        for service in (ordered, shuffled):
            service.settle()
            lives.check_events(self, service, events)
            lives.check_outcome(self, service, events)
            lives.check_rebuild(self, service, 60)
        self.assertEqual(lives.settled_charges(shuffled), lives.settled_charges(ordered))
        # They did come in another order: not all of it was news when it came.
        self.assertEqual({row["outcome"] for row in ordered.events()}, {"advanced"})
        self.assertIn("late", {row["outcome"] for row in shuffled.events()})
        self.assertEqual({row["repeats"] for row in shuffled.events()}, {repeat - 1})
        for service in (ordered, shuffled):
            service.stop()
            # The database says the same while nobody runs it.
            lives.check_events(self, service, events)
