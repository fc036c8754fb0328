"""What one page is told, and what it is not told again."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.exporter.columns import START, lines

from exporter.feed import Feed
from exporter.follower import Follower
from exporter.live import Live
from exporter.pvsim_status import Status

Event = tuple[str, dict[str, Any]]


class Page:
    """A journal, and what a page that is open is told of it."""

    def __init__(self, directory: Path, site: str | None = None) -> None:
        self._path = directory / "results.jsonl"
        self._follower = Follower(directory)
        self._live = Live([self._follower], stale_after_s=15)
        self._site = site
        self._feed = Feed(site)

    def write(self, *records: tuple[int, str, int, float]) -> None:
        """Append records to the journal, and let the exporter read them."""
        with self._path.open("ab") as file:
            file.write(lines(*records))
        self._follower.advance()

    def news(self, *, now_s: float = 100.0, quarantined: int = 0) -> list[Event]:
        """The events that come then."""
        sight = self._live.look(self._site, Status("ok", quarantined, 0))
        return [_parsed(event) for event in self._feed.news(sight, now_s=now_s)]


def _parsed(event: bytes) -> Event:
    name, content, *rest = event.decode().split("\n")
    assert rest == ["", ""]
    return name.removeprefix("event: "), json.loads(content.removeprefix("data: "))


@pytest.fixture
def page(tmp_path: Path) -> Page:
    page = Page(tmp_path)
    page.write((0, "home-1", 600, 1200.0), (60, "home-1", 600, 1200.0))
    return page


def test_first_comes_the_whole_day_and_then_what_is_now(page: Page) -> None:
    (first, day), (second, now) = page.news()

    assert (first, second) == ("day", "now")
    assert {key: day[key] for key in ("site", "date", "timezone", "begins_ms", "bin_ms")} == {
        "site": None,
        "date": "2026-06-21",
        "timezone": "UTC",
        "begins_ms": START - 36_000_000,
        "bin_ms": 60_000,
    }
    assert day["ends_ms"] - day["begins_ms"] == 86_400_000
    assert (day["meter_w"], day["pv_w"]) == ([None] * 601 + [600.0], [None] * 601 + [1200.0])
    assert (now["timestamp_ms"], now["net_w"], now["bins"]) == (START + 60_000, -600.0, [])


def test_nothing_is_said_twice(page: Page) -> None:
    page.news()

    assert page.news() == []


def test_a_new_record_brings_its_bin_only(page: Page) -> None:
    page.news()
    page.write((120, "home-1", 300, 0.0))

    [(name, now)] = page.news()

    assert (name, now["meter_w"], now["bins"]) == ("now", 300.0, [[602, 300.0, 0.0]])


def test_a_change_of_the_pipeline_is_told_without_a_record(page: Page) -> None:
    page.news()

    [(name, now)] = page.news(quarantined=1)

    assert (name, now["pipeline"]["quarantined"], now["bins"]) == ("now", 1, [])


def test_after_five_silent_seconds_it_says_that_it_is_still_there(page: Page) -> None:
    page.news(now_s=100.0)

    assert (page.news(now_s=104.9), [name for name, _ in page.news(now_s=105.0)]) == ([], ["now"])


def test_a_new_day_is_told_as_a_whole(page: Page) -> None:
    page.news()
    page.write((86_400, "home-1", 100, 0.0), (86_460, "home-1", 100, 0.0))

    (name, day), (_, now) = page.news()

    assert (name, day["date"], len(day["pv_w"])) == ("day", "2026-06-22", 602)
    assert now["energy_today_j"]["meter"] == 6000.0


def test_when_very_much_has_changed_the_day_comes_as_a_whole(page: Page) -> None:
    page.news()
    page.write(*((120 + 60 * minute, "home-1", 100, 0.0) for minute in range(200)))

    assert [name for name, _ in page.news()] == ["day", "now"]


def test_a_site_without_a_record_has_no_day_until_it_has_one(tmp_path: Path) -> None:
    page = Page(tmp_path, "home-9")
    page.write((0, "home-1", 600, 0.0))
    before = page.news()

    page.write((0, "home-9", 5, 0.0))

    assert [(name, event["timestamp_ms"]) for name, event in before] == [("now", None)]
    assert [name for name, _ in page.news()] == ["day", "now"]
