"""Settings of pvsim."""

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from pvsim_common.settings import BrokerSettings, Ordinal, ServiceSettings
from pvsim_common.simulation_settings import SimulationSettings


class PvsimSettings(ServiceSettings, BrokerSettings, SimulationSettings):
    """Simulate the PV plants: one power record for every meter reading, exactly once on disk."""

    service: ClassVar[str] = "pvsim"

    http_port: int = Field(
        8082, ge=0, le=65535, description="Port of /metrics, /healthz and /readyz; 0 takes a free one."
    )
    journal_directory: Path = Field(
        Path("journal"), description="Directory the journal is written to; made if missing."
    )
    journal_on_change: Literal["stop", "archive"] = Field(
        "stop",
        description="What happens where the directory holds the journal of another simulation: pvsim stops and says "
        "what differs, or moves it to archive-1, archive-2 … in there and begins a new one.",
    )
    partition: Ordinal = Field(description="Which queue to consume; default: the pod's ordinal, else 0.")
    prefetch: int = Field(1000, ge=1, le=65_535, description="Messages held unacknowledged at most.")
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
