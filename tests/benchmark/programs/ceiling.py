"""Leg C, the ceiling: what the broker can do when the programs do next to nothing."""

import struct
import sys
import time

from tests.benchmark.amqp import ACK, DELIVER, Channel, ack, methods, publication

QUEUE = "ceiling"
WINDOW_MESSAGES, WINDOW_BYTES = 1000, 8 * 1024 * 1024  # unconfirmed: as many as the meter's
PREFETCH, ACK_EVERY = 1000, 100
_AT_ONCE_BYTES = 256 * 1024


def main() -> None:
    """Publish so many messages of a size [bytes], or count so many: ceiling.py publish|record URL COUNT SIZE."""
    role, url, count, size = sys.argv[1:]
    with Channel(url) as channel:
        channel.declare(QUEUE)
        if role == "publish":
            publish(channel, int(count), int(size))
        else:
            record(channel, int(count))


def publish(channel: Channel, count: int, size: int) -> None:
    """The same message again and again; a window of them is not confirmed yet."""
    channel.confirm()
    print(time.time(), flush=True)
    message = publication(QUEUE, b"x" * size)
    window, at_once = max(1, min(WINDOW_MESSAGES, WINDOW_BYTES // size)), max(1, _AT_ONCE_BYTES // size)
    sent = confirmed = 0
    while confirmed < count:
        while room := min(count - sent, window - (sent - confirmed), at_once):
            channel.send(message * room)
            sent += room
        for arguments in methods(channel.receive(), ACK):
            (confirmed,) = struct.unpack_from(">Q", arguments)


def record(channel: Channel, count: int) -> None:
    """Count what is delivered; acknowledge many at a time."""
    channel.consume(QUEUE, prefetch=PREFETCH)
    print(time.time(), flush=True)
    counted = acknowledged = 0
    while counted < count:
        counted += sum(1 for _ in methods(channel.receive(), DELIVER))
        if counted - acknowledged >= ACK_EVERY or counted == count:
            channel.send(ack(counted))
            acknowledged = counted
    print(time.time(), flush=True)


if __name__ == "__main__":
    main()
