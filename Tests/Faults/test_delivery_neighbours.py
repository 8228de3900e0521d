"""Of ten endpoints one is dead and one is slow: the others are told as fast as if all ten were well."""

import os
import statistics
import time

from polling import eventually
from programs import free_port
from service import AcceptanceTest
from shops import RawShop, answer

LONG = "TERIMA_ACCEPTANCE_LONG" in os.environ
PAIRS = 5 if LONG else 3
CHARGES = 400 if LONG else 60
OTHERS = [f"well{number}" for number in range(8)]


class DeliveryNeighboursTest(AcceptanceTest):
    def rate(self, name, troubled):
        """Notifications a second to the eight that are well, from the first to the last of them."""
        shop = RawShop(self.behave)
        self.addCleanup(shop.close)
        endpoints = {each: f"http://127.0.0.1:{shop.port}/{each}" for each in OTHERS}
        endpoints["dead"] = f"http://127.0.0.1:{free_port() if troubled else shop.port}/dead"
        endpoints["slow"] = f"http://127.0.0.1:{shop.port}/{'slow' if troubled else 'fine'}"
        # All is stored first, so that the load is the same and nothing but telling is measured.
        service = self.terima(name, endpoints)
        service.start("--receive-only")
        self.play(service, "--charges", CHARGES, "--seed", 7)
        expected = service.status()["events"]["received"] * len(OTHERS)
        service.stop()
        service.start()

        def told():
            return sum(len(shop.requests(f"/{each}")) for each in OTHERS)
        eventually("the others are told", lambda: told() >= expected, 120)
        requests = [one for each in OTHERS for one in shop.requests(f"/{each}")]
        self.assertEqual(len(requests), expected, "something was told twice")
        if troubled:
            # The trouble was there: the dead one was tried and got nothing, the slow one had its slots full.
            status = {each["name"]: each for each in service.status()["endpoints"]}
            self.assertGreater(status["dead"]["pending"], expected / 16)
            self.assertGreater(status["slow"]["pending"], expected / 16)
            self.assertGreaterEqual(len(shop.requests("/slow")), 16)
            self.assertTrue({row["lastError"] for row in service.deliveries("--endpoint", "dead")} & {"connection_refused"})
        service.kill()
        shop.close()
        times = [one.at for one in requests]
        return (len(times) - 1) / (max(times) - min(times))

    def behave(self, talk, request):
        if request.path == "/slow":
            time.sleep(2)
        talk.send(answer(204))
        return True

    def test_one_dead_and_one_slow_endpoint_of_ten_cost_the_others_nothing(self):
        self.rate("warm", False)
        ratios = []
        for number in range(PAIRS):
            # Interleaved, so that a machine that is busy meanwhile is busy for both.
            well, troubled = self.rate(f"well{number}", False), self.rate(f"troubled{number}", True)
            ratios.append(troubled / well)
            print(f"to the eight others: {well:.0f} a second with ten well, {troubled:.0f} with a dead and a slow one")
        self.assertGreaterEqual(statistics.median(ratios), 0.95, ratios)
