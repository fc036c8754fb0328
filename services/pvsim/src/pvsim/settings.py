"""Settings of pvsim."""

import re
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pvsim.plant import PlantChoice
from pvsim_common.settings import BrokerSettings, Duration, Ordinal, ServiceSettings
from pvsim_common.simulation_settings import SimulationSettings

_UNITS_BYTES = {"": 1, "B": 1} | {
    f"{prefix}{unit}": base**power
    for power, prefix in enumerate("kMGT", start=1)
    for unit, base in (("B", 1000), ("iB", 1024))
}


def parse_size(value: object) -> object:
    """Bytes of a text such as 500kB, 64MiB, 1.5GiB or bare bytes. Raises ValueError; numbers pass."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*([A-Za-z]*)\s*", value)
    unit = _UNITS_BYTES.get(found[2].replace("K", "k")) if found else None
    if found is None or unit is None:
        raise ValueError("should be bytes such as 500kB, 64MiB, 10GiB or a bare number")
    return round(float(found[1]) * unit)


Size = Annotated[int, BeforeValidator(parse_size)]


class PlantSettings(BaseSettings):
    """The plants: what is given holds for every site; the rest varies by the site's name, or is the nominal plant's."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    capacity_kwp: float | None = Field(
        None, ge=0.1, le=30, description="Modules of each plant [kWp]; default: 3 to 10 by site, 5 without variation."
    )
    inverter_kw: float | None = Field(
        None,
        ge=0.1,
        le=30,
        description="Rating of each inverter [kW]; default: the modules' divided by 1 to 1.25, 4.6 without variation.",
    )
    surface_tilt: float | None = Field(
        None, ge=0, le=90, description="Tilt of the modules [degrees]; default: 10 to 50 by site, 35 without variation."
    )
    surface_azimuth: float | None = Field(
        None,
        ge=0,
        le=360,
        description="Where the modules face [degrees; 180 is south]; default: around the equator's side, "
        "exactly there without variation.",
    )
    losses: float | None = Field(
        None,
        ge=0,
        lt=100,
        description="All losses but the inverter's [%]; default: 14.08 and 0 to 10 of age, 14.08 without variation.",
    )
    radius_km: float = Field(
        2.0, ge=0, le=20, description="Sites lie within this distance [km]: clouds reach one after the other."
    )

    @property
    def plant_choice(self) -> PlantChoice:
        """What is given of the plants."""
        return PlantChoice(*(getattr(self, name) for name in PlantChoice._fields))

    @property
    def plant_text(self) -> str:
        """What is given of the plants, as one text."""
        given = {name: getattr(self, name) for name in (*PlantChoice._fields, "radius_km")}
        return " ".join(f"{name}={value:.15g}" for name, value in given.items() if value is not None)


class PvsimSettings(ServiceSettings, BrokerSettings, SimulationSettings, PlantSettings):
    """Simulate the PV plants: one power record for every meter reading, exactly once on disk."""

    service: ClassVar[str] = "pvsim"
    examples: ClassVar[str] = """
other commands:
  pvsim verify DIRECTORY    check a journal, and mend it
  pvsim quarantine list     look at the messages in quarantine; requeue and drop them
  pvsim handover, takeover  change the number of partitions
"""

    http_port: int = Field(
        8082, ge=0, le=65535, description="Port of /metrics, /healthz and /readyz; 0 takes a free one."
    )
    journal_directory: Path = Field(
        Path("journal"), description="Directory the journal is written to; made if missing."
    )
    journal_on_change: Literal["stop", "archive", "takeover"] = Field(
        "stop",
        description="What happens where the directory holds the journal of another simulation: pvsim stops and says "
        "what differs; or moves it to archive-1, archive-2 … in there and begins a new one (archive), or waits for "
        "`pvsim takeover` to begin that, also where there is none (takeover).",
    )
    segment_size: Size = Field(
        "64MiB", validate_default=True, ge=1024, description="The open segment is closed once it has so many bytes."
    )
    compress: bool = Field(True, description="Whether closed segments are compressed (zstd).")
    retention_age: Duration | None = Field(
        None, gt=0, description="Closed segments older than this are removed; none keeps them."
    )
    retention_size: Size | None = Field(
        None, gt=0, description="The oldest closed segments are removed beyond so many bytes of them; none keeps them."
    )
    partition: Ordinal = Field(description="Which queue to consume; default: the pod's ordinal, else 0.")
    prefetch: int = Field(1000, ge=1, le=65_535, description="Messages held unacknowledged at most.")
    prefetch_bytes: Size = Field(
        "64MiB", validate_default=True, ge=8 * 1024 * 1024, description="Bytes held unacknowledged at most."
    )
    max_sites: int = Field(
        1_000_000, ge=1, description="Sites whose readings are taken; a message with more is refused."
    )

    @model_validator(mode="after")
    def _partition_is_one_of_partitions(self) -> "PvsimSettings":
        if self.partition >= self.partitions:
            raise ValueError(f"partition: should be less than partitions, {self.partitions}, not {self.partition}")
        return self

    @property
    def place_text(self) -> str:
        """Where the homes are, as one text."""
        place = self.resolved_place
        return f"{place.latitude:.15g} {place.longitude:.15g} {place.altitude:.15g} {place.timezone}"

    @property
    def climate_text(self) -> str:
        """The monthly means of the place, as one text."""
        place = self.resolved_place
        means = {"clearness": place.clearness, "temperature": place.temperature}
        return " ".join(f"{name}={','.join(f'{value:.15g}' for value in values)}" for name, values in means.items())
