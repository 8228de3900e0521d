"""The power fails: ext4 on a loop device is shut down without writing its journal, so that what was not synced is gone."""

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
        """Returns the load: what it has acknowledged the disk should hold."""
        self.service.start()
        with Load(self.service, name=name, connections=4, repeats=False) as load:
            load.wait_for(events)
            self.disk.lose_power()
            at_loss = load.acknowledged
            self.assertGreaterEqual(len(at_loss), events)
        self.service.kill()
        self.disk.unmount()
        self.disk.mount()
        return load

    def test_everything_acknowledged_is_there_after_the_power_failed(self):
        acknowledged, sent = set(), {}
        for number in range(ROUNDS):
            load = self.lose_power_under_load(f"P{number}y")
            acknowledged |= load.acknowledged
            sent |= load.sent
            self.service.start()
            oracle.check(self, self.service, acknowledged, sent=sent)
            self.service.kill()
        print(f"  {ROUNDS} power cuts, {len(acknowledged)} events acknowledged, 0 lost")

    def test_control_with_synchronous_normal_events_are_lost(self):
        # The database itself is safe already.
        self.service.start()
        self.service.stop()
        Faults(self.service, "nothing", sql="PRAGMA synchronous = NORMAL")
        for number in range(5):
            load = self.lose_power_under_load(f"N{number}y")
            self.service.start()
            with oracle.database(self.service) as connection:
                try:
                    oracle.check_stored(self, connection, load.acknowledged)
                except AssertionError as failure:
                    self.assertRegex(str(failure), "acknowledged events are lost")
                    print(f"  {str(failure).split(':')[1].strip()}")
                    return
            self.service.kill()
        self.fail("nothing was lost without FULL: the campaign does not see what it is for")
