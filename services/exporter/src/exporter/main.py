"""Serve what the journal says: as Prometheus metrics, and as a live page."""

from exporter.collector import JournalCollector
from exporter.follower import Follower
from exporter.following import follow, unread
from exporter.live import Live
from exporter.page import Page
from exporter.pvsim_status import PvsimStatus
from exporter.settings import ExporterSettings
from pvsim_common.logs import Summary
from pvsim_common.service import running
from pvsim_common.settings import load


def main() -> None:
    """Follow the journals until asked to stop."""
    settings = load(ExporterSettings)
    followers = [Follower(each, max_curves=settings.max_site_curves) for each in settings.journal_directory]
    page = Page(Live(followers, stale_after_s=settings.stale_after), PvsimStatus(settings.pvsim_address))
    summary = Summary("journal_read")

    with running("exporter", settings.http_host, settings.http_port, page.routes()) as service:
        service.registry.register(
            JournalCollector(followers, max_site_series=settings.max_site_series, streams=lambda: page.streams)
        )
        service.ready_when(lambda: unread(followers))
        for records in follow(followers, service.stopping, poll_interval_s=settings.poll_interval_s):
            summary.add(last=records.last_timestamp, records=len(records.sites), invalid_lines=records.invalid)
