"""Log in to the broker as pvsim does, once; with LOGIN_PASSWORD, another password than the Secret's is tried."""

import os
import sys

import pika

from pvsim.settings import PvsimSettings
from pvsim_common.broker.connection import parameters

broker = parameters(PvsimSettings(), "helm test")
password = os.environ.get("LOGIN_PASSWORD")
if password:
    broker.credentials = pika.PlainCredentials(broker.credentials.username, password)
try:
    with pika.BlockingConnection(broker) as connection:
        queue = connection.channel().queue_declare("readings.0", passive=True).method
except pika.exceptions.AMQPError as error:
    sys.exit(f"no login at {broker.host}:{broker.port} as {broker.credentials.username}: {error!r}")
print(f"logged in at {broker.host}:{broker.port} as {broker.credentials.username};", end=" ")
print(f"in {queue.queue} {queue.message_count} messages wait for {queue.consumer_count} consumer")
