"""The live page says when what it shows is not current, and comes back by itself."""

import os
import re
import signal
import time
from collections.abc import Callable

from playwright.sync_api import Route, expect
from tests.exporter.page.journals import WrittenJournal, record, steady
from tests.exporter.page.live_page import LivePage

from pvsim_common.segments import closed_segment
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

Start = Callable[..., ServiceProcess]
Open = Callable[..., LivePage]

FIRST = record("2026-06-21T10:00:00Z", "home-1", 432, 0)
SECOND = record("2026-06-21T10:00:01Z", "home-1", 567, 0)
SILENCE_MS = 15_000  # after which a connection counts as lost
STEP_MS = 250
HIDDEN_MS = 60_000  # after which a hidden page is no longer told what is new


def test_it_says_that_no_records_come_any_more_and_dims_the_numbers(
    journal: WrittenJournal, exporter: Start, open_page: Open
) -> None:
    journal.append([FIRST])
    hour_ago = time.time() - 3600
    os.utime(journal.segment, (hour_ago, hour_ago))
    page = open_page(exporter())

    page.expect_state("stale")
    stale = colour(page)

    assert page.text("notice") == (
        "No new records for longer than is to be expected; the newest is of Sun 21 Jun 2026, 12:00:00. "
        "pvsim: no answer."
    )
    assert (page.text("last_write_age_s"), page.text("meter_w")) == ("60 min ago", "432 W")

    journal.append([SECOND])

    page.expect_state("live")
    assert (page.text("notice"), page.text("meter_w")) == ("", "567 W")
    assert colour(page) != stale


def colour(page: LivePage) -> str:
    return str(page.place("meter_w").evaluate("place => getComputedStyle(place).color"))


def test_it_says_that_the_exporter_is_gone_and_goes_on_when_it_is_back(
    journal: WrittenJournal, exporter: Start, open_page: Open
) -> None:
    journal.append([FIRST])
    process = exporter()
    page = open_page(process)

    process.kill()

    page.expect_state("lost", within_s=10)  # at once, long before the silence would tell
    assert page.text("notice") == "The connection to the exporter is lost. The page tries again until it is back."
    assert page.text("meter_w") == "432 W"

    journal.append([SECOND])
    process.start()

    page.expect_state("live")
    expect(page.place("meter_w")).to_have_text("567 W")
    assert page.text("notice") == ""


def test_an_exporter_that_hangs_counts_as_lost_after_a_while(
    journal: WrittenJournal, exporter: Start, open_page: Open
) -> None:
    journal.append([FIRST])
    process = exporter()
    page = open_page(process)
    page.load_with_still_clock()

    process.process.send_signal(signal.SIGSTOP)
    page.tab.clock.fast_forward(SILENCE_MS)
    page.expect_state("lost")
    process.process.send_signal(signal.SIGCONT)
    page.tab.clock.fast_forward(SILENCE_MS)

    page.expect_state("live")


def test_an_answer_that_is_no_stream_is_tried_again_less_and_less_often(
    journal: WrittenJournal, exporter: Start, open_page: Open
) -> None:
    journal.append([FIRST])
    page = open_page(exporter())
    page.load_with_still_clock()
    refusals: list[Route] = []

    def refuse(route: Route) -> None:
        refusals.append(route)
        route.fulfill(status=503, body="200 pages are open already")

    page.tab.route("**/api/stream*", refuse)
    page.tab.get_by_role("combobox").click()
    page.tab.get_by_role("option", name="home-1").click()
    page.expect_state("lost")
    waits_ms = [waited_ms(page, lambda: len(refusals) > attempts) for attempts in (1, 2, 3)]  # noqa: B023 asked at once
    page.tab.unroute("**/api/stream*")
    waited_ms(page, lambda: page.tab.locator("body[data-state=live]").count() == 1)

    assert 1_500 <= waits_ms[0] < 12_000  # the silence would tell after 15 s
    assert (waits_ms[1] >= 3_000, waits_ms[2] >= 6_000) == (True, True)  # each twice as long as the one before
    page.problems.clear()  # Chromium tells every refusal


