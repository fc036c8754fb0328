"""Settings of the meter."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from meter.tables import ProfileName, countries
from pvsim_common.settings import (
    BrokerSettings,
    Duration,
    Interval,
    Ordinal,
    ServiceSettings,
    parse_start,
)
from pvsim_common.simulation_settings import SimulationSettings


def _start(text: str) -> str:
    parse_start(text, now=0)
    return text


def _known_country(code: str) -> str:
    if code == "none":
        return ""
    if code not in countries():
        raise ValueError("should be an ISO 3166-1 code such as DE, or none")
    return code


class HouseholdSettings(BaseSettings):
    """What homes consume: a part of the settings of whatever simulates them."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    annual_kwh: float = Field(
        3500.0,
        ge=100,
        le=20_000,
        description="What a home uses in a year, in the mean of many; each of them where variation is off [kWh].",
    )
    profile: ProfileName = Field(
        "H0", description="Standard load profile of BDEW that homes follow in the mean: H0 of 1999 or H25 of 2025."
    )
    country: Annotated[str, AfterValidator(_known_country)] | None = Field(
        None,
        description="Country whose public holidays are like Sundays, as ISO 3166-1 has it (DE), or none; "
        "instead of the place's.",
    )


class MeterSettings(ServiceSettings, BrokerSettings, SimulationSettings, HouseholdSettings):
    """Simulate what homes consume and publish it."""

    service: ClassVar[str] = "meter"

    http_port: int = Field(
        8081, ge=0, le=65535, description="Port of /metrics, /healthz and /readyz; 0 takes a free one."
    )
    homes: int = Field(3, ge=1, le=1_000_000, description="How many homes to simulate: home-1 to home-<homes>.")
    interval_s: Interval = Field(
        1.0, ge=0.01, le=3600, description="Simulated time between two readings of a home [s], whole milliseconds."
    )
    start: Annotated[str, AfterValidator(_start)] = Field(
        "now", description="First instant of the run: now, an RFC 3339 instant, a date, or relative to now as in -24h."
    )
    duration: Duration | None = Field(
        None,
        gt=0,
        description="Simulated length of the run [s], after which the meter ends; without it it goes on for ever.",
    )
    speed: float = Field(
        1.0, ge=0, le=1_000_000, description="Simulated seconds per second; 0 is as fast as it can. [1]"
    )
    sites_per_message: int = Field(1000, ge=1, le=10_000, description="Readings in one message at most.")
    shard: Ordinal = Field(
        description="Which part of the homes this meter simulates; default: the pod's ordinal, else 0."
    )
    shards: int = Field(1, ge=1, le=1024, description="How many meters share the homes.")
    catch_up_limit: Duration = Field(
        86_400.0, ge=0, description="How much a meter with start=now makes up for after an outage at most [s]."
    )
    max_ready: int = Field(
        10_000, ge=1, description="Publishing pauses while more messages than this wait in a queue for pvsim."
    )

    @model_validator(mode="after")
    def _shard_is_one_of_shards(self) -> "MeterSettings":
        if self.shard >= self.shards:
            raise ValueError(f"shard: should be less than shards, {self.shards}, not {self.shard}")
        if self.shards > self.homes:
            raise ValueError(f"shards: should be at most homes, {self.homes}, not {self.shards}")
        return self

    def start_instant(self, now: int) -> int:
        """The instant that `start` means [ms since 1970], given now."""
        return parse_start(self.start, now=now)

    @property
    def interval_ms(self) -> int:
        """Simulated time between two readings of a home [ms]."""
        return round(self.interval_s * 1000)
