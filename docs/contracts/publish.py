"""Publish one reading of a site of your own: python publish.py my-house 432."""

import json
import os
import sys
import zlib
from datetime import UTC, datetime

import pika

site, power_w = sys.argv[1], int(sys.argv[2])
partitions = int(os.environ.get("PVSIMULATOR_PARTITIONS", "1"))
timestamp = datetime.now(UTC).isoformat(timespec="seconds")
message = {"timestamp": timestamp, "interval_s": 1.0, "sites": [site], "power_w": [power_w]}
properties = pika.BasicProperties(
    content_type="application/json",
    type="meter-readings.v1",
    delivery_mode=pika.DeliveryMode.Persistent,
    message_id=f"{site}/{timestamp}",
    app_id="publish.py",
)
with pika.BlockingConnection(pika.URLParameters(os.environ["PVSIMULATOR_BROKER_URL"])) as connection:
    channel = connection.channel()
    channel.confirm_delivery()  # from here on basic_publish returns when the broker has the message on disk
    queue = f"readings.{zlib.crc32(site.encode()) % partitions}"
    channel.basic_publish("", queue, json.dumps(message), properties, mandatory=True)
