"""The proxy passes bytes to and fro until its connections are cut."""

import contextlib
import socket
import threading

import pytest
from tests.chaos.proxy import Proxy

from pvsim_local.ports import LOOPBACK, free_port
from pvsim_local.waiting import until


def echo(server: socket.socket) -> None:
    """Answer one client with what it says."""
    client, _ = server.accept()
    with client, contextlib.suppress(ConnectionResetError):
        while said := client.recv(100):
            client.sendall(said)


def test_bytes_pass_both_ways_until_the_connection_is_cut() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        thread = threading.Thread(target=echo, args=[server])
        thread.start()
        with Proxy(server.getsockname()[1]) as proxy, socket.create_connection((LOOPBACK, proxy.port)) as client:
            client.sendall(b"hello")
            answer = client.recv(100)

            cut = proxy.cut()

            with pytest.raises(ConnectionResetError):
                client.recv(100)
            thread.join()
    assert (answer, cut) == (b"hello", 1)


def test_after_a_cut_a_client_may_come_again() -> None:
    with socket.create_server((LOOPBACK, 0)) as server, Proxy(server.getsockname()[1]) as proxy:
        with socket.create_connection((LOOPBACK, proxy.port)):
            until(proxy.cut)

        with socket.create_connection((LOOPBACK, proxy.port)) as client:
            until(lambda: proxy.connections == 1)
            client.sendall(b"again")
            server.accept()[0].close()
            served, _ = server.accept()
            with served:
                assert served.recv(100) == b"again"


def test_where_nobody_listens_the_client_is_turned_away() -> None:
    with Proxy(free_port()) as proxy, socket.create_connection((LOOPBACK, proxy.port)) as client:
        client.settimeout(10)

        assert client.recv(1) == b""
