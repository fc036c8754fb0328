"""What is simulated and where: presets, and what is said instead of them."""

import pytest

from pvsim_common.places import MONTHS, PLACES, Place
from pvsim_common.settings import ServiceSettings, read
from pvsim_common.simulation_settings import SimulationSettings


class ToySettings(ServiceSettings, SimulationSettings):
    """A service of this test."""

    service = "toy"


def resolved(*arguments: str) -> Place:
    return read(ToySettings, list(arguments)).resolved_place


def test_without_a_word_the_homes_are_in_munich() -> None:
    assert resolved() == PLACES["munich"]


def test_a_place_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PVSIMULATOR_PLACE", "new-york")

    assert resolved() == PLACES["new-york"]


def test_a_given_setting_counts_instead_of_the_places() -> None:
    place = resolved("--place=berlin", "--altitude=100", "--timezone=Europe/Warsaw")

    assert place == PLACES["berlin"]._replace(altitude=100.0, timezone="Europe/Warsaw")


def test_another_position_has_the_usual_climate_of_its_latitude() -> None:
    place = resolved("--latitude=-45", "--longitude=170", "--altitude=0")

    assert (place.latitude, place.longitude, place.timezone) == (-45.0, 170.0, "Europe/Berlin")
    assert place.clearness == (0.69,) * MONTHS
    assert place.temperature[0] > place.temperature[6]  # January is summer there


def test_a_climate_that_is_given_counts_anywhere() -> None:
    numbers = ",".join(str(month / 10) for month in range(-6, 6))

    assert resolved("--latitude=60", "--clearness=0.5").clearness == (0.5,) * MONTHS
    assert resolved(f"--temperature={numbers}").temperature[:2] == (-0.6, -0.5)


def test_a_climate_may_stand_in_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOY_CLEARNESS", "0.4, " + ",".join(["0.5"] * 11))

    assert resolved().clearness == (0.4, *[0.5] * 11)


WRONG = {
    "--place=bern": "place: should be one of munich, berlin, zurich, madrid, phoenix, singapore, sydney, new-york, "
    "shanghai, not 'bern'",
    "--clearness=0.5,0.6": "clearness: should be 12 numbers separated by commas, or one for all months, not",
    "--clearness=2": "clearness: input should be less than or equal to 1.05, not 2",
    "--temperature=warm": "temperature: should be 12 numbers separated by commas, or one for all months, not",
    "--sky=grey": "sky: input should be 'cloudy' or 'clear', not 'grey'",
}


@pytest.mark.parametrize("argument", WRONG)
def test_what_makes_no_sense_is_told_with_its_name_and_value(argument: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        resolved(argument)

    assert WRONG[argument] in capsys.readouterr().err


@pytest.mark.parametrize("name", PLACES)
def test_a_preset_is_within_the_bounds_of_the_settings(name: str) -> None:
    place = PLACES[name]

    assert (len(place.clearness), len(place.temperature)) == (MONTHS, MONTHS)
    assert all(0.1 <= clearness <= 1.05 for clearness in place.clearness)
    assert max(place.temperature) - min(place.temperature) < 30
    again = resolved(
        f"--latitude={place.latitude}",
        f"--longitude={place.longitude}",
        f"--altitude={place.altitude}",
        f"--timezone={place.timezone}",
        f"--clearness={','.join(map(str, place.clearness))}",
        f"--temperature={','.join(map(str, place.temperature))}",
    )
    assert again._replace(country=place.country) == place
