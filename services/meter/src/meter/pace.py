"""The metrics of time: how often readings are to be expected, and how far the clock has drifted."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Gauge


def tell_pace(registry: CollectorRegistry, *, interval_s: float, speed: float) -> None:
    """Serve the wall-clock time between two instants of a run."""
    gauge = Gauge(
        "pvsim_meter_interval_seconds",
        "Wall-clock time between two instants of the run; 0 where it is as fast as it can [s].",
        registry=registry,
    )
    gauge.set(interval_s / speed if speed else 0.0)


def tell_skew(registry: CollectorRegistry, skew_s: Callable[[], float]) -> None:
    """Serve how far the wall clock is ahead of the meter's."""
    gauge = Gauge(
        "pvsim_meter_clock_skew_seconds",
        "How far the wall clock is ahead of the meter's, which never goes back; 0 unless in real time [s].",
        registry=registry,
    )
    gauge.set_function(skew_s)
