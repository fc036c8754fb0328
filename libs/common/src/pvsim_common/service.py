"""The life of a service: signals ask it to stop, and one port tells how it is."""

import platform
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from types import FrameType
from typing import NoReturn

import structlog
import uvicorn
from prometheus_client import CollectorRegistry, Gauge, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from pvsim_common.http_connections import MAX_HEADER_BYTES, BoundedConnection
from pvsim_common.segments import JournalError

STUCK_AFTER_S = 60.0
Problem = Callable[[], str | None]


class SettingError(Exception):
    """What the process was told makes no sense; the text begins with the setting's name."""


class Stop:
    """Whether the service shall end. A loop that asks is alive, so asking is also its sign of life."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._asked: float | None = None

    def is_set(self) -> bool:
        """Whether to stop."""
        self._asked = time.monotonic()
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait so long or until the service shall end; whether it shall."""
        self._asked = time.monotonic()
        return self._event.wait(seconds)

    def set(self) -> None:
        """Ask the service to end."""
        self._event.set()

    def problem(self) -> str | None:
        """What is wrong with the loop: None before its first turn and while it turns."""
        silent = time.monotonic() - self._asked if self._asked is not None else 0.0
        return f"the main loop has not turned for {silent:.0f} s" if silent > STUCK_AFTER_S else None


class Service:
    """A running service: where its parts register metrics and say whether they are ready."""

    def __init__(self, name: str) -> None:
        self.stopping = Stop()
        self.registry = CollectorRegistry()
        self.port = 0
        self._problems: list[Problem] = [lambda: "starting"]
        ProcessCollector(registry=self.registry)
        build = Gauge(
            "pvsim_build_info", "Always 1; what runs.", ["service", "version", "python"], registry=self.registry
        )
        build.labels(name, version("pvsim-common"), platform.python_version()).set(1)

    def ready_when(self, *problems: Problem) -> None:
        """From now on the service is ready while each of these says None, else it is not and they say why."""
        self._problems = list(problems)

    def unready(self) -> str:
        """Why the service is not ready; empty when it is."""
        reasons = [problem() for problem in self._problems]
        return "; ".join(reason for reason in reasons if reason)


@contextmanager
def running(name: str, host: str, port: int, routes: Sequence[BaseRoute] = ()) -> Iterator[Service]:
    """Run the body as a service: SIGTERM and SIGINT ask it to stop, /metrics /healthz /readyz and its routes answer.

    A port in use ends the process with one line and exit code 2.
    """
    disable_created_metrics()  # type: ignore[no-untyped-call]  # a series more for each counter that nobody asks for
    service = Service(name)
    listener = _listen(name, host, port)
    service.port = listener.getsockname()[1]
    log = structlog.get_logger()
    before = {signum: signal.signal(signum, _stopper(service.stopping)) for signum in (signal.SIGTERM, signal.SIGINT)}
    server, thread = _serve(service, listener, routes)
    log.info("service_started", service=name, address=f"http://{host}:{service.port}")
    try:
        yield service
    except (JournalError, SettingError) as error:
        refuse(name, str(error))
    except Exception:
        log.exception("service_failed", service=name)
        sys.exit(1)
    finally:
        server.should_exit = True
        thread.join(timeout=2)
        for signum, handler in before.items():
            signal.signal(signum, handler)
    log.info("service_stopped", service=name)


def _stopper(stop: Stop) -> Callable[[int, FrameType | None], None]:
    return lambda _signum, _frame: stop.set()


def _listen(name: str, host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]  # create_server adds the address once more
        refuse(name, f"http_port: cannot listen on {host}:{port} ({reason})")


def refuse(name: str, reason: str) -> NoReturn:
    """End the process because what it was told makes no sense: one line, exit code 2."""
    sys.stderr.write(f"{name}: error: {reason}\n")
    sys.exit(2)


def _serve(
    service: Service, listener: socket.socket, routes: Sequence[BaseRoute]
) -> tuple[uvicorn.Server, threading.Thread]:
    app = Starlette(routes=[*_routes(service), *routes])
    config = uvicorn.Config(
        app,
        http=BoundedConnection,
        h11_max_incomplete_event_size=MAX_HEADER_BYTES,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="http", daemon=True)
    thread.start()
    return server, thread


def _routes(service: Service) -> list[Route]:
    def metrics(request: Request) -> Response:
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(service.registry), headers={"Content-Type": content_type})

    def healthz(_request: Request) -> Response:
        return _answer(service.stopping.problem() or "")

    def readyz(_request: Request) -> Response:
        return _answer(service.unready())

    return [Route("/metrics", metrics), Route("/healthz", healthz), Route("/readyz", readyz)]


def _answer(problem: str) -> Response:
    return PlainTextResponse(f"{problem or 'ok'}\n", status_code=503 if problem else 200)
