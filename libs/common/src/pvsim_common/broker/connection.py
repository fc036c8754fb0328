"""One connection to the broker in a thread of its own, opened again whenever it is lost."""

import random
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pika
import structlog
from pika.channel import Channel
from pika.exceptions import ConnectionClosedByClient
from prometheus_client import CollectorRegistry, Counter, Gauge
from pydantic import SecretStr

from pvsim_common.broker.frames import FastConnection
from pvsim_common.service import SettingError

HEARTBEAT_S = 10
_ATTEMPT_S = 5.0
_BACKOFF_S = (0.1, 5.0)  # first and longest pause between two attempts


class Address(Protocol):
    """Where the broker is and how to prove who we are; BrokerSettings has it."""

    @property
    def broker_url(self) -> SecretStr:
        """amqp:// or amqps:// URL with user and password."""

    @property
    def broker_ca_file(self) -> Path | None:
        """CA certificate that signed the broker's, None: the system's."""

    @property
    def broker_certificate_file(self) -> Path | None:
        """Client certificate, if the broker wants one."""

    @property
    def broker_key_file(self) -> Path | None:
        """Its private key."""


class BrokerError(Exception):
    """The broker client cannot go on; a restart of the process may help."""


class BrokerFileError(BrokerError, SettingError):
    """A file with a certificate or a key is of no use; the text names setting and file."""


def parameters(address: Address, name: str) -> pika.URLParameters:
    """What pika needs to connect: heartbeat, a name for the broker's own pages, TLS for amqps://.

    Raises BrokerFileError where a file holds no certificate, or a key is not that of its certificate.
    """
    url = address.broker_url.get_secret_value()
    found = pika.URLParameters(url)
    found.heartbeat = HEARTBEAT_S
    found.client_properties = {"connection_name": name}
    if url.startswith("amqps:"):
        found.ssl_options = pika.SSLOptions(_tls(address), found.host)
    return found


def one_attempt(address: Address, name: str) -> pika.URLParameters:
    """The same for a command, which somebody waits for: it gives up after some seconds."""
    found = parameters(address, name)
    found.socket_timeout = found.stack_timeout = found.blocked_connection_timeout = _ATTEMPT_S
    return found


def _tls(address: Address) -> ssl.SSLContext:
    """Whom we trust, and who we are. Certificate and host name are verified, TLS 1.2 is the oldest that is spoken."""
    named = f"broker_ca_file: {address.broker_ca_file}"
    try:
        context = ssl.create_default_context(cafile=address.broker_ca_file)
        if address.broker_certificate_file and address.broker_key_file:
            named = f"broker_certificate_file: {address.broker_certificate_file}"
            context.load_cert_chain(address.broker_certificate_file, address.broker_key_file)
    except (ssl.SSLError, OSError) as error:
        raise BrokerFileError(f"{named}: {str(error).replace('_', ' ').lower()}") from error
    return context


def backoff_s(attempt: int) -> float:
    """The pause before the next attempt [s]: doubling up to a cap, with jitter so that clients do not come at once."""
    first, longest = _BACKOFF_S
    return min(longest, first * 2.0 ** min(attempt, 16)) * random.uniform(0.5, 1.0)


