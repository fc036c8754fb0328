"""What the watch expects of an exporter's counters, and what it makes of steps back."""

import numpy as np
from tests.chaos.judge import Run
from tests.chaos.watching import Watch, counters, differences, expected_counters
from tests.simulated import lines_of_all

from exporter.records import parse
from pvsim_common.energy import EnergyTotals

RUN = Run(["home-1", "home-2"], 1_782_036_000_000, seconds=2500, seed=3)


def test_expected_counters_are_those_that_the_exporter_would_count() -> None:
    instants = RUN.first + 1000 * np.arange(RUN.seconds, dtype=np.int64)
    records = parse(b"".join(line + b"\n" for line in lines_of_all(RUN.sites, instants, seed=3)))
    totals = EnergyTotals()
    totals.add(np.tile([0, 1], RUN.seconds), records.instants, records.meter, records.pv)

    expected = expected_counters(RUN)

    fleet = [expected[f"pvsim_fleet_{name}_energy_joules_total"] for name in ("meter", "pv", "import", "export")]
    assert fleet == list(totals.fleet())
    assert expected['pvsim_pv_energy_joules_total{site="home-2"}'] == totals.energies().pv[1]
    assert expected["pvsim_journal_records_total"] == 5000


def test_counters_are_read_from_the_text_and_nothing_else_is() -> None:
    text = """# TYPE pvsim_pv_energy_joules_total counter
pvsim_pv_energy_joules_total{site="home-1"} 1.5
pvsim_pv_power_watts{site="home-1"} 7.0
pvsim_fleet_import_energy_joules_total 2e+06
pvsim_journal_records_total 4.0
pvsim_journal_bytes 9.0
"""

    found = counters(text)

    assert found == {
        'pvsim_pv_energy_joules_total{site="home-1"}': 1.5,
        "pvsim_fleet_import_energy_joules_total": 2e6,
        "pvsim_journal_records_total": 4.0,
    }


def test_counters_that_differ_are_named_also_where_one_is_missing() -> None:
    told = differences({"a": 1.0, "b": 2.0}, {"a": 1.0, "b": 2.5, "c": 3.0})

    assert told == ["b is 2.0, not 2.5", "c is None, not 3.0"]


class Exporter:
    """Says one text after the other."""

    def __init__(self, *texts: str) -> None:
        self._texts = list(texts)

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a GET request."""
        assert path == "/metrics"
        return 200, self._texts.pop(0)


def test_a_counter_that_steps_back_is_seen_also_when_there_was_none_in_between() -> None:
    name = "pvsim_fleet_pv_energy_joules_total"
    watch = Watch(Exporter(f"{name} 2.0\n", "", f"{name} 3.0\n", f"{name} 2.9\n"))

    looks = [watch.look() for _ in range(4)]

    assert looks == [True, False, True, True]
    assert watch.steps_back == [f"{name} from 3.0 to 2.9"]
