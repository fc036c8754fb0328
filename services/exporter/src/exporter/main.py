"""Serve what the journal says as Prometheus metrics."""

from exporter.collector import JournalCollector
from exporter.follower import Follower, follow, unread
from exporter.settings import ExporterSettings
from pvsim_common.logs import Summary
from pvsim_common.service import running
from pvsim_common.settings import load


def main() -> None:
    """Follow the journals until asked to stop."""
    settings = load(ExporterSettings)
    followers = [Follower(directory) for directory in settings.journal_directory]
    summary = Summary("journal_read")

    with running("exporter", settings.http_host, settings.http_port) as service:
        service.registry.register(JournalCollector(followers, max_site_series=settings.max_site_series))
        service.ready_when(lambda: unread(followers))
        for records in follow(followers, service.stopping, poll_interval_s=settings.poll_interval_s):
            summary.add(last=records.last_timestamp, records=len(records.sites), invalid_lines=records.invalid)