class Connection:
    """Keeps a channel open. Callbacks run in its thread; `call` brings work into it."""

    def __init__(
        self, address: Address, name: str, registry: CollectorRegistry | None, on_channel: Callable[[Channel], None]
    ) -> None:
        """Its metrics go to the registry; a second connection of a service has none."""
        self._parameters = parameters(address, name)
        self._name = name
        self._on_channel = on_channel
        self._log = structlog.get_logger()
        self._stopping = threading.Event()
        self._lock = threading.Lock()  # guards the loop against use after its end
        self._connection: pika.SelectConnection | None = None
        self._thread = threading.Thread(target=self._run, name="broker", daemon=True)
        self._attempt = 0
        self._trouble: str | None = "not connected to the broker yet"
        self.failure: Exception | None = None
        self._connected = False
        registry = registry or CollectorRegistry()
        connected = Gauge("pvsim_broker_connected", "1 while the broker's channel is open.", registry=registry)
        connected.set_function(self.is_connected)
        self._reconnects = Counter(
            "pvsim_broker_reconnects", "Connections to the broker that were lost or refused.", registry=registry
        )

    def start(self) -> None:
        """Connect, and from now on keep connected."""
        self._thread.start()

    def stop(self, timeout_s: float = 3.0) -> None:
        """Close the connection after the work that was handed over, and end the thread."""
        self._stopping.set()
        self.call(self._close)
        self._thread.join(timeout_s)

    def call(self, work: Callable[[], None]) -> None:
        """Do this soon in the connection's thread; forgotten where there is no connection."""
        with self._lock:
            if self._connection is not None:
                self._connection.ioloop.add_callback_threadsafe(work)

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        """Do this after a time, unless the connection is lost before. Only from the connection's thread."""
        if self._connection is not None:
            self._connection.ioloop.call_later(seconds, work)

    def opened(self) -> None:
        """Tell that the channel is of use: all is declared."""
        self._attempt, self._trouble, self._connected = 0, None, True
        self._log.info("broker_connected", connection=self._name)

    def blocked(self, reason: str | None) -> None:
        """Tell that the broker takes no messages for now, or takes them again."""
        self._trouble = f"the broker is blocked: {reason}" if reason else None

    def is_connected(self) -> bool:
        """Whether the channel is open."""
        return self._connected

    def problem(self) -> str | None:
        """Why the channel is of no use, None while it is."""
        return f"broker client failed: {self.failure}" if self.failure else self._trouble

    def raise_failure(self) -> None:
        """Raise BrokerError in the caller's thread if the connection's thread cannot go on."""
        if self.failure is not None:
            raise BrokerError(str(self.failure)) from self.failure

    def fail(self, error: Exception) -> None:
        """Give up: the owner's thread will see it, and the process ends."""
        self.failure = error
        self._close()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set() and self.failure is None:
                self._connect_once()
                self._stopping.wait(backoff_s(self._attempt))
                self._attempt += 1
        except Exception as error:
            self._log.exception("broker_client_failed", connection=self._name)
            self._connected = False
            self.failure = error

    def _connect_once(self) -> None:
        """Open a connection and serve it until it is lost."""
        connection = FastConnection(
            self._parameters,
            on_open_callback=self._open_channel,
            on_open_error_callback=self._lost,
            on_close_callback=self._lost,
        )
        with self._lock:
            self._connection = connection
        if self._stopping.is_set():
            self._close()  # stop() came before there was a connection to close
        try:
            connection.ioloop.start()
        finally:
            with self._lock:
                self._connection = None
            connection.ioloop.close()

    def _open_channel(self, connection: pika.SelectConnection) -> None:
        connection.channel(on_open_callback=self._use_channel)

    def _use_channel(self, channel: Channel) -> None:
        channel.add_on_close_callback(self._channel_closed)
        self._on_channel(channel)

    def _channel_closed(self, channel: Channel, reason: Exception) -> None:
        if channel.connection.is_open:  # by the broker, for a mistake of ours: what differs stands in the reason
            self._log.error("broker_closed_channel", connection=self._name, reason=str(reason))
            self._trouble = f"the broker closed the channel: {reason}"
            self._close()

    def _close(self) -> None:
        connection = self._connection
        if connection is not None and not (connection.is_closing or connection.is_closed):
            connection.close()

    def _lost(self, connection: pika.SelectConnection, reason: Exception | str) -> None:
        self._connected = False
        if not self._stopping.is_set():
            self._reconnects.inc()
            self._log.warning("broker_lost", connection=self._name, reason=why(reason))
        if not isinstance(reason, ConnectionClosedByClient):  # else the reason why we closed it says more
            self._trouble = f"not connected to the broker: {why(reason)}"
        connection.ioloop.stop()


def why(reason: Exception | str) -> str:
    """The innermost reason: pika wraps what went wrong while connecting."""
    while isinstance(inner := _wrapped(reason), Exception):
        reason = inner
    text = str(reason) or repr(reason)
    return f"user, password or virtual host refused ({text})" if "403" in text or "530" in text else text


def _wrapped(reason: Exception | str) -> object:
    several = getattr(reason, "exceptions", None)
    arguments = getattr(reason, "args", None)
    return several[-1] if several else getattr(reason, "exception", None) or (arguments[0] if arguments else None)
