"""The Dockerfile, compose.yaml and skaffold.yaml as data."""

import functools
import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from exporter.settings import ExporterSettings
from meter.settings import MeterSettings
from pvsim.settings import PvsimSettings
from pvsim_common.settings import ServiceSettings

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy" / "helm"
VERSION = (ROOT / "VERSION").read_text().strip()
SETTINGS: dict[str, type[ServiceSettings]] = {
    settings.service: settings for settings in (MeterSettings, PvsimSettings, ExporterSettings)
}


class Stage(NamedTuple):
    """A stage of the Dockerfile: its name, what it begins from, and its instructions, each a word and what follows."""

    name: str
    base: str
    instructions: list[tuple[str, str]]

    def arguments(self, word: str) -> list[str]:
        """What follows each instruction of that word."""
        return [arguments for instruction, arguments in self.instructions if instruction == word]


def load(path: str) -> Any:  # noqa: ANN401 - whatever the YAML holds
    """A YAML file of the repository."""
    return yaml.safe_load((ROOT / path).read_text())


@functools.cache
def stages() -> dict[str, Stage]:
    """The stages of the Dockerfile by name."""
    found: dict[str, Stage] = {}
    stage: Stage | None = None
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    for line in filter(None, text.splitlines()):
        word, _, arguments = line.partition(" ")
        if word == "FROM":
            base, name = arguments.split(" AS ")
            stage = found[name] = Stage(name, base, [])
        elif stage is not None:
            stage.instructions.append((word, " ".join(arguments.split())))
    return found


def lineage(name: str) -> list[Stage]:
    """A stage and those that it is built upon, the last one first."""
    stage = stages()[name]
    return [stage, *lineage(stage.base)] if stage.base in stages() else [stage]


def variables(service: str) -> set[str]:
    """The environment variables that a service understands."""
    names = [name.upper() for name in SETTINGS[service].model_fields]
    return {f"{prefix}_{name}" for prefix in (service.upper(), "PVSIMULATOR") for name in names}
