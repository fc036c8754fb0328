"""JSON lines are the journal that meter and pvsim would write; CSV has the same numbers."""

import csv
import json
from collections.abc import Sequence

import numpy as np
import pytest
from tests.dataset.conftest import Make

from dataset.settings import DatasetSettings
from meter.fleet import groups, homes_of, messages
from meter.household import Households
from meter.tables import load_profile
from pvsim.fleet import Fleet
from pvsim.plant import PlantChoice
from pvsim.readings import columns
from pvsim_common.messages import Admitted, decode_readings
from pvsim_common.settings import read

DAY = ["--start=2026-06-21", "--end=2026-06-22"]
SCENARIOS = [
    [*DAY, "--interval=1min", "--homes=3"],
    [*DAY, "--interval=10min", "--homes=2", "--seed=7", "--place=sydney", "--profile=H25", "--annual-kwh=5000"],
    ["--start=2026-03-29T00:59:58.5Z", "--end=2026-03-29T01:00:03Z", "--interval=0.3", "--homes=2"],
    [*DAY, "--interval=10min", "--homes=1", "--place=berlin", "--sky=clear", "--variation=off"],
    [*DAY, "--interval=10min", "--homes=1", "--surface-tilt=20", "--surface-azimuth=90", "--capacity-kwp=9"],
    [*DAY, "--interval=10min", "--homes=5", "--shard=1/2", "--latitude=-33", "--longitude=151", "--losses=20"],
]


def journal(settings: DatasetSettings) -> bytes:
    """What pvsim would write for the messages that meter would send of the same instants."""
    recipe = settings.recipe
    place, seed, variation = settings.resolved_place, settings.seed, settings.variation
    sites = homes_of(recipe.shard, shards=recipe.shards, homes=settings.homes)
    households = Households(
        sites,
        seed=seed,
        profile=load_profile(settings.profile, place),
        variation=variation,
        annual_kwh=settings.annual_kwh,
    )
    choice = PlantChoice(
        settings.capacity_kwp,
        settings.inverter_kw,
        settings.surface_tilt,
        settings.surface_azimuth,
        settings.losses,
    )
    fleet = Fleet(place, seed=seed, variation=variation, sky=settings.sky, choice=choice, radius_km=settings.radius_km)
    return b"".join(fleet.records(columns(batch)).lines() for batch in sent(households, sites, recipe.instants))


def received(body: bytes) -> Admitted:
    """What pvsim takes a message for."""
    readings, instant = decode_readings(body)
    return Admitted(instant, readings.interval_ms, readings.sites, readings.power_w)


def sent(households: Households, sites: list[str], instants: Sequence[int]) -> list[list[Admitted]]:
    """A batch of one message for each instant."""
    members = groups(sites, partitions=1, sites_per_message=1000)
    power = households.power(np.array(instants, dtype=np.int64))
    return [
        [received(message.body) for _, message in messages(instant, power[:, at], members, 1.0)]
        for at, instant in enumerate(instants)
    ]


@pytest.mark.parametrize("options", SCENARIOS, ids=" ".join)
def test_json_lines_are_the_journal_byte_for_byte(options: list[str], make: Make) -> None:
    made = make("a.jsonl", *options).read_bytes()

    assert made == journal(read(DatasetSettings, [*options, "--output=a.jsonl"]))
    assert made.count(b"\n") > 10


def test_csv_has_a_head_and_the_numbers_of_the_journal(make: Make) -> None:
    records = [json.loads(line) for line in make("a.jsonl", *SCENARIOS[0]).read_text().splitlines()]

    with make("a.csv", *SCENARIOS[0]).open(newline="") as file:
        rows = list(csv.DictReader(file))

    assert rows == [{name: str(value) for name, value in record.items()} for record in records]


def test_the_shards_of_a_data_set_hold_each_record_of_the_whole_once(make: Make) -> None:
    options = [*DAY, "--interval=10min", "--homes=5"]

    whole = make("whole.jsonl", *options).read_text().splitlines()

    shards = [make(f"{n}.jsonl", *options, f"--shard={n}/3").read_text().splitlines() for n in range(3)]
    assert [len(shard) for shard in shards] == [288, 288, 144]
    assert sorted(line for shard in shards for line in shard) == sorted(whole)
