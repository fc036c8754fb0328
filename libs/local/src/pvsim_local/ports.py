"""Loopback ports that are free."""

import random
import socket

LOOPBACK = "127.0.0.1"
# Below the range from which a system takes the ports of outgoing connections: a client that keeps knocking at a
# stopped server's port would otherwise sooner or later be given that very port and connect to itself.
CANDIDATES = range(20_000, 32_000)


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(*, preferred: int | None = None) -> int:
    """The preferred port where it is free, else a random free one."""
    if preferred is not None and is_free(preferred):
        return preferred
    return next(port for port in random.sample(CANDIDATES, len(CANDIDATES)) if is_free(port))
