"""Look at the messages in quarantine, put them back into their queue, or drop them."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from typing import ClassVar

from pvsim_common.broker import BrokerError, Quarantined, Result, Verdict, inspect
from pvsim_common.command_line import Parser
from pvsim_common.logs import configure_logging
from pvsim_common.service import SettingError
from pvsim_common.settings import BrokerSettings, ProgramSettings, read

_DONE, _NOT_ALL, _MISUSED = 0, 1, 2
_SHORTENED = 100  # characters of a body
_EXAMPLES = """
examples:
  pvsim quarantine list                    the first 20, with what is wrong with them
  pvsim quarantine list --all --json       all of them, a JSON object a line
  pvsim quarantine requeue --id 3f1c0de2ab90
  pvsim quarantine drop --all --yes

The broker is PVSIMULATOR_BROKER_URL, as for pvsim itself, which may run meanwhile.
It ends with 0 if all was done, with 1 if not (the reason is said), with 2 if it was misused.
"""


class QuarantineSettings(ProgramSettings, BrokerSettings):
    """Where the broker is."""

    service: ClassVar[str] = "pvsim"


def main(arguments: list[str]) -> int:
    """Do what the arguments after `pvsim quarantine` say; the exit code."""
    options = _parser().parse_args(arguments)
    if options.action == "drop" and not options.yes:
        sys.stderr.write("pvsim quarantine: drop forgets messages for good: add --yes\n")
        return _MISUSED
    settings = read(QuarantineSettings, [])
    configure_logging("error")
    try:
        return _run(options, lambda judge, most: inspect(settings, judge, most=most))
    except BrokerError as error:
        return _failed(str(error), _MISUSED if isinstance(error, SettingError) else _NOT_ALL)


def _run(
    options: argparse.Namespace, inspected: Callable[[Callable[[Quarantined], Verdict], int | None], Iterator[Result]]
) -> int:
    wanted = set(options.id or ())
    missing = set(wanted)
    verdict: Verdict = "keep" if options.action == "list" else options.action

    def judge(message: Quarantined) -> Verdict:
        return verdict if not wanted or message.id in wanted else "keep"

    failures = count = 0
    show = _json if options.json else _readable
    for result in inspected(judge, None if options.all or wanted else options.limit):
        if wanted and result.message.id not in wanted:
            continue
        missing.discard(result.message.id)
        count += 1
        failures += result.failure is not None
        sys.stdout.write(show(result))
    if not options.json:
        sys.stdout.write(_summary(options.action, count - failures))
    return _failed(f"not in quarantine: {', '.join(sorted(missing))}") if missing else _NOT_ALL if failures else _DONE


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="pvsim quarantine", description=__doc__, allow_abbrev=False)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.examples = _EXAMPLES
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|requeue|drop")
    for action, meaning in {
        "list": "show messages; they stay",
        "requeue": "put messages back into the queue they came from",
        "drop": "forget messages for good",
    }.items():
        _add_options(actions.add_parser(action, help=meaning, description=meaning, allow_abbrev=False), action)
    return parser


def _add_options(parser: argparse.ArgumentParser, action: str) -> None:
    which = parser.add_mutually_exclusive_group(required=action != "list")
    which.add_argument("--id", action="append", metavar="ID", help="this message; may be given several times")
    which.add_argument("--all", action="store_true", help="all messages")
    which.add_argument("--limit", type=_number, default=20, metavar="N", help="so many, the first ones first")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    if action == "drop":
        parser.add_argument("--yes", action="store_true", help="really")


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"should be a number from 1 on, not {text!r}")
    return int(text)


def _json(result: Result) -> str:
    message = result.message
    return (
        json.dumps(
            {
                "id": message.id,
                "reason": message.reason,
                "origin": message.origin,
                "first_seen": message.first_seen,
                "bytes": len(message.body),
                "message_id": message.message_id,
                "app_id": message.app_id,
                "body": _shortened(message.body),
                "outcome": result.verdict,
                "failure": result.failure,
            }
        )
        + "\n"
    )


def _readable(result: Result) -> str:
    """Some lines for a person; what a stranger chose is shown so that it cannot command the terminal."""
    message = result.message
    rows = {
        "reason": message.reason,
        "message": f"{message.message_id} of {message.app_id}, {len(message.body)} bytes",
        "body": _shortened(message.body),
    }
    rows |= {"stays": result.failure} if result.failure else {}
    lines = [f"{message.id}  {_printable(message.first_seen)}  from {_printable(message.origin)}"]
    return "\n".join([*lines, *(f"  {name:<8}{_printable(text)}" for name, text in rows.items())]) + "\n"


def _shortened(body: bytes) -> str:
    text = body[: 4 * _SHORTENED].decode(errors="backslashreplace")
    return text if len(body) <= 4 * _SHORTENED and len(text) <= _SHORTENED else f"{text[:_SHORTENED]}…"


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _summary(action: str, count: int) -> str:
    done = {"list": "shown", "requeue": "put back", "drop": "dropped"}[action]
    return f"{count} message{'' if count == 1 else 's'} {done}.\n"


def _failed(reason: str, code: int = _NOT_ALL) -> int:
    sys.stderr.write(f"pvsim quarantine: {reason}\n")
    return code
