"""Leg A1, as the challenge is mostly solved: a new connection for each message, auto-ack, open and close for a line."""

import json
import random
import sys
import time
from datetime import UTC, datetime, timedelta

import pika

QUEUE = "challenge"


def main() -> None:
    """Publish so many readings, or record so many: challenge.py publish|record URL COUNT FILE."""
    role, url, count, file = sys.argv[1:]
    if role == "publish":
        print(time.time(), flush=True)
        publish(url, int(count))
    else:
        record(url, int(count), file)


def publish(url: str, count: int) -> None:
    """A message for each reading, and a connection for each message."""
    for second in range(count):
        with pika.BlockingConnection(pika.URLParameters(url)) as connection:
            channel = connection.channel()
            channel.queue_declare(QUEUE, durable=True)
            timestamp = datetime(2026, 6, 21, 10, tzinfo=UTC) + timedelta(seconds=second)
            reading = {"timestamp": timestamp.isoformat(), "power_w": random.uniform(0, 9000)}
            channel.basic_publish("", QUEUE, json.dumps(reading))


def record(url: str, count: int, file: str) -> None:
    """A line for each message, with a random PV power; the broker has forgotten the message by then."""
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        channel.queue_declare(QUEUE, durable=True)
        print(time.time(), flush=True)
        for number, (_method, _properties, body) in enumerate(channel.consume(QUEUE, auto_ack=True), start=1):
            reading = json.loads(body)
            meter, pv = reading["power_w"], random.uniform(0, 9000)
            line = {"timestamp": reading["timestamp"], "meter": meter, "pv": pv, "total_power": meter + pv}
            with open(file, "a") as results:  # noqa: PTH123 - as the challenge does it
                results.write(json.dumps(line) + "\n")
            if number == count:
                print(time.time(), flush=True)
                return


if __name__ == "__main__":
    main()
