"""Simulate what homes consume and publish it: every instant, every home, each reading confirmed by the broker."""

import logging
import time
from collections.abc import Iterator

import numpy as np
import structlog
from numpy.typing import NDArray

from meter import clock, fleet
from meter.household import Households
from meter.pace import tell_pace, tell_skew
from meter.settings import MeterSettings
from meter.tables import load_profile
from pvsim_common.broker import Publisher, read_positions
from pvsim_common.logs import Summary
from pvsim_common.messages import format_timestamp
from pvsim_common.service import Service, running
from pvsim_common.settings import load

_BLOCK_READINGS = 20_000  # made at once when there is something to catch up
_BLOCK_INSTANTS, _MOST_READINGS = 16, 1_600_000  # with many homes so many instants, as long as memory allows


def main() -> None:
    """Run the meter until it is asked to stop or its run is over."""
    settings = load(MeterSettings)
    sites = fleet.homes_of(settings.shard, shards=settings.shards, homes=settings.homes)
    members = fleet.groups(sites, partitions=settings.partitions, sites_per_message=settings.sites_per_message)
    households = _households(settings, sites)
    summary = Summary("readings_published")

    with running("meter", settings.http_host, settings.http_port) as service:
        stopping = service.stopping.is_set
        tell_pace(service.registry, interval_s=settings.interval_s, speed=settings.speed)
        plan = _plan(settings, service)
        with _publisher(settings, plan, service) as publisher:
            service.ready_when(publisher.problem)
            for block in _blocks(settings, plan, service, most=_instants_at_once(len(sites))):
                for instant, power_w in zip(block.tolist(), households.power(block).T, strict=True):
                    _log_readings(instant, sites, power_w)
                    readings = fleet.messages(instant, power_w, members, settings.interval_s)
                    publisher.publish(instant, readings, give_up=stopping)
                summary.add(last=format_timestamp(int(block[-1])), published=block.size * len(sites))
            publisher.flush(give_up=stopping)


def _instants_at_once(homes: int) -> int:
    return max(1, _BLOCK_READINGS // homes, min(_BLOCK_INSTANTS, _MOST_READINGS // homes))


def _households(settings: MeterSettings, sites: list[str]) -> Households:
    return Households(
        sites,
        seed=settings.seed,
        profile=load_profile(settings.profile, settings.resolved_place),
        variation=settings.variation,
        annual_kwh=settings.annual_kwh,
    )


def _plan(settings: MeterSettings, service: Service) -> clock.Plan:
    """Where to go on, from the positions in the broker."""
    stopping = service.stopping.is_set
    service.ready_when(lambda: "waiting for the broker to tell where to go on")
    own = read_positions(settings, [settings.shard], stopping)
    shards = max({position.shards for position in own.values()} | {settings.shards})
    positions = read_positions(settings, range(shards), stopping) if shards > 1 else own
    if stopping():
        raise SystemExit(0)  # what was read may not be all, and a run begun by mistake would hide the true position
    now = time.time_ns() // 1_000_000
    plan = clock.plan(
        positions,
        shard=settings.shard,
        shards=settings.shards,
        start=settings.start,
        start_instant=settings.start_instant(now),
        interval_s=settings.interval_s,
        now=now,
        real_time=settings.speed == 1,
        catch_up_limit_s=settings.catch_up_limit,
    )
    log = structlog.get_logger()
    resumed = plan.run.instant >= plan.run.origin
    log.info("run_resumed" if resumed else "run_begun", first=format_timestamp(plan.first(settings.interval_ms)))
    if plan.skipped:
        log.warning("instants_skipped", instants=plan.skipped, catch_up_limit_s=settings.catch_up_limit)
    return plan


def _publisher(settings: MeterSettings, plan: clock.Plan, service: Service) -> Publisher:
    return Publisher(
        settings,
        run=plan.run,
        shard=settings.shard,
        partitions=settings.partitions,
        max_ready=settings.max_ready,
        registry=service.registry,
    )


def _blocks(settings: MeterSettings, plan: clock.Plan, service: Service, *, most: int) -> Iterator[NDArray[np.int64]]:
    """The run's instants as they become due."""
    first = plan.first(settings.interval_ms)
    end = None if settings.duration is None else plan.run.origin + round(settings.duration * 1000)
    if end is not None and first >= end:
        structlog.get_logger().info(
            "run_is_over_already", end=format_timestamp(end), hint="another start begins another run"
        )
    pace = clock.Clock(speed=settings.speed, first=first)
    tell_skew(service.registry, pace.skew_s)
    return clock.blocks(
        pace,
        first=first,
        end=end,
        interval_ms=settings.interval_ms,
        most=most,
        stop=service.stopping,
    )


def _log_readings(instant: int, sites: list[str], power_w: NDArray[np.int64]) -> None:
    """At debug level, log every reading."""
    if logging.getLogger().isEnabledFor(logging.DEBUG):
        for site, power in zip(sites, power_w.tolist(), strict=True):
            structlog.get_logger().debug("reading_sent", timestamp=format_timestamp(instant), site=site, power_w=power)
