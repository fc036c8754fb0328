"""What clients that mean no good, or are merely slow, cannot do to a service."""

import asyncio
import contextlib
import socket
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pvsim_common.http_connections import BoundedConnection
from pvsim_common.service import running
from pvsim_local.waiting import until

LARGE = 16 * 1024 * 1024  # more than all buffers on the way to a client that does not read


def small(_request: Request) -> Response:
    return PlainTextResponse("ok")


def large(_request: Request) -> Response:
    return Response(bytes(LARGE))


async def endless(_request: Request) -> Response:
    await asyncio.sleep(3600)
    return PlainTextResponse("too late")


class Impatient(BoundedConnection):
    """Bounds that a test can reach."""

    most = 5
    patience_s = 0.2


class Patient(BoundedConnection):
    """As few connections, which may take their time."""

    most = 5


@contextmanager
def serving(http: type[BoundedConnection]) -> Iterator[tuple[uvicorn.Server, int]]:
    """A server with such connections, and its port."""
    app = Starlette(routes=[Route("/", small), Route("/large", large), Route("/endless", endless)])
    config = uvicorn.Config(app, http=http, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        until(lambda: server.started)
        yield server, int(listener.getsockname()[1])
        server.should_exit = True
        thread.join(10)


def connect(port: int, request: bytes = b"") -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=10)
    client.sendall(request)
    return client


def ends(client: socket.socket) -> bool:
    """Whether the server closes a connection, after what it has to say."""
    with contextlib.suppress(ConnectionError):
        while client.recv(1 << 20):
            pass
    return True


def is_open(client: socket.socket) -> bool:
    client.setblocking(False)
    try:
        return client.recv(1) != b""
    except BlockingIOError:
        return True
    except ConnectionError:
        return False


@pytest.mark.parametrize(
    "begun", [b"", b"GET / HTTP/1.1\r\nX-Slow: ", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n1"]
)
def test_a_client_that_does_not_finish_its_request_is_left(begun: bytes) -> None:
    with serving(Impatient) as (_, port), connect(port, begun) as client:
        assert ends(client)


def test_a_client_that_does_not_take_its_answer_is_left() -> None:
    with (
        serving(Impatient) as (server, port),
        connect(port, b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n") as client,
    ):
        client.recv(1)

        until(lambda: not server.server_state.connections)


def test_a_client_that_takes_its_answer_gets_all_of_it() -> None:
    with (
        serving(Impatient) as (_, port),
        urllib.request.urlopen(f"http://127.0.0.1:{port}/large", timeout=10) as answer,
    ):
        assert len(answer.read()) == LARGE


@pytest.mark.parametrize("request_", [b"", b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n"], ids=["silent", "slow"])
def test_of_too_many_clients_that_are_waited_for_the_first_one_makes_room(request_: bytes) -> None:
    with serving(Patient) as (_, port), contextlib.ExitStack() as stack:
        idle = [stack.enter_context(connect(port, request_)) for _ in range(5)]
        for client in idle if request_ else []:
            client.recv(1)  # it is being answered

        answered = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10).read()

        assert answered == b"ok"
        assert [client for client in idle[1:] if not is_open(client)] == []
        assert ends(idle[0])


def test_where_all_are_being_answered_a_new_client_is_turned_away() -> None:
    with serving(Patient) as (server, port), contextlib.ExitStack() as stack:
        busy = [stack.enter_context(connect(port, b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")) for _ in range(5)]
        until(lambda: len(server.server_state.tasks) == 5)

        with connect(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") as another:
            assert ends(another)

        assert [client for client in busy if not is_open(client)] == []


def test_a_service_answers_while_somebody_opens_more_connections_than_it_takes() -> None:
    with running("toy", "127.0.0.1", 0) as service, contextlib.ExitStack() as stack:
        idle = [stack.enter_context(connect(service.port)) for _ in range(BoundedConnection.most + 20)]

        answered = urllib.request.urlopen(f"http://127.0.0.1:{service.port}/healthz", timeout=10).read()

        assert answered == b"ok\n"
        until(lambda: sum(map(is_open, idle)) <= BoundedConnection.most)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz"])
def test_there_is_nothing_that_can_be_changed(method: str, path: str) -> None:
    with running("toy", "127.0.0.1", 0) as service, connect(service.port) as client:
        client.sendall(f"{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())

        assert client.recv(100).startswith(b"HTTP/1.1 405 ")


@pytest.mark.parametrize("request_", [b"GET /" + b"a" * 20_000, b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000])
def test_a_request_whose_headers_do_not_end_is_refused(request_: bytes) -> None:
    with running("toy", "127.0.0.1", 0) as service, connect(service.port, request_) as client:
        assert client.recv(100).startswith(b"HTTP/1.1 400 ")