def waited_ms(page: LivePage, has_happened: Callable[[], bool]) -> int:
    """How long it took by the page's still clock, which is moved until then."""
    steps: list[int] = []

    def step() -> bool:
        steps.append(STEP_MS)
        page.tab.clock.fast_forward(STEP_MS)
        return has_happened()

    until(step)
    return sum(steps)


def test_a_page_that_nobody_sees_is_told_nothing_until_it_is_seen_again(
    journal: WrittenJournal, exporter: Start, open_page: Open
) -> None:
    journal.append([FIRST])
    process = exporter()
    page = open_page(process)
    page.load_with_still_clock()
    until(lambda: open_streams(process) == 1)

    turn(page, "hidden")
    for second in range(5):  # it hears of each, so the connection is not taken for lost
        page.tab.clock.fast_forward(HIDDEN_MS // 6)
        journal.append([record(f"2026-06-21T10:00:0{second + 1}Z", "home-1", 500 + second, 0)])
        expect(page.place("meter_w")).to_have_text(f"{500 + second} W")
    page.tab.clock.fast_forward(HIDDEN_MS // 6)
    until(lambda: open_streams(process) == 0)
    page.expect_state("live")
    journal.append([record("2026-06-21T10:00:06Z", "home-1", 567, 0)])
    turn(page, "visible")

    expect(page.place("meter_w")).to_have_text("567 W")
    assert open_streams(process) == 1


def turn(page: LivePage, visibility: str) -> None:
    """As a browser does when another tab is looked at; a headless one shows all of them."""
    page.tab.evaluate(
        """visibility => {
            Object.defineProperty(document, "visibilityState", { value: visibility, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        visibility,
    )


def open_streams(process: ServiceProcess) -> int:
    found = re.search(r"^pvsim_page_streams (\S+)$", process.get("/metrics")[1], re.MULTILINE)
    return int(float(found[1])) if found else -1


def test_it_says_how_much_of_the_journal_has_been_read(
    journal: WrittenJournal, exporter: Start, open_page: Open
) -> None:
    journal.append([FIRST])
    endless = closed_segment(journal.directory, 1)
    os.mkfifo(endless)  # whoever opens it waits for somebody to write
    process = exporter()
    page = open_page(process)

    page.expect_state("reading")
    assert page.place("reading").inner_text().startswith("reading the journal, 0")
    process.kill()
    endless.unlink()
    process.start()

    page.expect_state("live")
    assert not page.place("reading").is_visible()


def test_the_part_of_the_day_that_is_not_loaded_is_marked(
    journal: WrittenJournal, exporter: Start, open_page: Open
) -> None:
    sites = ["home-1", "home-2", "home-3"]
    early = steady(sites, "2026-06-20T22:00:00Z", step_s=1800, count=15, meter_w=300, pv_w=0)
    journal.append(early)
    closed = journal.close(early)
    journal.append(steady(sites, "2026-06-21T05:30:00Z", step_s=1800, count=10, meter_w=900, pv_w=0))
    aside = closed.rename(closed.with_name("aside"))  # as if retention had removed it
    process = exporter()
    page = open_page(process)

    page.expect_state("live")
    assert page.hours()["00:00–01:00"] == {"pv": None, "meter": None, "net": None}
    assert page.tab.locator("td").first.inner_text() == "not loaded yet"
    assert page.text("energy_since").startswith("since ")
    hatched = pixels_above_the_early_curve(page)
    process.kill()
    aside.rename(closed)
    process.start()

    until(lambda: page.hours()["00:00–01:00"]["meter"] == 900)
    assert page.text("energy_since") == ""
    assert pixels_above_the_early_curve(page) < hatched / 2


def pixels_above_the_early_curve(page: LivePage) -> int:
    """How many of 900 pixels at the top left of the upper plot have any colour."""
    return int(
        page.tab.locator(".power canvas").evaluate(
            """canvas => {
                const copy = new OffscreenCanvas(30, 30).getContext("2d", { willReadFrequently: true });
                copy.drawImage(canvas, 70, 20, 30, 30, 0, 0, 30, 30);
                return copy.getImageData(0, 0, 30, 30).data.filter((value, at) => at % 4 === 3 && value > 0).length;
            }"""
        )
    )
