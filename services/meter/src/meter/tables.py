"""The standard load profiles that come with the meter, and the public holidays of a country."""

from collections.abc import Container
from datetime import date
from importlib.resources import files
from typing import Literal
from zoneinfo import ZoneInfo

from holidays import country_holidays, list_supported_countries

from meter.profiles import Profile, month, parse_table, season
from pvsim_common.places import Place

ProfileName = Literal["H0", "H25"]

_PERIODS = {"H0": season, "H25": month}


def load_profile(name: ProfileName, place: Place) -> Profile:
    """BDEW's profile of that name, as people live at the place: by its clock, its public holidays, its seasons.

    The tables: H0 of 1999, published by VDEW, and H25 of 2025, published by BDEW: mean power [W] of a home that uses
    1000 kWh a year, not dynamised yet.
    """
    table = parse_table(files("meter").joinpath(f"data/{name.lower()}.csv").read_text().splitlines())
    return Profile(
        table,
        ZoneInfo(place.timezone),
        period_of=_PERIODS[name],
        holidays=_public_holidays(place.country),
        southern=place.latitude < 0,
    )


def countries() -> set[str]:
    """The countries whose public holidays are known: ISO 3166-1 codes of two letters."""
    return set(list_supported_countries(include_aliases=False))


def _public_holidays(country: str) -> Container[date]:
    """The national holidays of a country, worked out as years are asked for; none where they are not known."""
    return country_holidays(country) if country in countries() else frozenset()
