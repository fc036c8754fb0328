"""Simulate the PV plants: one power record for every meter reading, exactly once on disk."""

import logging
import sys
from collections.abc import Callable

import structlog

from pvsim import quarantine_command, resize_command, verify_command
from pvsim.background import Background
from pvsim.collector import JournalCollector, flush_seconds
from pvsim.fleet import Fleet
from pvsim.journal import Journal
from pvsim.plant import MODEL_VERSION
from pvsim.recording import Recording
from pvsim.records import Records
from pvsim.retention import Retention
from pvsim.settings import PvsimSettings
from pvsim.upkeep import Upkeep
from pvsim_common.broker import SUSPECTS, Subscriber
from pvsim_common.logs import Summary
from pvsim_common.segments import Identity
from pvsim_common.service import Service, running
from pvsim_common.settings import load

_COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "verify": verify_command.main,
    "quarantine": quarantine_command.main,
    "handover": resize_command.handover,
    "takeover": resize_command.takeover,
}


def main() -> None:
    """Do what the first argument names; without one, run pvsim until it is asked to stop."""
    command = _COMMANDS.get("".join(sys.argv[1:2]))
    if command:
        sys.exit(command(sys.argv[2:]))
    run()


def run() -> None:
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
    upkeep = _upkeep(settings)
    summary = Summary("readings_recorded")

    with (
        running("pvsim", settings.http_host, settings.http_port) as service,
        _journal(settings, service, upkeep) as journal,
        Background(upkeep) as background,
        _subscriber(settings, service) as subscriber,
    ):
        service.registry.register(_collector(settings, journal, background))
        service.ready_when(subscriber.problem, journal.problem)
        recording = Recording(journal)  # on disk first: the ack makes the broker forget
        for batch in subscriber.batches(until=service.stopping, before_waiting=recording.finish):
            records = fleet.records(journal.unseen(batch.readings))
            recording.record(batch, records)
            _log_records(records)
            summary.add(recorded=len(records.sites), last=records.last_timestamp)
        recording.finish()


def _upkeep(settings: PvsimSettings) -> Upkeep:
    return Upkeep(
        settings.journal_directory,
        compressed=settings.compress,
        retention=Retention(settings.retention_age, settings.retention_size),
    )


def _journal(settings: PvsimSettings, service: Service, upkeep: Upkeep) -> Journal:
    return Journal(
        settings.journal_directory,
        _identity(settings),
        wait=service.stopping.wait,
        flushed=flush_seconds(service.registry).observe,
        closed=upkeep.offer,
        segment_size=settings.segment_size,
        on_change=settings.journal_on_change,
    )


def _collector(settings: PvsimSettings, journal: Journal, background: Background) -> JournalCollector:
    return JournalCollector(
        settings.journal_directory, gaps=journal.gaps, waiting=journal.problem, failing=background.problem
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
        prefetch_bytes=settings.prefetch_bytes,
        max_sites=settings.max_sites,
        suspects_file=settings.journal_directory / SUSPECTS,
        registry=service.registry,
    )


def _log_records(records: Records) -> None:
    """At debug level, log every record."""
    if logging.getLogger().isEnabledFor(logging.DEBUG):
        for record in records.power_records():
            structlog.get_logger().debug("reading_recorded", timestamp=record.timestamp, site=record.site, pv=record.pv)
