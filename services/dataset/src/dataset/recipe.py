"""Everything that the bytes of a data set follow from."""

from typing import Any, Literal, NamedTuple

from dataset.formats import FORMATS, Format
from dataset.tiles import instants
from meter.fleet import homes_of
from meter.tables import ProfileName
from pvsim.plant import MODEL_VERSION, PlantChoice
from pvsim_common.messages import format_timestamp
from pvsim_common.places import Place


class Model(NamedTuple):
    """What is simulated: the settings that meter and pvsim have too."""

    seed: int
    place: Place
    variation: bool
    sky: Literal["cloudy", "clear"]
    annual_kwh: float
    profile: ProfileName
    choice: PlantChoice
    radius_km: float


class Recipe(NamedTuple):
    """The same recipe gives the same bytes. Instants in ms since 1970; the end is exclusive."""

    model: Model
    start: int
    end: int
    interval_ms: int
    homes: int
    shard: int
    shards: int
    format_name: str
    compress: str

    @property
    def format(self) -> Format:
        """How its files are written."""
        return FORMATS[self.format_name]

    @property
    def instants(self) -> range:
        """Its instants [ms since 1970], the same that the services would have."""
        return instants(self.start, self.end, self.interval_ms)

    @property
    def sites(self) -> list[str]:
        """The names of its shard's homes."""
        return homes_of(self.shard, shards=self.shards, homes=self.homes)

    def description(self) -> dict[str, Any]:
        """What all shards of a data set have in common, as one may read it."""
        model = self.model._asdict()
        place, choice = model.pop("place"), model.pop("choice")
        return {
            "model": MODEL_VERSION,
            "start": format_timestamp(self.start),
            "end": format_timestamp(self.end),
            "interval_s": self.interval_ms / 1000,
            "homes": self.homes,
            "shards": self.shards,
            "format": self.format_name,
            "compress": self.compress,
            **model,
            **place._asdict(),
            **choice._asdict(),
        }
