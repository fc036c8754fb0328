"""From readings to records."""

import numpy as np
import pytest

from pvsim.fleet import Fleet
from pvsim.readings import Readings, columns
from pvsim_common.messages import MeterReadings, PowerRecord, format_timestamp
from pvsim_common.places import PLACES

NOON = 1_782_036_000_000  # date -d 2026-06-21T10:00:00Z +%s, in milliseconds
MIDNIGHT = 1_782_000_000_000  # date -d 2026-06-21T00:00:00Z +%s, in milliseconds


def munich() -> Fleet:
    return Fleet(PLACES["munich"], seed=1, variation=True, sky="cloudy")


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return munich()


def readings(*asked: tuple[int, str, int]) -> Readings:
    """Instants, sites and powers."""
    return columns(
        [(instant, MeterReadings(format_timestamp(instant), 1.0, [site], [power])) for instant, site, power in asked]
    )


def test_some_journal_lines_are_known_for_ever(fleet: Fleet) -> None:
    # made once by this model: another number here is a new model version
    lines = fleet.records(readings((NOON, "home-1", 432), (MIDNIGHT, "home-2", 1187))).lines()

    assert lines == (
        b'{"timestamp":"2026-06-21T10:00:00Z","site":"home-1",'
        b'"meter":0.432,"pv":4.5272,"total_power":4.9592,"net_power":-4.0952}\n'
        b'{"timestamp":"2026-06-21T00:00:00Z","site":"home-2",'
        b'"meter":1.187,"pv":0.0,"total_power":1.187,"net_power":1.187}\n'
    )


def test_records_come_in_the_order_of_their_readings(fleet: Fleet) -> None:
    asked = [(NOON, "b", 1), (MIDNIGHT, "a", 2), (NOON, "a", 3), (NOON + 500, "b", 4)]

    records = fleet.records(readings(*asked)).power_records()

    assert [(record.timestamp, record.site, record.meter) for record in records] == [
        (format_timestamp(instant), site, power / 1000) for instant, site, power in asked
    ]


def test_at_night_all_that_a_home_draws_comes_from_the_grid(fleet: Fleet) -> None:
    (record,) = fleet.records(readings((MIDNIGHT, "home-1", 432))).power_records()

    assert record == PowerRecord("2026-06-21T00:00:00Z", "home-1", 0.432, 0.0, 0.432, 0.432)


def test_sums_and_differences_are_exact_in_tenths_of_a_watt(fleet: Fleet) -> None:
    asked = [(MIDNIGHT + 60_000 * n, "home-1", 7 * n % 9001) for n in range(1440)]

    for record in fleet.records(readings(*asked)).power_records():
        meter, pv = round(record.meter * 10_000), round(record.pv * 10_000)

        assert (record.meter, record.pv) == (meter / 10_000, pv / 10_000)
        assert (record.total_power, record.net_power) == ((meter + pv) / 10_000, (meter - pv) / 10_000)


def test_the_power_of_a_plant_does_not_depend_on_what_else_is_asked(fleet: Fleet) -> None:
    instants = (MIDNIGHT + 1000 * np.arange(0, 86_400, 997)).tolist()

    together = fleet.records(readings(*((instant, "home-1", 0) for instant in instants))).pv.tolist()

    alone = [munich().records(readings((i, "home-1", 0))).pv.tolist() for i in instants[40:44]]
    assert [[pv] for pv in together[40:44]] == alone


def test_another_place_has_another_sun(fleet: Fleet) -> None:
    (here,) = fleet.records(readings((NOON, "home-1", 0))).pv.tolist()
    sydney = Fleet(PLACES["sydney"], seed=1, variation=True, sky="cloudy")
    (there,) = sydney.records(readings((NOON, "home-1", 0))).pv.tolist()

    assert here > 10_000
    assert there == 0  # 8 in the evening in Sydney


def test_no_readings_are_no_records(fleet: Fleet) -> None:
    assert fleet.records(readings()).power_records() == []
    assert fleet.records(readings()).lines() == b""
