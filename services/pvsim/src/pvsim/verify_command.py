"""Check a journal and mend it: pvsim verify DIRECTORY."""

import argparse
import os
import sys
from pathlib import Path

from pvsim.findings import SegmentCheck, Verification
from pvsim.ownership import try_lock
from pvsim.repair import Step, plan
from pvsim.verification import Verifier
from pvsim_common.messages import format_timestamp
from pvsim_common.segments import JournalError

_SHOWN = 20  # gaps, and faults of a segment
_EXAMPLES = """\
examples:
  pvsim verify journal                  check it; pvsim may go on writing to it meanwhile
  pvsim verify journal --repair         say what would be done to mend it
  pvsim verify journal --repair --yes   do that; what is cut out is kept beside it

It ends with 0 if the journal is right, with 1 if not. Archives in the directory are journals of their own.
"""


def main(arguments: list[str]) -> int:
    """Do what the arguments after `pvsim verify` say; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        lock = try_lock(options.directory)
        if lock is None and options.repair:
            return _failed("a pvsim runs on this journal: stop it first")
        try:
            return _verify(options, running=lock is None)
        finally:
            if lock is not None:
                os.close(lock)
    except (OSError, JournalError) as error:
        return _failed(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pvsim verify",
        description="Check a journal: each line is a record with exact sums, none stands there twice, and the "
        "checkpoint agrees. Gaps are listed; they are no fault.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("directory", type=Path, help="the journal's directory")
    parser.add_argument("--repair", action="store_true", help="say what would be done to mend the journal")
    parser.add_argument("--yes", action="store_true", help="and do it")
    return parser


def _verify(options: argparse.Namespace, *, running: bool) -> int:
    found = Verifier(options.directory, running=running, told=_show_segment).verify()
    _show(found)
    if not options.repair or found.is_right():
        return 0 if found.is_right() else 1
    steps = list(plan(options.directory, found))
    _say("to mend it:" if steps else "nothing of this can be mended here: put files back from a backup")
    for step in steps:
        _do(step, really=options.yes)
    if not options.yes:
        _say("nothing was changed; --yes does it" if steps else "nothing was changed")
        return 1
    again = Verifier(options.directory, running=running, told=lambda _segment: None).verify()
    _say("the journal is right now" if again.is_right() else "the journal is still not right: pvsim verify says why")
    return 0 if again.is_right() else 1


def _do(step: Step, *, really: bool) -> None:
    _say(f"  {step.words}")
    if really:
        step.do()


def _show_segment(segment: SegmentCheck) -> None:
    faults = f"{len(segment.faults)} faults" if segment.faults else "right"
    _say(f"{segment.path.name:30} {segment.records:>14,} records  {faults}")
    for fault in segment.faults[:_SHOWN]:
        _say(f"  offset {fault.offset}: {fault.what}")
    _say_more(len(segment.faults))


def _show(found: Verification) -> None:
    _say(f"checkpoint: {found.checkpoint}")
    _say(f"{found.records:,} records of {found.sites:,} sites, {len(found.gaps)} gaps")
    for gap in found.gaps[:_SHOWN]:
        others = f" and {len(gap.sites) - 1} sites more" if len(gap.sites) > 1 else ""
        after, before = format_timestamp(gap.after), format_timestamp(gap.before)
        _say(f"  nothing between {after} and {before}: {gap.sites[0]}{others}")
    _say_more(len(found.gaps))
    for note in found.notes:
        _say(f"note: {note}")
    for fault in found.faults:
        _say(f"fault: {fault.what}")
    faults = len(found.faults) + sum(len(segment.faults) for segment in found.segments)
    _say("the journal is right" if found.is_right() else f"the journal has {faults} faults")


def _say_more(count: int) -> None:
    if count > _SHOWN:
        _say(f"  and {count - _SHOWN} more")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _failed(reason: str) -> int:
    sys.stderr.write(f"pvsim verify: {reason}\n")
    return 1
