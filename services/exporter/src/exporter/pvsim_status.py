"""What pvsim says of itself: whether it is ready, and how many messages it has put aside since its start."""

import asyncio
import re
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException

_EVERY_S = 5.0
_TIMEOUT_S = 1.0
_FIRST_WAIT_S = 0.3
NO_ANSWER = "no answer"
_OUTCOME = re.compile(r'^pvsim_readings_consumed_total\{outcome="(quarantined|discarded)"\} (\S+)$', re.MULTILINE)


@dataclass(frozen=True)
class Status:
    """The answers of all pvsims together; counts are None where one of them gave none."""

    word: str = NO_ANSWER
    quarantined: int | None = None
    discarded: int | None = None


class PvsimStatus:
    """Asks at most every five seconds, and only while somebody wants to know."""

    def __init__(self, addresses: Sequence[str], *, first_wait_s: float = _FIRST_WAIT_S) -> None:
        """The first answer is waited for so long."""
        self._addresses = addresses
        self._first_wait_s = first_wait_s
        self._latest: Status | None = None
        self._asking: asyncio.Task[Status] | None = None
        self._asked_s = -_EVERY_S

    async def latest(self) -> Status:
        """The newest answer; the first one is waited for, but not for long."""
        if time.monotonic() - self._asked_s > _EVERY_S and (self._asking is None or self._asking.done()):
            self._asked_s = time.monotonic()
            self._asking = asyncio.create_task(asyncio.to_thread(ask, self._addresses))
        asking = self._asking
        if asking is not None:
            await asyncio.wait([asking], timeout=self._first_wait_s if self._latest is None else 0)
            self._latest = asking.result() if asking.done() else self._latest
        return self._latest or Status()


def ask(addresses: Sequence[str]) -> Status:
    """Ask each pvsim, given as http://host:port."""
    answers = [_ask_one(address) for address in addresses]
    if not answers:
        return Status()
    word = next((answer.word for answer in answers if answer.word != "ok"), "ok")
    return Status(
        word,
        _sum([answer.quarantined for answer in answers]),
        _sum([answer.discarded for answer in answers]),
    )


def parse(ready: str, metrics: str) -> Status:
    """What the texts of /readyz and /metrics say."""
    counts = {outcome: int(float(value)) for outcome, value in _OUTCOME.findall(metrics)}
    word = "ok" if ready.strip() == "ok" else f"not ready: {ready.strip()}"
    return Status(word, counts.get("quarantined"), counts.get("discarded"))


def _ask_one(address: str) -> Status:
    try:
        return parse(_get(f"{address}/readyz"), _get(f"{address}/metrics"))
    except (OSError, HTTPException, ValueError):
        return Status()


def _get(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as answer:
            return str(answer.read(1 << 20).decode())
    except urllib.error.HTTPError as error:  # not ready is an answer
        with error:
            return error.read(1 << 16).decode()


def _sum(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
