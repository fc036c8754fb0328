"""Leg A2, the safe classic: wait for each confirm, prefetch 1, one line and one ack for each message."""

import json
import random
import sys
import time
from datetime import UTC, datetime, timedelta

import pika

QUEUE = "safe-classic"


def main() -> None:
    """Publish so many readings, or record so many: safe_classic.py publish|record URL COUNT FILE."""
    role, url, count, file = sys.argv[1:]
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
        print(time.time(), flush=True)  # connected
        if role == "publish":
            publish(channel, int(count))
        else:
            record(channel, int(count), file)


def publish(channel: pika.channel.Channel, count: int) -> None:
    """A persistent message for each reading; each waits for its confirm."""
    channel.confirm_delivery()
    properties = pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent)
    for second in range(count):
        timestamp = datetime(2026, 6, 21, 10, tzinfo=UTC) + timedelta(seconds=second)
        reading = {"timestamp": timestamp.isoformat(), "site": "home-1", "power_w": random.randint(0, 9000)}
        channel.basic_publish("", QUEUE, json.dumps(reading), properties)


def record(channel: pika.channel.Channel, count: int, file: str) -> None:
    """A line for each message, with a random PV power; the message is acknowledged when the line is in the file."""
    channel.basic_qos(prefetch_count=1)
    with open(file, "a") as journal:  # noqa: PTH123 - as the classic does it
        for number, (method, _properties, body) in enumerate(channel.consume(QUEUE), start=1):
            reading = json.loads(body)
            meter, pv = reading["power_w"] / 1000, random.randint(0, 9000) / 1000
            line = {"timestamp": reading["timestamp"], "meter": meter, "pv": pv, "total_power": meter + pv}
            journal.write(json.dumps(line) + "\n")
            journal.flush()
            channel.basic_ack(method.delivery_tag)
            if number == count:
                print(time.time(), flush=True)
                return


if __name__ == "__main__":
    main()
