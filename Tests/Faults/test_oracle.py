"""The oracle itself: it passes a service that is well, and sees each of the things that must never be."""

import contextlib
import sqlite3

import oracle
from load import Load
from service import AcceptanceTest
from shop import Shop


class OracleTest(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.shop = Shop()
        self.addCleanup(self.shop.close)
        self.service = self.started(endpoints={"shop": self.shop.url})
        self.load = Load(self.service, charges=2).start()
        self.load.join()

    def check(self, acknowledged=None, sent=None, shop=None):
        oracle.check(
            self, self.service, acknowledged or self.load.acknowledged, shop=shop or self.shop, sent=sent or self.load.sent, outcomes=self.load.outcomes)

    def spoil(self, sql):
        """Changes the database behind the service's back; it is started again on it."""
        self.service.stop()
        with contextlib.closing(sqlite3.connect(self.service.database)) as connection:
            connection.execute("PRAGMA ignore_check_constraints = 1")
            self.assertGreater(connection.execute(sql).rowcount, 0)
            connection.commit()
        self.service.start()

    def test_passes_a_service_that_is_well(self):
        self.assertEqual(len(self.load.acknowledged), 24)
        self.assertEqual({outcome.status for outcome in self.load.outcomes}, {202})
        self.check()

    def test_sees_what_is_lost_what_is_foreign_and_what_was_not_told(self):
        with self.assertRaisesRegex(AssertionError, "1 acknowledged events are lost"):
            self.check(acknowledged=self.load.acknowledged | {("https://www.ppro.com", "never")})
        with self.assertRaisesRegex(AssertionError, "1 events are stored that nobody signed"):
            self.check(sent=dict(list(self.load.sent.items())[1:]))
        deaf = Shop()
        self.addCleanup(deaf.close)
        with self.assertRaisesRegex(AssertionError, "the shop never heard 24 notifications of 24"):
            self.check(shop=deaf)

    def test_sees_a_row_that_the_events_do_not_come_to(self):
        self.spoil("UPDATE charge SET captured = captured + 1 WHERE seq = 1")
        with self.assertRaisesRegex(AssertionError, "rebuild"):
            self.check()

    def test_sees_another_body(self):
        self.spoil("UPDATE payload SET body = zeroblob(3) WHERE event = 1")
        with self.assertRaisesRegex(AssertionError, "the body of .* is another"):
            self.check()

    def test_sees_personal_data_in_the_log(self):
        self.check()
        with self.service.log.open("ab") as log:
            log.write(b'{"message":"siti@example.com"}\n')
        with self.assertRaisesRegex(AssertionError, "personal data"):
            self.check()
