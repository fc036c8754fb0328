"""Messages that may be what crashes the consumer: which of them it began to handle alone and never finished."""

import hashlib
from pathlib import Path

import msgspec
import structlog

SUSPECTS = "suspects.json"  # beside the journal
SUSPICIOUS = 3  # failed deliveries, after which a message is handled alone
_DELIVERIES, _ALONE = 10, 5  # so often it must have failed, and so often alone, to be given up
_MOST = 1000  # remembered


class Suspects:
    """Remembers in a file, from before the handling of a suspect until after it, that it is being handled.

    A count of failed deliveries accuses all messages that were unacknowledged together, and every loss of the
    connection adds to it; a message that was handled alone, begun and never finished, has only itself to blame.
    The file is not synced: a message ends a process, not the machine, and what a process wrote outlives it.
    """

    def __init__(self, file: Path | None) -> None:
        """Without a file nothing is remembered, and no message is given up."""
        self._file = file
        self._log = structlog.get_logger()

    def verdict(self, body: bytes, failed: int) -> str | None:
        """Why this message is not handled again, given its number of failed deliveries; None where it is.

        What is handled counts as begun from now on, until it is `finished`.
        """
        begun = self._read()
        name = _name(body)
        alone = begun.pop(name, 0)  # popped to be put last, as the newest
        if failed >= _DELIVERIES and alone >= _ALONE:
            return f"it crashes the consumer: {failed} deliveries failed, the last {alone} of them with it alone"
        self._log.warning("suspect_handled_alone", failed_deliveries=failed, alone=alone, bytes=len(body))
        self._write({**begun, name: alone + 1})
        return None

    def finished(self, body: bytes) -> None:
        """Tell that a message has not crashed the consumer, or has been put aside."""
        begun = self._read()
        if begun.pop(_name(body), None) is not None:
            self._write(begun)

    def _read(self) -> dict[str, int]:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=dict[str, int]) if self._file else {}
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):  # none yet, or cut short when the machine crashed
            return {}

    def _write(self, begun: dict[str, int]) -> None:
        if self._file is None:
            return
        partial = self._file.with_name(self._file.name + ".tmp")
        newest = dict(list(begun.items())[-_MOST:])
        try:
            partial.write_bytes(msgspec.json.encode(newest))
            partial.replace(self._file)
        except OSError as error:  # a full disk: nothing is remembered then, so nobody is accused
            self._log.warning("suspect_not_noted", reason=error.strerror)


def _name(body: bytes) -> str:
    """A message by its content: the same content does the same."""
    return hashlib.sha256(body).hexdigest()
