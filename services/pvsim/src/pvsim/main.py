"""Simulate the PV plants: one power record for every meter reading, exactly once on disk."""

import logging
from collections.abc import Sequence

import structlog

from pvsim.collector import JournalCollector, flush_seconds
from pvsim.fleet import Fleet
from pvsim.journal import Journal
from pvsim.plant import MODEL_VERSION
from pvsim.settings import PvsimSettings
from pvsim_common.broker import Subscriber
from pvsim_common.logs import Summary
from pvsim_common.messages import PowerRecord
from pvsim_common.segments import Identity
from pvsim_common.service import Service, running
from pvsim_common.settings import load


def main() -> None:
    """Run pvsim until it is asked to stop."""
    settings = load(PvsimSettings)
    fleet = Fleet(
        settings.resolved_place,
        seed=settings.seed,
        variation=settings.variation,
        sky=settings.sky,
        choice=settings.plant_choice,
        radius_km=settings.radius_km,
    )
    summary = Summary("readings_recorded")

    with (
        running("pvsim", settings.http_host, settings.http_port) as service,
        _journal(settings, service) as journal,
        _subscriber(settings, service) as subscriber,
    ):
        service.registry.register(JournalCollector(settings.journal_directory, journal.gaps))
        service.ready_when(subscriber.problem)
        for batch in subscriber.batches(until=service.stopping):
            records = fleet.records(journal.unseen(batch.readings))
            journal.append(records)  # on disk first: the ack makes the broker forget
            batch.ack(recorded=len(records))
            _log_records(records)
            summary.add(recorded=len(records), last=records[-1].timestamp if records else None)


def _journal(settings: PvsimSettings, service: Service) -> Journal:
    return Journal(
        settings.journal_directory,
        _identity(settings),
        wait=service.stopping.wait,
        flushed=flush_seconds(service.registry).observe,
        on_change=settings.journal_on_change,
    )


def _identity(settings: PvsimSettings) -> Identity:
    return Identity(
        partition=settings.partition,
        partitions=settings.partitions,
        seed=settings.seed,
        place=settings.place_text,
        variation=settings.variation,
        sky=settings.sky,
        model=MODEL_VERSION,
        climate=settings.climate_text if settings.sky == "cloudy" else "",
        plant=settings.plant_text,
    )


def _subscriber(settings: PvsimSettings, service: Service) -> Subscriber:
    return Subscriber(
        settings,
        partition=settings.partition,
        partitions=settings.partitions,
        prefetch=settings.prefetch,
        max_sites=settings.max_sites,
        registry=service.registry,
    )


def _log_records(records: Sequence[PowerRecord]) -> None:
    """At debug level, log every record."""
    if logging.getLogger().isEnabledFor(logging.DEBUG):
        for record in records:
            structlog.get_logger().debug("reading_recorded", timestamp=record.timestamp, site=record.site, pv=record.pv)
