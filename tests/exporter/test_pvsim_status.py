"""What pvsim says of itself."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from exporter.pvsim_status import PvsimStatus, Status, ask, parse

METRICS = """# TYPE pvsim_readings_consumed_total counter
pvsim_readings_consumed_total{outcome="recorded"} 1.0e+06
pvsim_readings_consumed_total{outcome="quarantined"} 3.0
pvsim_readings_consumed_total{outcome="discarded"} 0.0
"""


class Answers(BaseHTTPRequestHandler):
    """Answers as a pvsim that has lost its broker."""

    asked = 0

    def do_GET(self) -> None:
        """Not ready; three messages in quarantine."""
        Answers.asked += 1
        ready = self.path == "/readyz"
        text = b"no connection\n" if ready else METRICS.encode()
        self.send_response(503 if ready else 200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    Answers.asked = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_texts_say_whether_it_is_ready_and_what_it_put_aside() -> None:
    assert parse("ok\n", METRICS) == Status("ok", 3, 0)
    assert parse("disk full\n", "") == Status("not ready: disk full", None, None)


def test_one_that_is_not_ready_says_why(address: str) -> None:
    assert ask([address]) == Status("not ready: no connection", 3, 0)


def test_of_several_the_counts_are_added_and_the_first_trouble_is_told(address: str) -> None:
    assert ask([address, address]) == Status("not ready: no connection", 6, 0)


def test_counts_of_which_one_is_missing_are_unknown(address: str) -> None:
    nobody = "http://127.0.0.1:9"

    assert ask([address, nobody]) == Status("not ready: no connection", None, None)
    assert ask([nobody]) == ask([]) == Status("no answer", None, None)


def test_it_is_asked_once_however_many_want_to_know_at_the_same_time(address: str) -> None:
    async def look() -> list[Status]:
        status = PvsimStatus([address], first_wait_s=20)  # the machine may be busy
        together = await asyncio.gather(*(status.latest() for _ in range(20)))
        return [*together, await status.latest()]

    with ThreadPoolExecutor() as pool:  # a loop may run in this thread already: Playwright's
        answers = pool.submit(lambda: asyncio.run(look())).result()

    assert answers == [Status("not ready: no connection", 3, 0)] * 21
    assert Answers.asked == 2  # /readyz and /metrics, once each
