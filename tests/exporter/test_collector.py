"""The metrics the exporter serves."""

import os
from pathlib import Path
from typing import Self

from prometheus_client import CollectorRegistry, generate_latest
from tests.exporter.columns import START, lines

from exporter.collector import JournalCollector
from exporter.follower import Follower

GOLDEN = Path(__file__).with_name("golden_metrics.txt")


class Exporter:
    """Journals and the registry their metrics are in."""

    def __init__(self, *directories: Path, max_site_series: int = 1000) -> None:
        self._followers = [Follower(directory) for directory in directories]
        self._registry = CollectorRegistry()
        self._registry.register(JournalCollector(self._followers, max_site_series=max_site_series, streams=lambda: 0))

    def read(self) -> Self:
        """Read the next chunk of each journal."""
        for follower in self._followers:
            follower.advance()
        return self

    def value(self, name: str, **labels: str) -> float | None:
        """One sample."""
        return self._registry.get_sample_value(name, labels)

    def text(self) -> str:
        """The whole page."""
        return generate_latest(self._registry).decode()


def write(directory: Path, *records: tuple[int, str, int, float]) -> None:
    """Append records to a journal."""
    directory.mkdir(exist_ok=True)
    with (directory / "results.jsonl").open("ab") as file:
        file.write(lines(*records))


def test_the_whole_page_is_as_agreed(tmp_path: Path) -> None:
    write(tmp_path, (0, "home-1", 432, 1234.5), (0, "home-2", 1187, 0.0), (0, "home-3", 200, 0.0))
    write(tmp_path, (1, "home-1", 450, 1300.2), (1, "home-2", 1190, 0.0), (1, "home-3", 200, 0.0))
    with (tmp_path / "results.jsonl").open("ab") as file:
        file.write(b"broken\n")
    os.utime(tmp_path / "results.jsonl", (START // 1000 + 2.5, START // 1000 + 2.5))

    text = Exporter(tmp_path, max_site_series=2).read().text()

    assert text == GOLDEN.read_text()


def test_before_the_journal_is_there_nothing_is_said_of_homes(tmp_path: Path) -> None:
    text = Exporter(tmp_path / "journal").read().text()

    samples = [line for line in text.splitlines() if not line.startswith("#")]
    assert samples == [
        "pvsim_page_streams 0.0",
        "pvsim_journal_bytes 0.0",
        "pvsim_sites 0.0",
        "pvsim_sites_hidden 0.0",
        "pvsim_journal_records_total 0.0",
        "pvsim_journal_invalid_lines_total 0.0",
    ]


def test_a_site_appears_with_its_first_record(tmp_path: Path) -> None:
    write(tmp_path, (0, "home-1", 432, 0.0))
    exporter = Exporter(tmp_path).read()

    before = exporter.value("pvsim_meter_power_watts", site="home-2")
    write(tmp_path, (1, "home-2", 1187, 0.0))
    exporter.read()

    assert before is None
    assert exporter.value("pvsim_meter_power_watts", site="home-2") == 1187.0


def test_counters_are_absent_until_the_journal_is_read_so_they_never_step_back(tmp_path: Path) -> None:
    write(tmp_path, (0, "home-1", 432, 0.0), (1, "home-1", 432, 0.0))
    exporter = Exporter(tmp_path)

    before = exporter.text()
    exporter.read()

    assert "_total" not in before
    assert exporter.value("pvsim_journal_records_total") == 2.0


def test_one_unread_journal_of_two_keeps_the_sums_absent(tmp_path: Path) -> None:
    write(tmp_path / "a", (0, "home-1", 432, 0.0))
    write(tmp_path / "b", (0, "home-2", 1187, 0.0))
    followers = [Follower(tmp_path / "a"), Follower(tmp_path / "b")]
    registry = CollectorRegistry()
    registry.register(JournalCollector(followers, max_site_series=1000, streams=lambda: 0))

    followers[0].advance()

    assert registry.get_sample_value("pvsim_fleet_meter_power_watts") is None


def test_the_fleet_is_the_sum_over_all_journals(tmp_path: Path) -> None:
    write(tmp_path / "a", (0, "home-1", 400, 100.0), (1, "home-1", 400, 100.0))
    write(tmp_path / "b", (0, "home-2", 100, 150.5), (2, "home-2", 100, 150.5))

    exporter = Exporter(tmp_path / "a", tmp_path / "b").read()

    assert exporter.value("pvsim_sites") == 2.0
    assert exporter.value("pvsim_journal_records_total") == 4.0
    assert exporter.value("pvsim_fleet_meter_power_watts") == 500.0
    assert exporter.value("pvsim_fleet_net_power_watts") == 249.5
    assert exporter.value("pvsim_fleet_import_energy_joules_total") == 300.0  # 300 W x 1 s
    assert exporter.value("pvsim_fleet_export_energy_joules_total") == 101.0  # 50.5 W x 2 s
    assert exporter.value("pvsim_reading_timestamp_seconds") == START / 1000 + 2
    assert exporter.value("pvsim_meter_power_watts", site="home-1") == 400.0
    assert exporter.value("pvsim_meter_power_watts", site="home-2") == 100.0


def test_sites_beyond_the_limit_are_hidden_but_count_in_the_fleet(tmp_path: Path) -> None:
    write(tmp_path, (0, "home-1", 100, 0.0), (0, "home-2", 200, 0.0), (0, "home-3", 400, 0.0))

    exporter = Exporter(tmp_path, max_site_series=2).read()

    assert exporter.value("pvsim_meter_power_watts", site="home-2") == 200.0
    assert exporter.value("pvsim_meter_power_watts", site="home-3") is None
    assert exporter.value("pvsim_sites_hidden") == 1.0
    assert exporter.value("pvsim_fleet_meter_power_watts") == 700.0


def test_a_site_that_is_shown_stays_shown_when_another_journal_gets_new_sites(tmp_path: Path) -> None:
    write(tmp_path / "a", (0, "home-1", 100, 0.0))
    write(tmp_path / "b", (0, "home-2", 200, 0.0))
    exporter = Exporter(tmp_path / "a", tmp_path / "b", max_site_series=2).read()
    exporter.text()

    write(tmp_path / "a", (1, "home-3", 400, 0.0))
    exporter.read()

    assert exporter.value("pvsim_meter_power_watts", site="home-2") == 200.0
    assert exporter.value("pvsim_meter_power_watts", site="home-3") is None
    assert exporter.value("pvsim_sites_hidden") == 1.0


def test_no_sites_may_be_shown(tmp_path: Path) -> None:
    write(tmp_path, (0, "home-1", 100, 0.0))

    exporter = Exporter(tmp_path, max_site_series=0).read()

    assert 'site="' not in exporter.text()
    assert exporter.value("pvsim_fleet_meter_power_watts") == 100.0


def test_the_journals_size_and_last_write_are_those_of_its_files(tmp_path: Path) -> None:
    write(tmp_path / "a", (0, "home-1", 100, 0.0))
    write(tmp_path / "b", (0, "home-2", 100, 0.0))
    sizes = [(tmp_path / name / "results.jsonl").stat().st_size for name in "ab"]
    os.utime(tmp_path / "a" / "results.jsonl", (1000, 1000))
    os.utime(tmp_path / "b" / "results.jsonl", (2000, 2000))

    exporter = Exporter(tmp_path / "a", tmp_path / "b").read()

    assert exporter.value("pvsim_journal_bytes") == sum(sizes)
    assert exporter.value("pvsim_journal_last_write_timestamp_seconds") == 2000.0
