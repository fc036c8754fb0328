"""How often readings are to be expected, as a metric: an alert on their absence has to know."""

from prometheus_client import CollectorRegistry, Gauge


def tell_pace(registry: CollectorRegistry, *, interval_s: float, speed: float) -> None:
    """Serve the wall-clock time between two instants of a run."""
    gauge = Gauge(
        "pvsim_meter_interval_seconds",
        "Wall-clock time between two instants of the run; 0 where it is as fast as it can [s].",
        registry=registry,
    )
    gauge.set(interval_s / speed if speed else 0.0)
