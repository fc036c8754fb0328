"""What the exporter can be told."""

from pathlib import Path
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

from pvsim_common.settings import Duration, ServiceSettings


def _split(value: object) -> object:
    """The parts of each text between its commas: a variable is one text, arguments are a list of them."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list):
        return value
    parts = [part.strip() for text in texts for part in str(text).split(",")]
    return [part for part in parts if part]


def _some_and_distinct(directories: list[Path]) -> list[Path]:
    if not directories:
        raise ValueError("should name a directory")
    if len({directory.absolute() for directory in directories}) != len(directories):
        raise ValueError("should name each directory once")
    return directories


def _are_addresses(addresses: list[str]) -> list[str]:
    for address in addresses:
        parts = urlsplit(address)
        if parts.scheme != "http" or not parts.hostname or parts.path not in ("", "/"):
            raise ValueError("should be addresses such as http://127.0.0.1:8082")
    return [address.rstrip("/") for address in addresses]


class ExporterSettings(ServiceSettings):
    """Follow the journal of pvsim and serve it as Prometheus metrics and as a live page."""

    service: ClassVar[str] = "exporter"

    http_port: int = Field(
        8080, ge=0, le=65535, description="Port of the live page, /metrics, /healthz and /readyz; 0 takes a free one."
    )
    journal_directory: Annotated[list[Path], NoDecode, BeforeValidator(_split), AfterValidator(_some_and_distinct)] = (
        Field([Path("journal")], description="Directories of the journals to follow, separated by commas.")
    )
    max_site_series: int = Field(
        1000, ge=0, le=100_000, description="Sites with series of their own; the fleet's sums always hold all sites."
    )
    poll_interval_s: Duration = Field(
        0.2, gt=0, le=60, description="Time between two looks at a journal that had nothing new. [s]"
    )
    pvsim_address: Annotated[list[str], NoDecode, BeforeValidator(_split), AfterValidator(_are_addresses)] = Field(
        ["http://127.0.0.1:8082"],
        description="Where the live page asks pvsim how it is, separated by commas; it works without an answer, too.",
    )
    stale_after: Duration = Field(
        15.0,
        gt=0,
        le=86_400,
        description="Age of the last record from which the live page warns [s], if it is three intervals or more.",
    )
    max_site_curves: int = Field(
        10_000,
        ge=0,
        le=100_000,
        description="Sites whose day the live page can show, at 18 KiB of memory each; the fleet's has all sites.",
    )
