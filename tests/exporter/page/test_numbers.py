"""The live page shows what the journal says."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.exporter.page.journals import WrittenJournal, record, steady
from tests.exporter.page.live_page import LivePage

from pvsim_common.messages import format_timestamp
from pvsim_local.services import ServiceProcess

Start = Callable[..., ServiceProcess]
Open = Callable[..., LivePage]

KWH = 3.6e6  # [J]


def test_power_now_is_that_of_the_newest_record(journal: WrittenJournal, exporter: Start, open_page: Open) -> None:
    journal.append(steady(["home-1"], "2026-06-21T09:58:00Z", step_s=60, count=2, meter_w=999, pv_w=0))
    journal.append([record("2026-06-21T10:00:00Z", "home-1", 432, 1234.5)])

    page = open_page(exporter(), "/?site=home-1")

    assert (page.value("meter_w"), page.value("pv_w"), page.value("net_w")) == (432, 1234.5, -802.5)
    assert (page.text("meter_w"), page.text("pv_w"), page.text("net_w")) == ("432 W", "1.23 kW", "803 W")
    assert page.text("direction") == "into the grid"
    assert page.text("timestamp_ms") == "Sun 21 Jun 2026, 12:00:00"  # where the homes are


def test_power_of_the_fleet_is_the_sum_of_all_sites(journal: WrittenJournal, exporter: Start, open_page: Open) -> None:
    journal.append([record("2026-06-21T20:00:00Z", f"home-{n}", 1000 * n, 10.5) for n in (1, 2, 3)])

    page = open_page(exporter())

    assert (page.value("meter_w"), page.value("pv_w"), page.value("net_w")) == (6000, 31.5, 5968.5)
    assert (page.text("net_w"), page.text("direction")) == ("5.97 kW", "from the grid")
    assert (page.text("site"), page.text("sites")) == ("Whole fleet", "3 sites")


def test_energy_today_and_its_shares(journal: WrittenJournal, exporter: Start, open_page: Open) -> None:
    hours = [(1000, 0.0), (1000, 0.0), (1000, 4000.0)]  # the first one is power only: energy needs a time before it
    journal.append([record(f"2026-06-21T{hour:02}:00:00Z", "home-1", *power) for hour, power in enumerate(hours)])

    page = open_page(exporter())

    assert page.value("energy_meter") == pytest.approx(2 * KWH)
    assert page.value("energy_pv") == pytest.approx(4 * KWH)
    assert page.value("energy_imported") == pytest.approx(1 * KWH)
    assert page.value("energy_exported") == pytest.approx(3 * KWH)
    assert page.text("energy_meter") == "2.00 kWh"
    assert (page.text("self_consumption"), page.text("self_sufficiency")) == ("25 %", "50 %")


def test_the_hours_of_the_day_are_a_table(journal: WrittenJournal, exporter: Start, open_page: Open) -> None:
    journal.append(steady(["home-1"], "2026-06-21T08:00:00Z", step_s=60, count=60, meter_w=300, pv_w=800))
    journal.append(steady(["home-1"], "2026-06-21T09:00:00Z", step_s=60, count=30, meter_w=500, pv_w=0))

    hours = open_page(exporter(), "/?site=home-1").hours()

    assert hours["09:00–10:00"] == {"pv": None, "meter": None, "net": None}
    assert hours["10:00–11:00"] == {"pv": 800, "meter": 300, "net": -500}
    assert hours["11:00–12:00"] == {"pv": 0, "meter": 500, "net": 500}
    assert len(hours) == 12


def test_the_day_when_clocks_go_back_has_an_hour_more(
    journal: WrittenJournal, exporter: Start, open_page: Open
) -> None:
    journal.append(steady(["home-1"], "2026-10-24T22:00:00Z", step_s=600, count=6 * 25, meter_w=300, pv_w=0))

    hours = open_page(exporter()).hours()

    assert len(hours) == 25
    assert list(hours)[2:4] == ["02:00–02:00 CEST", "02:00–03:00 CET"]


def test_the_curve_and_the_numbers_grow_with_the_journal(
    journal: WrittenJournal, exporter: Start, open_page: Open
) -> None:
    journal.append(steady(["home-1"], "2026-06-21T08:00:00Z", step_s=60, count=30, meter_w=300, pv_w=800))
    page = open_page(exporter())
    curve = page.tab.get_by_role("slider")
    expect(curve).to_have_attribute("aria-valuetext", "10:25, PV 800 W, load 300 W, 500 W into the grid")
    drawn = [drawing(page, plot) for plot in (".power", ".net")]

    journal.append(steady(["home-1"], "2026-06-21T08:30:00Z", step_s=60, count=90, meter_w=700, pv_w=100))

    expect(curve).to_have_attribute("aria-valuetext", "11:55, PV 100 W, load 700 W, 600 W from the grid")
    assert page.value("meter_w") == 700
    assert page.hours()["11:00–12:00"] == {"pv": 100, "meter": 700, "net": 600}
    assert all(drawing(page, plot) != before for plot, before in zip((".power", ".net"), drawn, strict=True))


def drawing(page: LivePage, plot: str) -> str:
    return str(page.tab.locator(f"{plot} canvas").evaluate("canvas => canvas.toDataURL()"))


def test_another_day_begins_with_its_first_record(journal: WrittenJournal, exporter: Start, open_page: Open) -> None:
    journal.append(steady(["home-1"], "2026-06-21T21:00:00Z", step_s=60, count=60, meter_w=300, pv_w=0))
    page = open_page(exporter())
    assert page.text("date") == "Sunday 21 June 2026"

    journal.append(steady(["home-1"], "2026-06-21T22:00:00Z", step_s=60, count=3, meter_w=600, pv_w=0))

    expect(page.place("date")).to_have_text("Monday 22 June 2026")
    assert page.hours() == {"00:00–01:00": {"pv": 0, "meter": 600, "net": 600}}


def test_time_is_called_simulated_where_it_is_not_now(
    journal: WrittenJournal, exporter: Start, open_page: Open
) -> None:
    journal.append([record("2026-06-21T10:00:00Z", "home-1", 432, 0)])
    page = open_page(exporter())
    assert page.place("simulated").is_visible()

    milliseconds = page.tab.evaluate("Date.now()")
    journal.append([record(format_timestamp(int(milliseconds)), "home-1", 432, 0)])

    expect(page.place("simulated")).to_be_hidden()


def test_a_site_without_a_record_is_said_to_have_none(
    journal: WrittenJournal, exporter: Start, open_page: Open
) -> None:
    journal.append([record("2026-06-21T10:00:00Z", "home-1", 432, 0)])

    page = open_page(exporter(), "/?site=home-2")

    assert page.text("notice") == "There is no record of home-2 yet."
    assert (page.text("pv_w"), page.text("energy_pv")) == ("–", "–")


def test_the_first_record_of_all_appears_by_itself(journal: WrittenJournal, exporter: Start, open_page: Open) -> None:
    page = open_page(exporter())
    assert page.text("notice") == "There is no record yet."

    journal.append([record("2026-06-21T10:00:00Z", "home-1", 432, 0)])

    expect(page.place("meter_w")).to_have_text("432 W")
    assert page.text("notice") == ""


def test_the_pipeline_is_shown(journal: WrittenJournal, exporter: Start, open_page: Open) -> None:
    journal.append(steady(["home-1", "home-2"], "2026-06-21T08:00:00Z", step_s=60, count=3, meter_w=300, pv_w=0))
    with journal.segment.open("ab") as file:
        file.write(b"broken\n")
    metrics = 'pvsim_readings_consumed_total{outcome="quarantined"} 2.0\n'

    with pvsim_that_says({"/readyz": "the broker is not connected\n", "/metrics": metrics}) as address:
        page = open_page(exporter(pvsim_address=address))
        expect(page.place("quarantined")).to_have_text("2")

    assert page.text("pvsim") == "not ready: the broker is not connected"
    assert (page.text("records"), page.text("invalid_lines"), page.text("discarded")) == ("6", "1", "–")


@contextmanager
def pvsim_that_says(answers: dict[str, str]) -> Iterator[str]:
    """The address of a stand-in for pvsim."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answers[self.path].encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_the_page_says_which_partition_it_shows(tmp_path: Path, exporter: Start, open_page: Open) -> None:
    halves = [WrittenJournal(tmp_path / str(at), partition=at, partitions=2) for at in (0, 1)]
    halves[0].append([record("2026-06-21T10:00:00Z", "home-1", 400, 0)])
    halves[1].append([record("2026-06-21T10:00:00Z", "home-2", 500, 0)])

    half, whole = open_page(exporter(halves[0])), open_page(exporter(*halves))

    assert (half.text("partition"), half.value("meter_w")) == ("partition 0 of 2", 400)
    assert (whole.text("partition"), whole.value("meter_w")) == ("", 900)


