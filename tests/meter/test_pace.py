"""How often the meter says that it publishes, and how far its clock has drifted."""

import pytest
from prometheus_client import CollectorRegistry

from meter.pace import tell_pace, tell_skew


@pytest.mark.parametrize(("interval_s", "speed", "expected"), [(1, 1, 1), (900, 60, 15), (60, 0.5, 120), (1, 0, 0)])
def test_the_interval_is_in_seconds_of_the_wall_clock(interval_s: float, speed: float, expected: float) -> None:
    registry = CollectorRegistry()

    tell_pace(registry, interval_s=interval_s, speed=speed)

    assert registry.get_sample_value("pvsim_meter_interval_seconds") == expected


def test_the_skew_is_that_of_the_moment_when_it_is_asked_for() -> None:
    registry = CollectorRegistry()
    skews = iter([-30.0, 0.5])

    tell_skew(registry, lambda: next(skews))

    assert [registry.get_sample_value("pvsim_meter_clock_skew_seconds") for _ in range(2)] == [-30.0, 0.5]
