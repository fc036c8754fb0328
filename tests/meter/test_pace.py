"""How often the meter says that it publishes."""

import pytest
from prometheus_client import CollectorRegistry

from meter.pace import tell_pace


@pytest.mark.parametrize(("interval_s", "speed", "expected"), [(1, 1, 1), (900, 60, 15), (60, 0.5, 120), (1, 0, 0)])
def test_the_interval_is_in_seconds_of_the_wall_clock(interval_s: float, speed: float, expected: float) -> None:
    registry = CollectorRegistry()

    tell_pace(registry, interval_s=interval_s, speed=speed)

    assert registry.get_sample_value("pvsim_meter_interval_seconds") == expected
