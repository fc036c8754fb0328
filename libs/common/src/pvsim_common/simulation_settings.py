"""What is simulated and where: the settings that all parts of one simulation share."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from pvsim_common.places import MONTHS, PLACES, Place, usual_clearness, usual_temperature


def _known_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("should be an IANA time zone such as Europe/Berlin") from error
    return name


def _known_place(name: str) -> str:
    if name not in PLACES:
        raise ValueError(f"should be one of {', '.join(PLACES)}")
    return name


def _monthly(value: object) -> object:
    """The numbers between the commas: a variable is one text, arguments are a list of them. Raises ValueError."""
    texts = value if isinstance(value, list | tuple) else [value]
    try:
        numbers = tuple(float(part) for text in texts for part in str(text).split(","))
    except ValueError as error:
        raise ValueError(f"should be {MONTHS} numbers separated by commas, or one for all months") from error
    if len(numbers) not in (1, MONTHS):
        raise ValueError(f"should be {MONTHS} numbers separated by commas, or one for all months")
    return numbers if len(numbers) == MONTHS else numbers * MONTHS


_Clearness = Annotated[float, Field(ge=0.1, le=1.05)]
_Temperature = Annotated[float, Field(ge=-60, le=50)]


class SimulationSettings(BaseSettings):
    """What is simulated and where: equal for meter and pvsim, or the journal makes no sense."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    seed: int = Field(1, ge=0, lt=2**63, description="Seed of everything random; the same seed gives the same homes.")
    place: Annotated[str, AfterValidator(_known_place)] = Field(
        "munich", description=f"Where the homes are, by name: {', '.join(PLACES)}. What follows says it in detail."
    )
    latitude: float | None = Field(
        None, ge=-90, le=90, description="Latitude of the homes [degrees north], instead of the place's."
    )
    longitude: float | None = Field(
        None, ge=-180, le=180, description="Longitude of the homes [degrees east], instead of the place's."
    )
    altitude: float | None = Field(
        None, ge=-430, le=6000, description="Altitude of the homes above sea level [m], instead of the place's."
    )
    timezone: Annotated[str, AfterValidator(_known_timezone)] | None = Field(
        None, description="IANA time zone the homes live by, instead of the place's."
    )
    clearness: Annotated[tuple[_Clearness, ...], NoDecode, BeforeValidator(_monthly)] | None = Field(
        None,
        description="Mean clearsky index of each month, 12 numbers separated by commas, or one for all; "
        "instead of the place's, or of the usual one of a latitude or longitude that is given.",
    )
    temperature: Annotated[tuple[_Temperature, ...], NoDecode, BeforeValidator(_monthly)] | None = Field(
        None, description="Mean air temperature of each month [C], in the same way as clearness."
    )
    variation: bool = Field(
        True, description="Whether homes and plants differ from each other (on), or are all the nominal one (off)."
    )
    sky: Literal["cloudy", "clear"] = Field(
        "cloudy", description="State of the sky: cloudy has the place's weather; clear is cloudless, at 20 C."
    )

    @property
    def resolved_place(self) -> Place:
        """The place, with what the settings say instead of it; another position has the usual climate of its own."""
        place = PLACES[self.place]
        given = {name: value for name in Place._fields if (value := getattr(self, name, None)) is not None}
        there = place._replace(**given)
        if given.keys().isdisjoint({"latitude", "longitude"}):
            return there
        climate = {
            "clearness": usual_clearness(there.latitude),
            "temperature": usual_temperature(there.latitude, there.altitude),
        }
        return there._replace(**(climate | {name: given[name] for name in climate.keys() & given.keys()}))
