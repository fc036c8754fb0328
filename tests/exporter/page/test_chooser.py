"""Which site the live page shows is chosen by name, and kept in its address."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect
from tests.exporter.page.journals import WrittenJournal, record, steady
from tests.exporter.page.live_page import LivePage

from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

Start = Callable[..., ServiceProcess]
Open = Callable[..., LivePage]

MAX_BYTES = 3_000_000  # of all that a page receives


@pytest.fixture(scope="module")
def three_homes(shared_exporter: Start) -> ServiceProcess:
    """An exporter of three sites: home n draws n x 100 W."""
    return shared_exporter([record("2026-06-21T10:00:00Z", f"home-{n}", 100 * n, 0) for n in (1, 2, 3)])


def chooser(page: LivePage) -> Locator:
    return page.tab.get_by_role("combobox", name="Site")


def write(page: LivePage, text: str) -> None:
    """Type over what stands in the chooser."""
    chooser(page).click()
    chooser(page).press("Control+a")
    page.tab.keyboard.type(text)


def options(page: LivePage) -> list[str]:
    return page.tab.get_by_role("option").all_inner_texts()


def test_a_site_is_chosen_by_mouse(three_homes: ServiceProcess, open_page: Open) -> None:
    page = open_page(three_homes)

    chooser(page).click()
    expect(page.tab.get_by_role("option")).to_have_text(["Whole fleet", "home-1", "home-2", "home-3"])
    page.tab.get_by_role("option", name="home-2").click()

    expect(page.place("meter_w")).to_have_text("200 W")
    expect(chooser(page)).to_have_value("home-2")
    assert page.text("site") == "home-2"
    assert page.tab.title() == "home-2 – pvsimulator"
    assert page.tab.url.endswith("/?site=home-2")


def test_a_site_is_chosen_by_keys(three_homes: ServiceProcess, open_page: Open) -> None:
    page = open_page(three_homes)

    page.tab.keyboard.press("Tab")
    expect(chooser(page)).to_be_focused()
    page.tab.keyboard.press("ArrowDown")
    expect(chooser(page)).to_have_attribute("aria-expanded", "true")
    page.tab.keyboard.press("ArrowDown")
    page.tab.keyboard.press("ArrowDown")
    active = chooser(page).get_attribute("aria-activedescendant")
    assert page.tab.locator(f"#{active}").inner_text() == "home-2"
    page.tab.keyboard.press("Enter")

    expect(page.place("meter_w")).to_have_text("200 W")
    expect(chooser(page)).to_have_attribute("aria-expanded", "false")


def test_escape_leaves_all_as_it_was(three_homes: ServiceProcess, open_page: Open) -> None:
    page = open_page(three_homes, "/?site=home-1")

    write(page, "home-3")
    expect(page.tab.get_by_role("option")).to_have_text(["home-3"])
    page.tab.keyboard.press("Escape")

    expect(page.tab.get_by_role("listbox")).to_be_hidden()
    expect(chooser(page)).to_have_value("home-1")
    assert page.text("site") == "home-1"


def test_a_name_that_no_site_has_is_said_to_be_none(three_homes: ServiceProcess, open_page: Open) -> None:
    page = open_page(three_homes)

    chooser(page).fill("cabin")

    expect(page.tab.locator("#sites-found")).to_have_text("None of 3 sites is called so.")
    assert options(page) == []


def test_the_chosen_site_stays_after_loading_anew(three_homes: ServiceProcess, open_page: Open) -> None:

    page = open_page(three_homes, "/?site=home-3")

    expect(page.place("meter_w")).to_have_text("300 W")
    expect(chooser(page)).to_have_value("home-3")


def test_back_and_forward_go_through_the_sites(three_homes: ServiceProcess, open_page: Open) -> None:
    page = open_page(three_homes)
    for site in ("home-1", "home-2", "Whole fleet"):
        chooser(page).click()
        page.tab.get_by_role("option", name=site).click()
        expect(page.place("site")).to_have_text(site)
    assert page.tab.url.endswith("/")

    page.tab.go_back()
    expect(page.place("meter_w")).to_have_text("200 W")
    page.tab.go_back()
    expect(page.place("meter_w")).to_have_text("100 W")
    page.tab.go_forward()

    expect(page.place("meter_w")).to_have_text("200 W")
    expect(chooser(page)).to_have_value("home-2")


def test_among_ten_thousand_sites_it_asks_for_what_it_shows(
    journal: WrittenJournal, exporter: Start, open_page: Open
) -> None:
    journal.append(
        steady([f"home-{n}" for n in range(1, 10_001)], "2026-06-21T10:00:00Z", step_s=60, count=2, meter_w=500, pv_w=0)
    )
    process = exporter()
    until(lambda: process.get("/readyz")[0] == 200)
    page = open_page(process)
    assert page.text("sites") == "10,000 sites"
    page.count_bytes()
    page.tab.reload()
    expect(page.place("meter_w")).to_have_text("5.00 MW")

    write(page, "me-999")
    expect(page.tab.get_by_role("option")).to_have_text(["home-999", *(f"home-{n}" for n in range(9990, 10_000))])
    write(page, "9999")
    page.tab.keyboard.press("Enter")  # before the answer is there

    expect(page.place("site")).to_have_text("home-9999")
    expect(page.place("meter_w")).to_have_text("500 W")
    assert 50_000 < page.bytes_received < MAX_BYTES