@pytest.mark.parametrize(
    ("watts", "text"),
    [
        (0, "0 W"),
        (431.6, "432 W"),
        (999.4, "999 W"),
        (999.6, "1.00 kW"),
        (-5270, "−5.27 kW"),
        (25_380, "25.4 kW"),
        (999_600, "1.00 MW"),
        (12_345_678, "12.3 MW"),
    ],
)
def test_a_power_has_three_digits_that_count(formats: LivePage, watts: float, text: str) -> None:
    assert formats.tab.evaluate(f"import('/static/format.js').then(format => format.powerText({watts}))") == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        ("null", "never"),
        (1.2, "just now"),
        (14.6, "15 s ago"),
        (150, "3 min ago"),
        (7300, "2 h ago"),
        (3e5, "3 days ago"),
    ],
)
def test_an_age_is_as_exact_as_it_matters(formats: LivePage, seconds: float, text: str) -> None:
    assert formats.tab.evaluate(f"import('/static/format.js').then(format => format.age({seconds}))") == text


def test_a_curve_begins_where_all_sites_are_loaded(formats: LivePage) -> None:
    minutes = formats.tab.evaluate(
        """import('/static/day.js').then(({ Day }) => {
            const powers = Array(10).fill(500);
            const times = { begins_ms: 0, ends_ms: 86_400_000, bin_ms: 60_000, timezone: "UTC" };
            const event = { ...times, meter_w: powers, pv_w: powers };
            return new Day(event, 3.5 * 60_000).points(1).map((point) => point.begin / 60_000);
        })"""
    )

    assert minutes == [5, 6, 7, 8, 9]  # in the minutes 3 and 4 a site may be missing


@pytest.fixture(scope="module")
def formats(browser: Browser, shared_exporter: Start) -> Iterator[LivePage]:
    """A page whose module of formats may be asked."""
    with browser.new_context() as context:
        yield LivePage(context.new_page(), shared_exporter([]).address()).open()
