"""How far a meter replica has got, kept in the broker beside the readings it describes."""

import time
from collections.abc import Callable, Iterable
from typing import Annotated

import msgspec
import pika
import structlog
from msgspec import Meta
from pika.exceptions import AMQPError

from pvsim_common.broker.connection import HEARTBEAT_S, Address, backoff_s, parameters, why
from pvsim_common.broker.frames import TolerantConnection
from pvsim_common.broker.queues import position_queue
from pvsim_common.broker.waiting import ready_messages
from pvsim_common.messages import END_OF_TIME

Instant = Annotated[int, Meta(ge=-3_600_000, lt=END_OF_TIME)]  # [ms since 1970], or one interval before


class Position(msgspec.Struct, frozen=True):
    """The last instant up to which all readings of a shard are confirmed, and the run it belongs to."""

    instant: Instant
    start: str  # as in the settings: another text is another run
    interval_s: Annotated[float, Meta(ge=0.01, le=3600)]
    shards: Annotated[int, Meta(ge=1, le=1024)]
    origin: Instant  # the first of the run
    since: Instant  # the first of the run with this number of shards


def read_positions(address: Address, shards: Iterable[int], stopping: Callable[[], bool]) -> dict[int, Position]:
    """The positions of these shards, as far as they have one; waits for the broker as long as it takes."""
    attempt = 0
    while not stopping():
        try:
            connection = pika.BlockingConnection(parameters(address, "meter-position"), _impl_class=TolerantConnection)
            try:
                found = {shard: _read(connection, shard, stopping) for shard in shards}
            finally:
                if connection.is_open:  # else why it was lost is known, and closing it would raise something else
                    connection.close()
            return {shard: position for shard, position in found.items() if position is not None}
        except (AMQPError, OSError) as error:
            structlog.get_logger().warning("broker_lost", connection="meter-position", reason=why(error))
            _pause(backoff_s(attempt), stopping)
            attempt += 1
    return {}


def _read(connection: pika.BlockingConnection, shard: int, stopping: Callable[[], bool]) -> Position | None:
    """One shard's position. An existing queue that looks empty is asked again for two heartbeats.

    A message that a dying connection holds looks like none until the broker notices.
    """
    queue = position_queue(shard)
    if ready_messages(connection, queue) is None:
        return None
    name, channel = queue.name, connection.channel()
    deadline = time.monotonic() + 2 * HEARTBEAT_S
    while not stopping():
        method, _, body = channel.basic_get(name)
        if method is not None and body is not None:
            channel.basic_nack(method.delivery_tag, requeue=True)
            channel.close()
            return _decoded(body, name)
        if time.monotonic() > deadline:
            return None
        connection.sleep(0.5)
    return None


def _decoded(body: bytes, queue: str) -> Position | None:
    """A position; None for what is none, which somebody else has put there: the run then begins anew."""
    try:
        return msgspec.json.decode(body, type=Position)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        structlog.get_logger().error("position_unreadable", queue=queue, reason=str(error)[:200])
        return None


def _pause(seconds: float, stopping: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not stopping():
        time.sleep(0.05)
