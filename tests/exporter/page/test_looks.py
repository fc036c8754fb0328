"""The live page can be read and used by everybody: small screens, light and dark, keyboard, screen reader."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.exporter.page.journals import WrittenJournal, record, steady
from tests.exporter.page.live_page import LivePage

from pvsim_common.messages import PowerRecord
from pvsim_local.services import ServiceProcess

Start = Callable[..., ServiceProcess]
Open = Callable[..., LivePage]

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
CHECKS = Path(__file__).parent / "checks.js"


@pytest.fixture(scope="module")
def day(shared_exporter: Start) -> ServiceProcess:
    """An exporter of a day with sun."""
    return shared_exporter(sunny_day())


def sunny_day() -> list[PowerRecord]:
    """Two hours of a site with a short name and one with the longest."""
    sites = ["home-1", "a" * 63]
    night = steady(sites, "2026-06-21T08:00:00Z", step_s=60, count=60, meter_w=300, pv_w=0)
    return [*night, *steady(sites, "2026-06-21T09:00:00Z", step_s=60, count=60, meter_w=500, pv_w=2000)]


def check(page: LivePage, name: str) -> Any:  # noqa: ANN401 each check has an answer of its own
    """What a function of checks.js finds in the page."""
    return page.tab.evaluate(f"() => {{ {CHECKS.read_text()}; return {name}(); }}")


@pytest.mark.parametrize("path", ["/", f"/?site={'a' * 63}", "/?site=unknown"])
def test_nothing_is_wider_than_a_phone(day: ServiceProcess, open_page: Open, path: str) -> None:
    page = open_page(day, path, **PHONE)
    page.tab.locator("summary").click()
    page.tab.get_by_role("combobox").click()
    expect(page.tab.get_by_role("option")).to_have_count(3)

    assert page.tab.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_contrast(journal: WrittenJournal, exporter: Start, open_page: Open, scheme: str) -> None:
    journal.append(sunny_day())
    process = exporter()
    page = open_page(process, "/?site=home-1", color_scheme=scheme)
    page.hours()
    page.tab.get_by_role("combobox").click()
    expect(page.tab.get_by_role("option")).to_have_count(3)

    live = check(page, "textsWithLittleContrast")
    process.kill()
    page.expect_state("lost")

    assert live == []
    assert check(page, "textsWithLittleContrast") == []


def test_the_curve_follows_from_light_to_dark(day: ServiceProcess, open_page: Open) -> None:
    page = open_page(day, color_scheme="light")
    drawn = "document.querySelector('.power canvas').toDataURL()"
    light = page.tab.evaluate(drawn)

    page.tab.emulate_media(color_scheme="dark")
    page.tab.wait_for_function(f"light => {drawn} !== light", arg=light)
    page.tab.emulate_media(color_scheme="light")

    page.tab.wait_for_function(f"light => {drawn} === light", arg=light)


def test_a_screen_reader_finds_its_way(day: ServiceProcess, open_page: Open) -> None:
    page = open_page(day)

    for landmark in ("banner", "main", "contentinfo", "search"):
        expect(page.tab.get_by_role(landmark)).to_have_count(1)
    expect(page.tab.get_by_role("heading", level=1)).to_have_text("Whole fleet")
    headings = page.tab.get_by_role("heading", level=2).all_inner_texts()
    assert headings == ["Power now", "Today", "Energy today", "Pipeline"]
    assert check(page, "brokenReferences") == []
    assert check(page, "thingsWithoutName") == []


def test_only_notices_are_read_out_by_themselves(day: ServiceProcess, open_page: Open) -> None:
    page = open_page(day)

    spoken = page.tab.locator("[aria-live], [role=status], [role=alert], [role=log], output")

    assert [place.get_attribute("id") or place.get_attribute("class") for place in spoken.all()] == [
        "sites-found",
        "notice",
    ]


def test_all_is_reached_by_tab_and_shows_the_focus(day: ServiceProcess, open_page: Open) -> None:
    page = open_page(day)
    reached = []

    for _ in range(4):
        page.tab.keyboard.press("Tab")
        focus = page.tab.locator(":focus")
        reached.append(focus.evaluate("place => place.getAttribute('role') ?? place.localName"))
        assert focus.evaluate("place => parseFloat(getComputedStyle(place).outlineWidth)") >= 2

    assert reached == ["combobox", "slider", "summary", "a"]


def test_keys_move_through_the_curve(journal: WrittenJournal, exporter: Start, open_page: Open) -> None:
    journal.append(sunny_day())
    page = open_page(exporter(), "/?site=home-1")
    curve = page.tab.get_by_role("slider")
    curve.focus()

    curve.press("ArrowLeft")
    expect(curve).to_have_attribute("aria-valuetext", "11:50, PV 2.00 kW, load 500 W, 1.50 kW into the grid")
    curve.press("PageDown")
    expect(curve).to_have_attribute("aria-valuetext", "10:50, PV 0 W, load 300 W, 300 W from the grid")
    assert (page.text("selected"), page.text("selected_import")) == ("10:50–10:55", "300 W")
    curve.press("Home")
    expect(curve).to_have_attribute("aria-valuenow", "0")

    journal.append([record("2026-06-21T10:00:00Z", "home-1", 700, 0)])  # what is pointed at stays while the day goes on
    expect(page.place("meter_w")).to_have_text("700 W")
    expect(curve).to_have_attribute("aria-valuenow", "0")
    curve.press("End")
    expect(curve).to_have_attribute("aria-valuetext", "12:00, PV 0 W, load 700 W, 700 W from the grid")


def test_the_mouse_moves_through_the_curve(day: ServiceProcess, open_page: Open) -> None:
    page = open_page(day, "/?site=home-1")
    newest = page.text("selected")

    page.tab.locator(".plot.power").hover(position={"x": 100, "y": 100})  # left of all points: the first one
    expect(page.place("selected")).to_have_text("10:00–10:05")
    page.tab.get_by_role("heading", level=1).hover()

    expect(page.place("selected")).to_have_text(newest)


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_nothing_jumps_while_the_page_fills(day: ServiceProcess, open_page: Open, options: dict[str, Any]) -> None:
    page = open_page(day, **options)
    expect(page.place("meter_w")).to_have_text("1.00 kW")

    assert page.tab.evaluate(f"{CHECKS.read_text()}; layoutShift()") < 0.02  # good is below 0.1


def test_nothing_moves_for_those_who_want_no_motion(day: ServiceProcess, open_page: Open) -> None:
    still, moving = open_page(day, reduced_motion="reduce"), open_page(day, reduced_motion="no-preference")

    seconds = "getComputedStyle(document.querySelector('.bar'), '::before').transitionDuration"

    assert (still.tab.evaluate(seconds), moving.tab.evaluate(seconds)) == ("0s", "0.6s")
