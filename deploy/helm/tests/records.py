"""See the records rise: pvsim_journal_records_total, summed over all exporters behind the host and port in EXPORTER."""

import os
import re
import socket
import sys
import time
import urllib.request

PATIENCE_S = 90


def records() -> float:
    """Records in the journals of all partitions."""
    host, port = os.environ["EXPORTER"].split(":")
    found = socket.getaddrinfo(host, port, family=socket.AF_INET, type=socket.SOCK_STREAM)
    return sum(_records_at(f"http://{address}:{port}/metrics") for address in {entry[4][0] for entry in found})


def _records_at(url: str) -> float:
    with urllib.request.urlopen(url, timeout=5) as response:
        found = re.search(r"^pvsim_journal_records_total (\S+)$", response.read().decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


first, deadline = None, time.monotonic() + PATIENCE_S
while time.monotonic() < deadline:
    try:
        now = records()
    except OSError as error:
        print(f"no answer yet: {error}", flush=True)
    else:
        first = now if first is None else first
        print(f"{now:.0f} records", flush=True)
        if now > first:
            sys.exit(0)
    time.sleep(1)
sys.exit(f"no new record in {PATIENCE_S} s")
