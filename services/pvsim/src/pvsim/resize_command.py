"""Change the number of partitions: pvsim handover of all former journals, then pvsim takeover in all new ones."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

import msgspec

from pvsim.handover import Handover, handover_of, inherited
from pvsim.ownership import try_lock
from pvsim.takeover import take_over
from pvsim_common.broker import BrokerError, waiting_messages
from pvsim_common.messages import format_timestamp
from pvsim_common.segments import IDENTITY, JournalError, write_identity
from pvsim_common.settings import BrokerSettings, ProgramSettings, read

_DONE, _FAILED = 0, 1
_EXAMPLE = """\
example, from one partition to two, when no meter runs and all queues are empty:
  pvsim handover journal > former.jsonl
  pvsim takeover journal   --partition 0 --partitions 2 < former.jsonl
  pvsim takeover journal-1 --partition 1 --partitions 2 < former.jsonl

handover asks the broker, PVSIMULATOR_BROKER_URL, whether messages still wait. Both end with 0 if all was done,
with 1 if not. `Resizing` in docs/operations.md tells the whole procedure.
"""


class ResizeSettings(ProgramSettings, BrokerSettings):
    """Where the broker is."""

    service: ClassVar[str] = "pvsim"


def handover(arguments: list[str]) -> int:
    """Do what the arguments after `pvsim handover` say; the exit code."""
    parser = _parser("handover", "Print what journals hold in sum, a line for each, and note in them that they end.")
    parser.add_argument("directory", type=Path, nargs="+", help="directories of former journals")
    parser.add_argument("--anyway", action="store_true", help="do it even if messages wait, and ask no broker")
    options = parser.parse_args(arguments)
    return _reported("handover", lambda: _hand_over(options.directory, anyway=options.anyway))


def takeover(arguments: list[str]) -> int:
    """Do what the arguments after `pvsim takeover` say; the exit code."""
    parser = _parser("takeover", "Begin a journal with what all former ones hold; standard input is what they printed.")
    parser.add_argument("directory", type=Path, help="the new journal's directory; a former journal is moved aside")
    parser.add_argument("--partition", type=int, required=True, metavar="N", help="the partition of this journal")
    parser.add_argument("--partitions", type=int, required=True, metavar="N", help="how many there are from now on")
    options = parser.parse_args(arguments)
    if not 0 <= options.partition < options.partitions:
        parser.error(f"--partition should be from 0 to {options.partitions - 1}, not {options.partition}")
    return _reported("takeover", lambda: _take_over(options, sys.stdin.buffer.read()))


def _parser(command: str, description: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog=f"pvsim {command}",
        description=description,
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _hand_over(directories: list[Path], *, anyway: bool) -> None:
    found = [handover_of(directory) for directory in directories]
    if not anyway:
        _check_that_nothing_waits(found)
    for directory, each in zip(directories, found, strict=True):
        sys.stdout.buffer.write(msgspec.json.encode(each) + b"\n")
        _say(f"{directory}: {_sum(each)}")
        if (directory / IDENTITY).exists():
            write_identity(directory, msgspec.structs.replace(each.journal, handed_over=True))
    sys.stdout.flush()


def _check_that_nothing_waits(found: Sequence[Handover]) -> None:
    """Else readings would be left behind, in queues whose sites are other ones from now on."""
    settings = read(ResizeSettings, [])
    waiting = waiting_messages(settings, partitions=max(each.journal.partitions for each in found))
    full = ", ".join(f"{messages:,} in {queue}" for queue, messages in waiting.items() if messages)
    if full:
        raise JournalError(f"messages wait: {full}; let the pvsim of each record them first, or add --anyway")


def _take_over(options: argparse.Namespace, text: bytes) -> None:
    try:
        former = msgspec.json.Decoder(Handover).decode_lines(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise JournalError(f"standard input is not what pvsim handover printed: {error}") from error
    new = inherited(former, partition=options.partition, partitions=options.partitions)
    options.directory.mkdir(parents=True, exist_ok=True)
    lock = try_lock(options.directory)
    try:
        if lock is None and (options.directory / IDENTITY).exists():
            raise JournalError(f"a pvsim runs on {options.directory}: stop it first")
        begun = take_over(options.directory, new, former)
    finally:
        if lock is not None:
            os.close(lock)
    _say(f"{options.directory}: {_sum(new)}{'' if begun else '; it was begun with that before'}")


def _sum(each: Handover) -> str:
    journal, contents = each.journal, each.contents
    newest = f", up to {format_timestamp(max(contents.newest))}" if contents.newest else ""
    of = f"partition {journal.partition} of {journal.partitions}"
    return f"{of}, {contents.records:,} records of {len(contents.sites):,} sites{newest}"


def _reported(command: str, do: Callable[[], None]) -> int:
    try:
        do()
    except (OSError, JournalError, BrokerError) as error:
        sys.stderr.write(f"pvsim {command}: {error}\n")
        return _FAILED
    return _DONE


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
