"""Settings of a service: command line, then environment, then .env, all typed and bounded."""

import difflib
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self, TypeVar
from urllib.parse import urlsplit

import structlog
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from pvsim_common import command_line
from pvsim_common.logs import configure_logging
from pvsim_common.messages import parse_timestamp

SHARED_PREFIX = "PVSIMULATOR_"
_UNITS_S = {"ms": 0.001, "s": 1, "": 1, "min": 60, "h": 3600, "d": 86400}
_LONGEST_S = 36525 * 86400  # what is so far off has no instant any more
# In each class, since that of the last base counts: .env holds settings of other services too.
_CONFIG = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)


def parse_duration(value: object) -> object:
    """Seconds of a text such as 500ms, 1s, 10min, -24h, 7d or bare seconds. Raises ValueError; numbers pass."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"\s*([+-]?\d+(?:\.\d*)?|[+-]?\.\d+)\s*([a-z]*)\s*", value)
    if not found or found[2] not in _UNITS_S:
        raise ValueError("should be a duration such as 500ms, 1s, 10min, 24h, 7d or bare seconds")
    seconds = round(float(found[1]) * _UNITS_S[found[2]], 6)  # 9 * 0.001 is not 0.009
    if abs(seconds) > _LONGEST_S:
        raise ValueError("should be at most 100 years")
    return seconds


def parse_start(text: str, *, now: int) -> int:
    """The instant [ms] that a start setting means: now, an RFC 3339 instant, a date, or a time relative to now.

    Raises ValueError.
    """
    if text == "now":
        return now
    if text[:1] in "+-":
        return max(now + round(float(str(parse_duration(text))) * 1000), 0)
    try:
        return parse_timestamp(text if "T" in text.upper() else f"{text}T00:00:00Z")
    except ValueError as error:
        raise ValueError(
            "should be now, an instant such as 2026-06-21T00:00:00Z, a date, or a time as in -24h"
        ) from error


def _broker_url(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value())
    if parts.scheme not in ("amqp", "amqps") or not parts.hostname:
        raise ValueError("should be amqp://user:password@host:5672/vhost, or amqps:// for TLS")
    return url


def _pod_ordinal() -> int:
    """The number at the end of a StatefulSet pod's host name; 0 anywhere else."""
    found = re.search(r"-(\d+)$", os.environ.get("HOSTNAME", "")) if "KUBERNETES_SERVICE_HOST" in os.environ else None
    return int(found[1]) if found else 0


def _whole_milliseconds(seconds: float) -> float:
    if abs(seconds * 1000 - round(seconds * 1000)) > 1e-6:
        raise ValueError("should be whole milliseconds")
    return seconds


Duration = Annotated[float, BeforeValidator(parse_duration)]
Interval = Annotated[Duration, AfterValidator(_whole_milliseconds)]
Ordinal = Annotated[int, Field(default_factory=_pod_ordinal, ge=0)]


class ProgramSettings(BaseSettings):
    """What every program can be told."""

    model_config = _CONFIG
    service: ClassVar[str]
    examples: ClassVar[str] = ""  # shown at the end of --help

    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe log event that is written; debug shows every reading."
    )
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="How log events are written; auto is console on a terminal and json anywhere else."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The order of look-up: arguments, <SERVICE>_X, PVSIMULATOR_X, then both again in .env."""
        prefixes = (f"{cls.service.upper()}_", SHARED_PREFIX)
        return (
            init_settings,
            *(EnvSettingsSource(settings_cls, env_prefix=prefix) for prefix in prefixes),
            *(DotEnvSettingsSource(settings_cls, env_file=".env", env_prefix=prefix) for prefix in prefixes),
        )


class ServiceSettings(ProgramSettings):
    """What every service can be told: a program that runs on and answers HTTP."""

    http_host: str = Field("127.0.0.1", description="Address that /metrics, /healthz and /readyz listen on.")
    http_port: int = Field(0, ge=0, le=65535, description="Port of /metrics, /healthz and /readyz; 0 takes a free one.")


class BrokerSettings(BaseSettings):
    """How to reach RabbitMQ, and how the readings are spread over its queues."""

    model_config = _CONFIG

    broker_url: Annotated[SecretStr, AfterValidator(_broker_url)] = Field(
        SecretStr("amqp://guest:guest@127.0.0.1:5672/"),
        description="RabbitMQ's address with user and password; amqps:// for TLS. A secret: never an argument.",
    )
    broker_ca_file: Path | None = Field(
        None, description="CA certificate that signed the broker's; default: the system's."
    )
    broker_certificate_file: Path | None = Field(None, description="Client certificate (PEM) shown to the broker.")
    broker_key_file: Path | None = Field(None, description="Private key (PEM) of the client certificate.")
    partitions: int = Field(
        1, ge=1, le=1024, description="Queues the sites are spread over, equal for meter and pvsim."
    )

    @model_validator(mode="after")
    def _files_are_there(self) -> Self:
        for name in ("broker_ca_file", "broker_certificate_file", "broker_key_file"):
            path = getattr(self, name)
            if path is not None and not path.is_file():
                raise ValueError(f"{name}: no such file: {path}")
        if (self.broker_certificate_file is None) != (self.broker_key_file is None):
            raise ValueError("broker_certificate_file and broker_key_file go together")
        return self


Settings = TypeVar("Settings", bound=ProgramSettings)


def load(settings_class: type[Settings], arguments: list[str] | None = None) -> Settings:
    """Read the settings of a service, configure logging, and warn of misspelt variables.

    Settings that make no sense end the process with one line on stderr and exit code 2.
    """
    settings = read(settings_class, sys.argv[1:] if arguments is None else arguments)
    configure_logging(settings.log_level, style=settings.log_format)
    for name, nearest in unknown_variables(settings_class, os.environ).items():
        structlog.get_logger().warning("setting_unknown", variable=name, did_you_mean=nearest)
    return settings


def read(settings_class: type[Settings], arguments: list[str]) -> Settings:
    """The settings of a service, from its arguments and the environment; exits with code 2 where they make no sense."""
    prefixes = (f"{settings_class.service.upper()}_", SHARED_PREFIX)
    parser = command_line.parser(settings_class, settings_class.service, prefixes, settings_class.examples)
    try:
        return settings_class(**command_line.source(settings_class, parser, arguments)())
    except ValidationError as error:
        lines = command_line.explanations(settings_class, error)
        parser.exit(2, "".join(f"{parser.prog}: error: {line}\n" for line in lines))


def unknown_variables(settings_class: type[ProgramSettings], environment: Mapping[str, str]) -> dict[str, str | None]:
    """Variables with the service's prefix that are no setting, each with the nearest one that is."""
    prefix = f"{settings_class.service.upper()}_"
    known = [prefix + name.upper() for name in settings_class.model_fields]
    unknown = [name for name in environment if name.upper().startswith(prefix) and name.upper() not in known]
    return {name: next(iter(difflib.get_close_matches(name.upper(), known, 1)), None) for name in unknown}
