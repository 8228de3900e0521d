"""SQLite refuses a row in the middle of a transaction. All of that transaction is undone, and everything else goes on."""

import contextlib
import sqlite3

import oracle
import ppro_events
from load import Load, identity
from polling import eventually
from service import AcceptanceTest
from shop import Shop


class RollbackTest(AcceptanceTest):
    def test_a_refused_row_undoes_its_transaction_and_nothing_else(self):
        shop = Shop()
        self.addCleanup(shop.close)
        service = self.started(endpoints={"shop": shop.url})
        service.stop()
        # The first row of its transaction is written by then: event before payload, charge before notification.
        with contextlib.closing(sqlite3.connect(service.database)) as connection:
            connection.execute("CREATE TRIGGER one BEFORE INSERT ON payload WHEN instr(new.body, x'506f69736f6e') > 0 BEGIN SELECT RAISE(ABORT, 'no'); END")
            connection.execute("CREATE TRIGGER two BEFORE INSERT ON notification WHEN instr(new.subject, 'Venom') > 0 BEGIN SELECT RAISE(ABORT, 'no'); END")
            connection.commit()
        service.start()
        poison = ppro_events.simple(identity="evtPoison", charge="Poison")
        venom = ppro_events.simple(identity="evtVenom", charge="Venom")
        with Load(service, connections=4) as load:
            load.wait_for(20)
            for _ in range(10):
                self.assertEqual(service.post(poison).status, 503)
            service.accept(venom)
            load.wait_for(20)
        eventually("what cannot be applied has failed", lambda: service.status()["events"]["failed"] == 1)
        sent = load.sent | {identity(venom): venom}
        oracle.check(self, service, load.acknowledged | {identity(venom)}, shop=shop, sent=sent, outcomes=load.outcomes)
        self.assertNotIn("evtPoison", {row["id"] for row in service.events()})
        self.assertNotIn("charge_Venom", {row["id"] for row in service.charges()})
