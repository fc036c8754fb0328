"""What the logs look like, and what they never say."""

import io
import json
import logging
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog

from pvsim_common.logs import Summary, configure_logging

URL = "amqp://meter:hunter2@broker:5672/"


class Terminal(io.StringIO):
    """A stream that a person reads."""

    def isatty(self) -> bool:
        """As a terminal says."""
        return True


pytestmark = pytest.mark.usefixtures("logging_as_it_was")


@pytest.fixture
def stream() -> io.StringIO:
    stream = io.StringIO()
    configure_logging("info", stream)
    return stream


def events(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_anywhere_but_on_a_terminal_an_event_is_one_line_of_json(stream: io.StringIO) -> None:
    structlog.get_logger().info("segment_closed", segment="results-00000001.jsonl", lines=3)

    (event,) = events(stream)
    assert event.pop("timestamp")
    assert event == {"event": "segment_closed", "level": "info", "segment": "results-00000001.jsonl", "lines": 3}


def test_on_a_terminal_an_event_is_a_readable_line() -> None:
    terminal = Terminal()
    configure_logging("info", terminal)

    structlog.get_logger().info("segment_closed", lines=3)

    text = re.sub(r"\x1b\[[0-9;]*m", "", terminal.getvalue())  # without colours
    assert re.search(r"\[info +\] segment_closed +lines=3\n$", text)


@pytest.mark.parametrize(("style", "is_json"), [("console", False), ("json", True)])
def test_a_style_that_is_asked_for_counts_more_than_the_kind_of_stream(style: str, is_json: bool) -> None:
    pipe, terminal = io.StringIO(), Terminal()

    for stream in (pipe, terminal):
        configure_logging("info", stream, style=style)
        structlog.get_logger().info("segment_closed")

    assert [text.startswith("{") for text in (pipe.getvalue(), terminal.getvalue())] == [is_json, is_json]


def test_times_are_utc(stream: io.StringIO) -> None:
    structlog.get_logger().info("now")

    text = events(stream)[0]["timestamp"]
    assert text.endswith("Z")
    assert datetime.now(UTC) - datetime.fromisoformat(text) < timedelta(minutes=1)


def test_what_logging_is_told_looks_the_same(stream: io.StringIO) -> None:
    logging.getLogger("somebody").warning("%s went wrong %d times", "it", 3)

    assert [(event["event"], event["level"]) for event in events(stream)] == [("it went wrong 3 times", "warning")]


def test_what_is_less_severe_than_the_level_is_not_written(stream: io.StringIO) -> None:
    structlog.get_logger().debug("reading_sent")
    logging.getLogger("somebody").debug("a detail")

    assert stream.getvalue() == ""


def test_pika_is_heard_at_debug_only() -> None:
    quiet, chatty = io.StringIO(), io.StringIO()

    configure_logging("info", quiet)
    logging.getLogger("pika.adapters").error("connection lost")
    logging.getLogger("pika").setLevel(logging.NOTSET)  # as in a new process
    configure_logging("debug", chatty)
    logging.getLogger("pika.adapters").info("connecting")

    assert (quiet.getvalue(), [event["event"] for event in events(chatty)]) == ("", ["connecting"])


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (URL, "amqp://meter:***@broker:5672/"),
        ("amqps://meter:p%40ss@broker/", "amqps://meter:***@broker/"),
        ("amqp://meter:hunter2@with@at@broker/", "amqp://meter:***@broker/"),
        ("amqp://:hunter2@broker/", "amqp://:***@broker/"),
        ("http://127.0.0.1:8081/metrics", "http://127.0.0.1:8081/metrics"),
    ],
)
def test_a_password_inside_a_url_is_not_shown(stream: io.StringIO, url: str, shown: str) -> None:
    structlog.get_logger().info("connecting", to=f"the broker at {url} now")

    assert events(stream)[0]["to"] == f"the broker at {shown} now"


def test_a_password_is_not_shown_in_what_logging_is_told(stream: io.StringIO) -> None:
    logging.getLogger("somebody").warning("cannot reach %s", URL)

    assert events(stream)[0]["event"] == "cannot reach amqp://meter:***@broker:5672/"


def test_a_password_is_not_shown_inside_a_value_of_any_kind(stream: io.StringIO) -> None:
    structlog.get_logger().info("connecting", urls=[URL], error=ValueError(URL))

    assert "hunter2" not in stream.getvalue()
    assert stream.getvalue().count("amqp://meter:***@broker:5672/") == 2


@pytest.mark.parametrize("make_stream", [io.StringIO, Terminal])
def test_a_password_is_not_shown_in_a_traceback(make_stream: type[io.StringIO]) -> None:
    stream = make_stream()
    configure_logging("info", stream)

    try:
        raise OSError(f"cannot reach {URL}")
    except OSError:
        structlog.get_logger().exception("broker_client_failed")
        logging.getLogger("somebody").exception("failed")

    assert "cannot reach amqp://meter:***@broker:5672/" in stream.getvalue()
    assert "hunter2" not in stream.getvalue()


def test_a_field_named_like_a_secret_is_not_shown(stream: io.StringIO) -> None:
    structlog.get_logger().info("connecting", password="hunter2", api_token="abc", user="meter")

    (event,) = events(stream)
    assert (event["password"], event["api_token"], event["user"]) == ("***", "***", "meter")


def test_a_line_stays_one_line_whatever_it_holds(stream: io.StringIO) -> None:
    structlog.get_logger().info("refused", reason='a\n"b"\x00é')

    assert events(stream)[0]["reason"] == 'a\n"b"\x00é'


def test_a_summary_says_what_came_together_and_begins_anew(stream: io.StringIO) -> None:
    summary = Summary("readings_recorded", every_s=0.0)

    summary.add(last="2026-06-21T10:00:00Z", recorded=3)
    summary.add(last=None, recorded=4)

    told = [(event["event"], event["recorded"], event["last_instant"]) for event in events(stream)]
    assert told == [
        ("readings_recorded", 3, "2026-06-21T10:00:00Z"),
        ("readings_recorded", 4, "2026-06-21T10:00:00Z"),
    ]


def test_a_summary_is_silent_until_its_time_is_over(stream: io.StringIO) -> None:
    summary = Summary("readings_recorded", every_s=3600.0)

    summary.add(last="2026-06-21T10:00:00Z", recorded=3)

    assert stream.getvalue() == ""
