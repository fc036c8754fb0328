"""The machine that is measured on."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil
from tests.benchmark.results import Machine

_LIBRARIES = ("pika", "msgspec", "numpy")


def machine(*, broker: str = "") -> Machine:
    """This machine as it is now, and the version of the broker."""
    versions = {"Python": platform.python_version()} | ({"RabbitMQ": broker} if broker else {})
    return Machine(
        measured=datetime.now(UTC).date().isoformat(),
        cpu=_cpu(),
        cores=os.cpu_count() or 1,
        memory_gib=round(psutil.virtual_memory().total / 2**30, 1),
        system=f"{platform.system()} {platform.machine()}",
        versions=versions | {name: version(name) for name in _LIBRARIES},
        load_before=os.getloadavg(),
    )


def _cpu() -> str:
    """What the processor calls itself."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"
