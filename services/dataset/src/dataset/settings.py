"""Settings of dataset."""

import os
import re
import sys
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from dataset.compression import SUFFIXES
from dataset.formats import FORMATS
from dataset.recipe import Model, Recipe
from meter.settings import HouseholdSettings
from pvsim.settings import PlantSettings
from pvsim_common.settings import Interval, ProgramSettings, parse_start
from pvsim_common.simulation_settings import SimulationSettings

_MOST_SHARDS = 1024
_READABLE = [(name, "none") for name in FORMATS if name != "parquet"]
_ENDS = {"jsonl": "jsonl", "ndjson": "jsonl", "csv": "csv", "parquet": "parquet", "om": "openmetrics"}


def _instant(text: str) -> int:
    """The instant [ms since 1970] of a date or an RFC 3339 text; others, such as now, mean another each time."""
    if text[:1].isdigit():
        try:
            return parse_start(text, now=0)
        except ValueError:
            pass
    raise ValueError("should be a date such as 2026-06-21, or an instant such as 2026-06-21T10:00:00Z")


def _known_instant(text: str) -> str:
    _instant(text)
    return text


def _job_shard() -> str:
    """The part of a pod of an Indexed Job, which is told its index by Kubernetes and their number by the chart."""
    index = os.environ.get("JOB_COMPLETION_INDEX")
    return "0/1" if index is None else f"{index}/{os.environ.get('JOB_COMPLETIONS', '?')}"


def _one_of_shards(text: str) -> str:
    found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
    if not found or not int(found[1]) < int(found[2]) <= _MOST_SHARDS:
        raise ValueError(f"should be i/n with i from 0 to n - 1 and n at most {_MOST_SHARDS}, such as 0/4")
    return text


class DatasetSettings(ProgramSettings, SimulationSettings, HouseholdSettings, PlantSettings):
    """Write what meters and PV plants would have recorded: any homes, any time, without a broker."""

    service: ClassVar[str] = "dataset"
    examples: ClassVar[str] = """
examples:
  a day of one home at a place you know, on the screen:
    dataset --place berlin --start 2026-06-21 --end 2026-06-22 --interval 10min --homes 1
  a year of a hundred homes, one Parquet file for each day, with four processes; again, it goes on where it was:
    dataset --start 2026-01-01 --end 2027-01-01 --homes 100 --format parquet --output homes/ --workers 4
  a week for Prometheus:
    dataset --start 2026-06-21 --end 2026-06-28 --interval 15s --format openmetrics --output week.om
    promtool tsdb create-blocks-from openmetrics week.om prometheus/
  your own roof, somewhere else:
    dataset --latitude 47.1 --longitude 15.4 --altitude 350 --timezone Europe/Vienna --surface-tilt 30
            --surface-azimuth 200 --capacity-kwp 8.2 --inverter-kw 8 --annual-kwh 4100 --homes 1
            --start 2026-01-01 --end 2027-01-01 --interval 15min --output roof.csv
"""

    start: Annotated[str, AfterValidator(_known_instant)] | None = Field(
        None, description="First instant, needed: a date, which is 00:00 UTC, or an RFC 3339 instant."
    )
    end: Annotated[str, AfterValidator(_known_instant)] | None = Field(
        None, description="End, needed, in the same way; there is no reading at the end itself."
    )
    interval: Interval = Field(
        60.0, ge=0.01, le=3600, description="Time between two readings of a home [s], whole milliseconds."
    )
    homes: int = Field(3, ge=1, le=1_000_000, description="How many homes: home-1 to home-<homes>.")
    format: Literal["auto", "jsonl", "csv", "parquet", "openmetrics"] = Field(
        "auto", description="How records are written; auto goes by the end of output's name, else it is jsonl."
    )
    output: str = Field(
        "-",
        description="File; - is standard output; a directory, or what ends with /, gets a file for each day and shard.",
    )
    compress: Literal["auto", "none", "zstd", "gzip"] = Field(
        "auto", description="How files are compressed; auto goes by the end of output's name, else Parquet has zstd."
    )
    workers: int = Field(1, ge=1, le=256, description="Processes that work on it; the bytes are the same.")
    shard: Annotated[str, AfterValidator(_one_of_shards)] = Field(
        default_factory=_job_shard,
        validate_default=True,
        description="Which part of the homes to write, i/n with i from 0; default: an Indexed Job's pod's, else all.",
    )

    @model_validator(mode="after")
    def _there_is_something_to_write(self) -> Self:
        for name in ("start", "end"):
            if getattr(self, name) is None:
                raise ValueError(f"{name}: is needed, such as --{name} 2026-06-21")
        recipe = self.recipe
        if recipe.end <= recipe.start:
            raise ValueError(f"end: should be after start, {self.start}, not {self.end}")
        if not recipe.instants:
            raise ValueError(f"interval: no multiple of {self.interval:g} s is from {self.start} to {self.end}")
        if recipe.shards > self.homes:
            raise ValueError(f"shard: should be one of at most {self.homes}, since there are so many homes")
        if recipe.format_name == "openmetrics" and recipe.compress != "none":
            raise ValueError(f"compress: should be none for openmetrics, which promtool reads, not {recipe.compress}")
        if self.file is None and sys.stdout.isatty() and (recipe.format_name, recipe.compress) not in _READABLE:
            raise ValueError(f"output: should be a file for {recipe.format_name} that is no text, not the terminal")
        return self

    @property
    def recipe(self) -> Recipe:
        """What the bytes follow from."""
        shard, _, shards = self.shard.partition("/")
        return Recipe(
            self._model(),
            start=_instant(self.start or ""),
            end=_instant(self.end or ""),
            interval_ms=round(self.interval * 1000),
            homes=self.homes,
            shard=int(shard),
            shards=int(shards),
            format_name=self._format_name(),
            compress=self._compress(),
        )

    @property
    def directory(self) -> Path | None:
        """The directory that gets a file for each day and shard; None where all goes to one file."""
        path = Path(self.output)
        return path if self.output.endswith("/") or path.is_dir() else None

    @property
    def file(self) -> Path | None:
        """The file that all goes to; None is standard output."""
        return None if self.output == "-" else Path(self.output)

    def _model(self) -> Model:
        return Model(
            seed=self.seed,
            place=self.resolved_place,
            variation=self.variation,
            sky=self.sky,
            annual_kwh=self.annual_kwh,
            profile=self.profile,
            choice=self.plant_choice,
            radius_km=self.radius_km,
        )

    def _format_name(self) -> str:
        if self.format != "auto":
            return self.format
        ends = [suffix.removeprefix(".") for suffix in Path(self.output).suffixes]
        return next((_ENDS[end] for end in reversed(ends) if end in _ENDS), "jsonl")

    def _compress(self) -> str:
        if self.compress != "auto":
            return self.compress
        by_name = next((how for how, end in SUFFIXES.items() if end and self.output.endswith(end)), None)
        return by_name or ("zstd" if self._format_name() == "parquet" else "none")
