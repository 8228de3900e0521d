"""The power fails: ext4 on a loop device is shut down without writing its journal, so that what was not synced is gone.

What counts is what had been acknowledged when the shutdown began. It is not one moment, as a power cut is: a sync under way in it may succeed although its data
are given up, and then an acknowledgement goes out that a machine without power could not have sent.
"""

import re
import time

import oracle
from faulty import LONG, Disk, Faults, on
from load import Load
from service import AcceptanceTest

ROUNDS = 50 if LONG else 4


class PowerLossTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.disk = Disk(self)
        self.service = on(self.disk, self)

    def lose_power_under_load(self, name, events=30):
        """Returns the load, what it had acknowledged when the power went, and what it acknowledged while it went."""
        self.service.start()
        with Load(self.service, name=name, connections=4, repeats=False) as load:
            load.wait_for(events)
            began = time.monotonic()
            self.disk.lose_power()
        self.service.kill()
        self.disk.unmount()
        self.disk.mount()
        acknowledged = {one.identity for one in load.outcomes if one.is_acknowledged and one.began + one.seconds < began}
        self.assertGreaterEqual(len(acknowledged), events)
        return load, acknowledged, load.acknowledged - acknowledged

    def test_everything_acknowledged_is_there_after_the_power_failed(self):
        acknowledged, sent, late = set(), {}, set()
        for number in range(ROUNDS):
            load, before, meanwhile = self.lose_power_under_load(f"P{number}y")
            acknowledged |= before
            late |= meanwhile
            sent |= load.sent
            self.service.start()
            oracle.check(self, self.service, acknowledged, sent=sent)
            with oracle.database(self.service) as connection:
                stored = set(connection.execute("SELECT source, id FROM event"))
            self.service.kill()
        print(f"  {ROUNDS} power cuts, {len(acknowledged)} events acknowledged, 0 lost; {len(late)} while it went, {len(late - stored)} lost")

    def test_control_with_synchronous_normal_events_are_lost(self):
        # The database itself is safe already.
        self.service.start()
        self.service.stop()
        Faults(self.service, "nothing", sql="PRAGMA synchronous = NORMAL")
        for number in range(5):
            _, acknowledged, _ = self.lose_power_under_load(f"N{number}y")
            self.service.start()
            with oracle.database(self.service) as connection:
                try:
                    oracle.check_stored(self, connection, acknowledged)
                except AssertionError as failure:
                    self.assertRegex(str(failure), "acknowledged events are lost")
                    print("  " + re.search(r"\d+ acknowledged events are lost, of \d+", str(failure)).group())
                    return
            self.service.kill()
        self.fail("nothing was lost without FULL: the campaign does not see what it is for")
