"""The live page's requests, answered by a real server."""

import http.client
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.exporter.columns import lines

from exporter.follower import Follower
from exporter.live import Live
from exporter.page import Page
from exporter.pvsim_status import PvsimStatus
from pvsim_common.service import running
from pvsim_local.waiting import until


class Site:
    """A server with a page, and how many streams it has."""

    def __init__(self, page: Page, port: int) -> None:
        self.page = page
        self._port = port

    @contextmanager
    def get(self, path: str, **headers: str) -> Iterator[http.client.HTTPResponse]:
        """The answer to a request."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
        connection.request("GET", path, headers=headers)
        try:
            yield connection.getresponse()
        finally:
            connection.close()

    def text(self, path: str) -> tuple[int, str]:
        """Status and text of an answer."""
        with self.get(path) as answer:
            return answer.status, answer.read().decode()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    (tmp_path / "results.jsonl").write_bytes(lines(*((0, f"home-{n}", n, 0.0) for n in range(1, 301))))
    follower = Follower(tmp_path)
    follower.advance()
    page = Page(Live([follower], stale_after_s=15), PvsimStatus([]), max_streams=2)
    with running("exporter", "127.0.0.1", 0, page.routes()) as service:
        yield Site(page, service.port)


@pytest.mark.parametrize("path", ["/", "/static/page.css", "/api/sites", "/nowhere", "/static/../settings.py"])
def test_every_answer_keeps_the_browser_from_doing_more_than_the_page_needs(site: Site, path: str) -> None:
    with site.get(path) as answer:
        policy = answer.headers["Content-Security-Policy"]

        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_page_and_its_files_are_served_and_nothing_beside_them(site: Site) -> None:
    assert site.text("/")[1].lower().startswith("<!doctype html>")
    assert site.text("/static/page.css")[0] == 200
    assert {site.text(path)[0] for path in ("/nowhere", "/static/../settings.py", "/static/%2e%2e/settings.py")} == {
        404
    }


def test_the_page_does_not_hide_the_metrics(site: Site) -> None:
    assert site.text("/healthz") == (200, "ok\n")
    assert "pvsim_build_info" in site.text("/metrics")[1]


def test_a_file_that_is_known_already_is_not_sent_again(site: Site) -> None:
    with site.get("/static/page.css") as first:
        tag = first.headers["ETag"]
    with site.get("/static/page.css", **{"If-None-Match": tag}) as second:
        assert second.status == 304


def test_sites_come_as_many_as_asked_for(site: Site) -> None:
    status, text = site.text("/api/sites?query=me-29&limit=3")

    assert status == 200
    assert json.loads(text) == {"sites": ["home-29", "home-290", "home-291"], "known": 300}


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many", "1e9", "²"])
def test_a_limit_that_makes_no_sense_is_refused_with_its_name_and_value(site: Site, limit: str) -> None:
    status, text = site.text(f"/api/sites?limit={quote(limit)}")

    assert (status, text.split(",")[0]) == (400, "limit: should be 1 to 100")


def test_nothing_can_be_changed(site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site._port, timeout=5)
    connection.request("POST", "/api/sites")

    assert connection.getresponse().status == 405
    connection.close()


def test_a_stream_says_what_is_there_and_counts_while_it_is_open(site: Site) -> None:
    with site.get("/api/stream?site=home-7") as answer:
        said = [answer.readline() for _ in range(4)]
        during = site.page.streams
    until(lambda: site.page.streams == 0)

    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert said[:3] == [b"retry: 2000\n", b"\n", b"event: day\n"]
    assert json.loads(said[3].removeprefix(b"data: "))["site"] == "home-7"
    assert during == 1


def test_a_stream_is_not_compressed_since_that_would_hold_it_back(site: Site) -> None:
    with site.get("/api/stream", **{"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Content-Encoding"] is None
        assert answer.readline() == b"retry: 2000\n"


def test_more_pages_than_there_may_be_are_refused(site: Site) -> None:
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(site.get("/api/stream")).readline()
        until(lambda: site.page.streams == 2)
        status, text = site.text("/api/stream")

    assert (status, text) == (503, "2 pages are open already\n")
