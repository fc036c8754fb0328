"""From readings to records."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pvsim.fleet import Fleet
from pvsim.plant import PlantChoice
from pvsim.readings import Readings, columns
from pvsim_common.messages import Admitted, PowerRecord, format_timestamp
from pvsim_common.places import PLACES

NOON = 1_782_036_000_000  # date -d 2026-06-21T10:00:00Z +%s, in milliseconds
MIDNIGHT = 1_782_000_000_000  # date -d 2026-06-21T00:00:00Z +%s, in milliseconds


def munich() -> Fleet:
    return Fleet(PLACES["munich"], seed=1, variation=True, sky="cloudy")


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return munich()


DULL = Admitted(MIDNIGHT + 1, 1000, ["home-1"], [1])


def readings(*asked: tuple[int, str, int]) -> Readings:
    """Instants, sites and powers."""
    return columns([Admitted(instant, 1000, [site], [power]) for instant, site, power in asked])


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


def test_no_sites_or_no_instants_make_an_empty_block(fleet: Fleet) -> None:
    assert fleet.power([], np.array([NOON])).shape == (0, 1)
    assert fleet.power(["home-1"], np.array([], dtype=np.int64)).shape == (1, 0)


DAY_MS = 86_400_000
sites = st.lists(st.integers(0, 40).map("home-{}".format), min_size=1, max_size=12, unique=True)
close, anywhere = st.integers(0, 3600).map(lambda s: NOON + 1000 * s), st.integers(0, 7_258_118_399_999)
times = st.lists(close, min_size=1, max_size=12) | st.lists(close | anywhere, min_size=1, max_size=4)


@settings(deadline=None, max_examples=25)
@given(sites, times)
def test_a_block_holds_what_each_pair_gives_alone(fleet: Fleet, sites: list[str], instants: list[int]) -> None:
    block = fleet.power(sites, np.array(instants))

    alone = [[int(fleet.power([site], np.array([instant]))[0, 0]) for instant in instants] for site in sites]
    assert block.tolist() == alone


@settings(deadline=None, max_examples=25)
@given(sites, times, st.randoms(use_true_random=False))
def test_records_hold_what_a_block_holds_in_any_order(
    fleet: Fleet, sites: list[str], instants: list[int], random: Random
) -> None:
    pairs = [(instant, site) for instant in dict.fromkeys(instants) for site in sites]
    random.shuffle(pairs)

    records = fleet.records(readings(*((instant, site, 0) for instant, site in pairs)))

    assert records.pv.tolist() == [int(fleet.power([site], np.array([instant]))[0, 0]) for instant, site in pairs]


@pytest.mark.parametrize(
    ("count", "instants"), [(3000, [NOON, NOON + 1000]), (2, (NOON + 900_000 * np.arange(3000)).tolist())]
)
def test_a_large_block_holds_what_its_parts_hold(fleet: Fleet, count: int, instants: list[int]) -> None:
    sites, when = [f"home-{n}" for n in range(count)], np.array(instants)

    block = fleet.power(sites, when)

    assert block[-1:].tolist() == fleet.power(sites[-1:], when).tolist()
    assert block[:, -1:].tolist() == fleet.power(sites, when[-1:]).tolist()


@pytest.mark.parametrize("latitude", [-90.0, -33.9, 0.0, 66.0, 90.0])
@pytest.mark.parametrize("longitude", [-180.0, 180.0])
@pytest.mark.parametrize("altitude", [-430.0, 6000.0])
def test_at_the_ends_of_the_earth_power_is_between_nothing_and_the_rating(
    latitude: float, longitude: float, altitude: float
) -> None:
    place = PLACES["munich"]._replace(latitude=latitude, longitude=longitude, altitude=altitude)
    choice = PlantChoice(inverter_kw=2.0)
    instants = MIDNIGHT + 1_800_000 * np.arange(48)

    power = Fleet(place, seed=1, variation=True, sky="cloudy", choice=choice).power(["home-1", "home-2"], instants)

    assert power.min() >= 0
    assert 0 < power.max() <= 20_000 or latitude == -90  # where it is polar night


def test_power_never_exceeds_a_rating_that_is_no_whole_tenth_of_a_watt() -> None:
    choice = PlantChoice(capacity_kwp=9.0, inverter_kw=1.00009)
    fleet = Fleet(PLACES["phoenix"], seed=1, variation=False, sky="clear", choice=choice)

    power = fleet.power(["home-1"], MIDNIGHT + 600_000 * np.arange(144))

    assert power.max() == 10_000  # 1000.0 of 1000.09 W


def test_without_variation_sites_have_the_same_plant_and_a_cloud_comes_to_each_in_its_time() -> None:
    sites, instants = [f"home-{n}" for n in range(50)], NOON + 1000 * np.arange(60)
    clear, cloudy = (
        Fleet(PLACES["munich"], seed=1, variation=False, sky=sky).power(sites, instants) for sky in ("clear", "cloudy")
    )

    assert np.ptp(clear, axis=0).max() == 0
    assert np.ptp(cloudy, axis=0).min() > 0


def test_with_variation_each_site_has_its_own_plant_under_a_clear_sky_too() -> None:
    power = Fleet(PLACES["munich"], seed=1, variation=True, sky="clear").power(["a", "b", "c"], np.array([NOON]))

    assert len(set(power[:, 0].tolist())) == 3


@pytest.mark.parametrize("begin", [NOON, 1_782_003_600_000 + 30_000])  # and around sunrise, 2026-06-21T01:00:00Z on
def test_readings_that_form_a_grid_have_the_same_records_as_each_alone(fleet: Fleet, begin: int) -> None:
    sites = [f"home-{n}" for n in range(7)]
    messages = [Admitted(begin + 600_000 * n, 600_000, sites, list(range(7))) for n in range(24)]
    together = columns(messages)
    alone = [columns([Admitted(*message[:2], list(sites), message.power_w), DULL]) for message in messages]

    lines = fleet.records(together).lines()

    assert together.grid == (24, 7)
    assert {each.grid for each in alone} == {None}
    assert lines.splitlines() == [line for each in alone for line in fleet.records(each).lines().splitlines()[:7]]
