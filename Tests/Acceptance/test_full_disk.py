"""What happens while the disk takes no more: PPRO is told to come again, nothing is lost, and it mends by itself."""

import resource

import ppro_events
import rawhttp
from polling import eventually
from service import AcceptanceTest


class FullDiskTest(AcceptanceTest):
    def health(self, service):
        answer = rawhttp.exchange(service.port, rawhttp.request("GET", "/healthz"))
        return answer.status, answer.json()

    def test_refuses_with_503_while_nothing_can_be_written(self):
        service = self.started()
        service.accept(ppro_events.simple(charge="Before", identity="evtBefore"))
        eventually("applied", lambda: service.status()["events"]["applied"] == 1)
        # Files cannot grow any more. The write-ahead log was laid out in advance, so it takes some events to get there.
        process = service.running.process.pid
        largest = max(path.stat().st_size for path in service.directory.iterdir() if path.suffix != ".reserve")
        unlimited = resource.prlimit(process, resource.RLIMIT_FSIZE)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (largest, unlimited[1]))
        acknowledged, refused = self.fill(service)
        self.assertEqual((refused.status_line, refused.body), ("HTTP/1.1 503 Service Unavailable", b'{"error":"storage_unavailable"}'))
        self.assertGreater(int(refused.field("Retry-After")), 0)
        status, health = self.health(service)
        self.assertEqual((status, health["status"]), (503, "unwell"))
        self.assertIn(health["reason"], ("storage_full", "storage_io"))
        # There is room again.
        resource.prlimit(process, resource.RLIMIT_FSIZE, unlimited)
        eventually("events are taken again", lambda: service.post(self.event(9999)).status == 202)
        self.assertEqual(self.health(service), (200, {"status": "ok"}))
        stored = {row["id"] for row in service.events()}
        self.assertLessEqual({f"evt{number:04}" for number in acknowledged} | {"evtBefore", "evt9999"}, stored)
        eventually("all applied", lambda: service.status()["events"]["applied"] == len(stored))
        self.assertEqual(service.cli("rebuild", "--check").code, 0)

    @staticmethod
    def event(number):
        return ppro_events.simple(charge=f"Full{number}", identity=f"evt{number:04}", padding="x" * 60_000)

    def fill(self, service):
        """Sends events until one is refused; returns the numbers of those acknowledged, and the refusal."""
        acknowledged = []
        for number in range(1000):
            answer = service.post(self.event(number))
            if answer.status != 202:
                return acknowledged, answer
            acknowledged.append(number)
        self.fail("the limit was never reached")
