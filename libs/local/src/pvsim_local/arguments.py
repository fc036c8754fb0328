"""What a person gives to `make run`, as the environment of the services."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from dotenv import dotenv_values

# A port or an address belongs to one service: what is given for the meter is not for the others.
METERS_OWN = {"HTTP_HOST", "HTTP_PORT"}


def given_settings(root: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """What was set by somebody: the environment, and below it .env."""
    dotenv = {name: value for name, value in dotenv_values(root / ".env").items() if value is not None}
    return {name.upper(): value for name, value in (dotenv | dict(environment)).items()}


def flags(arguments: list[str]) -> dict[str, str]:
    """The meter's flags as settings: `--homes 10 --sky=clear --no-variation` → HOMES 10, SKY clear, VARIATION false."""
    return dict(_each_flag(arguments))


def partitions_of(arguments: list[str], given: Mapping[str, str]) -> int:
    """How many pvsims there are to be: 1 also where somebody gave no number, for the services to complain of."""
    told = flags(arguments).get("PARTITIONS") or given.get("PVSIMULATOR_PARTITIONS")
    return max(int(told), 1) if told and told.isdecimal() else 1


def shared_environment(arguments: list[str], given: Mapping[str, str], root: Path, *, pvsim: str) -> dict[str, str]:
    """What all services are told: the meter's flags (a seed is pvsim's as well), and defaults for what nobody set.

    `pvsim` are the addresses at which the pvsims answer: the live page asks there.
    """
    told = {f"PVSIMULATOR_{name}": value for name, value in flags(arguments).items() if name not in METERS_OWN}
    defaults = {
        "PVSIMULATOR_LOG_LEVEL": "warning",  # so that the terminal shows progress and what is wrong
        "PVSIMULATOR_LOG_FORMAT": "console",  # for a person, though it comes through a pipe
        "PVSIMULATOR_JOURNAL_DIRECTORY": str(root / "journal"),
        "EXPORTER_PVSIM_ADDRESS": pvsim,
    }
    return {name: value for name, value in defaults.items() if name not in given} | told


def _each_flag(arguments: list[str]) -> Iterator[tuple[str, str]]:
    words = iter(arguments)
    word = next(words, None)
    while word is not None:
        name, equals, value = word.removeprefix("--").partition("=")
        word = next(words, None)
        if not equals and word is not None and not word.startswith("--"):
            value, word = word, next(words, None)
        elif not equals:
            name, value = name.removeprefix("no-"), "false" if name.startswith("no-") else "true"
        yield name.replace("-", "_").upper(), value
