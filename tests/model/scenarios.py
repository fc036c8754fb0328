"""What is simulated to be looked at: the options of each data set, in the words of `dataset`."""

from typing import Any

import numpy as np
from tests.model.judge import Plant, Position

Options = dict[str, Any]
TIMEZONE = "Europe/Berlin"
SEEDS = (1, 2)
YEAR_SEEDS = (1, 2, 3, 4, 5)
ANNUAL_KWH = 3500.0  # of a home without variation, and the mean of those with
RATING = 4600.0  # [W] of the nominal inverter
CAPACITY_KWP = 5.0
SMALL_INVERTER_KW = 3.0

SOLSTICES_AND_EQUINOXES = {
    "2026-03-20": "2026-03-21",
    "2026-06-21": "2026-06-22",
    "2026-09-23": "2026-09-24",
    "2026-12-21": "2026-12-22",
}
YEAR = {"start": "2025-12-31T23:00:00Z", "end": "2026-12-31T23:00:00Z"}  # by the clock of Munich, but for summer
FLAT = Plant(tilt=0.0, rating=3.6)
REMOTE = {  # midnight sun and polar night, the date line, the equator high up
    "Tromsø": Position(69.65, 18.96, 10.0),
    "Suva": Position(-18.14, 178.44, 10.0),
    "Quito": Position(-0.18, -78.47, 2850.0),
}
PLANTS = {
    "east": Plant(azimuth=90.0, tilt=50.0),
    "flat": Plant(tilt=0.0),
    "clipped": Plant(capacity=9.9, rating=6.0, losses=5.0),
    "northwest": Plant(azimuth=300.0, tilt=25.0, capacity=3.0, rating=3.0, losses=20.0),
}


LATER = {"start": "2026-06-21T05:00:00Z", "end": "2026-06-21T06:00:00Z"}
REPLAYS: dict[str, Options] = {
    "fewer homes": {"homes": 1},
    "more homes": {"homes": 1000} | LATER,
    "another start": LATER,
    "another interval": {"interval": "10min"},
    "more workers": {"workers": 2},
    "one shard of three": {"shard": "1/3"},
}


def day(seed: int, **more: object) -> Options:
    """Three homes with their plants, whose inverters are small, on the longest day."""
    date = {"start": "2026-06-21", "end": "2026-06-22", "interval": "60s"}
    return date | {"homes": 3, "inverter_kw": SMALL_INVERTER_KW, "seed": seed} | more


def clear_day(first: str, **more: object) -> Options:
    """The nominal plant under a clear sky."""
    last = SOLSTICES_AND_EQUINOXES[first]
    return {"start": first, "end": last, "interval": "10s", "homes": 1, "sky": "clear", "variation": "off"} | more


def plant_options(plant: Plant) -> Options:
    """A plant in the words of `dataset`."""
    return {
        "surface_tilt": plant.tilt,
        "surface_azimuth": plant.azimuth,
        "capacity_kwp": plant.capacity,
        "inverter_kw": plant.rating,
        "losses": plant.losses,
    }


def position_options(position: Position) -> Options:
    """A position in the words of `dataset`."""
    return {**position._asdict(), "timezone": "UTC"}


def month(seed: int) -> Options:
    """One home at 2 s, in June, whose clearness is about that of the year."""
    days = {"start": "2026-06-01", "end": "2026-07-01"}
    return days | {"interval": "2s", "homes": 1, "variation": "off", "seed": seed}


def neighbours(seed: int, place: str) -> Options:
    """Two homes within 200 m, in June at a minute."""
    days = {"start": "2026-06-01", "end": "2026-07-01", "interval": "60s"}
    return days | {"place": place, "homes": 2, "radius_km": 0.1, "variation": "off", "seed": seed}


def seasons(seed: int, profile: str) -> list[Options]:
    """A thousand homes from Friday to Sunday in February, April and August, none of them holidays."""
    weekends = [
        ("2026-02-05T23:00:00Z", "2026-02-08T23:00:00Z"),
        ("2026-04-16T22:00:00Z", "2026-04-19T22:00:00Z"),
        ("2026-08-20T22:00:00Z", "2026-08-23T22:00:00Z"),
    ]
    common = {"interval": "15min", "homes": 1000, "profile": profile, "seed": seed}
    return [{"start": start, "end": end} | common for start, end in weekends]


def week(seed: int) -> Options:
    """A hundred homes from Monday to Sunday in February, at a minute."""
    days = {"start": "2026-02-01T23:00:00Z", "end": "2026-02-08T23:00:00Z"}
    return days | {"interval": "60s", "homes": 100, "seed": seed}


def year_of_homes(seed: int) -> Options:
    """Fifty homes over a year, at an hour."""
    return YEAR | {"interval": "1h", "homes": 50, "seed": seed}


def year(seed: int, place: str) -> Options:
    """A nominal home over a year."""
    return YEAR | {"place": place, "interval": "120s", "homes": 1, "variation": "off", "seed": seed}


def flat_year(seed: int, interval: str = "60s") -> Options:
    """A nominal home over a year whose modules lie flat, as instruments do, with an inverter that fits."""
    flat = {"surface_tilt": FLAT.tilt, "inverter_kw": FLAT.rating}
    return YEAR | flat | {"interval": interval, "homes": 1, "variation": "off", "seed": seed}


def clock_change(day: str) -> Options:
    """Three homes on a day, and on those before and after it."""
    date = np.datetime64(day)
    days = {"start": str(date - 1), "end": str(date + 2)}
    return days | {"interval": "10min", "homes": 3}


def repeated_hours(seed: int) -> Options:
    """A thousand homes while the clock shows 02:00 to 03:00 twice."""
    hours = {"start": "2026-10-25T00:00:00Z", "end": "2026-10-25T02:00:00Z"}
    return hours | {"interval": "10s", "homes": 1000, "seed": seed}


def quick_ones() -> list[Options]:
    """What every run of the tests looks at."""
    days = [day(seed) for seed in SEEDS]
    changes = [clock_change(date) for date in ("2026-03-29", "2026-10-25")]
    return [*days, *changes, *(clear_day("2026-06-21", place=place) for place in ("munich", "sydney"))]


def long_ones() -> list[Options]:
    """All that take long, so that they can be ordered at once; the longest first."""
    flat_years = [*(flat_year(seed, "20s") for seed in SEEDS), *(flat_year(seed) for seed in YEAR_SEEDS)]
    years = [year(seed, place) for place in ("munich", "berlin") for seed in YEAR_SEEDS]
    months = [options for seed in SEEDS for options in (month(seed), week(seed), year_of_homes(seed))]
    weekends = [options for seed in SEEDS for options in seasons(seed, "H0")] + seasons(1, "H25")
    pairs = [neighbours(seed, place) for seed in SEEDS for place in ("munich", "berlin")]
    return [*flat_years, *years, *months, *weekends, *pairs, repeated_hours(1)]
