"""The files of a private RabbitMQ node: its login and ports, its configuration, and what points the server to them."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from pvsim_local.ports import LOOPBACK, free_port

NODE_NAME = "pvsim@localhost"  # the same in every run: a node's data belong to its name


@dataclass(frozen=True)
class NodeIdentity:
    """What has to stay the same for one node's data: the login for good, the ports where they are still free."""

    user: str
    password: str
    amqp_port: int
    distribution_port: int
    epmd_port: int
    management_port: int
    prometheus_port: int


PORTS = [field.name for field in fields(NodeIdentity) if field.name.endswith("_port")]


def load_identity(directory: Path) -> NodeIdentity:
    """The directory's identity, made at the first call; a port that somebody else took meanwhile is replaced."""
    path = directory / "node.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    ports = {name: free_port(preferred=known.get(name)) for name in PORTS}
    identity = NodeIdentity(known.get("user", "pvsim"), known.get("password") or secrets.token_urlsafe(24), **ports)
    write_private(path, json.dumps(asdict(identity), indent=2))
    return identity


def write_configuration(directory: Path, identity: NodeIdentity, plugins: tuple[str, ...]) -> None:
    """Write the server's configuration files."""
    settings = {
        "listeners.tcp.1": f"{LOOPBACK}:{identity.amqp_port}",
        "default_user": identity.user,
        "default_pass": identity.password,
        "log.file.level": "warning",
    }
    if "rabbitmq_management" in plugins:
        settings |= {"management.tcp.ip": LOOPBACK, "management.tcp.port": str(identity.management_port)}
    if "rabbitmq_prometheus" in plugins:
        settings |= {"prometheus.tcp.ip": LOOPBACK, "prometheus.tcp.port": str(identity.prometheus_port)}
    write_private(directory / "rabbitmq.conf", "".join(f"{name} = {value}\n" for name, value in settings.items()))
    write_private(directory / "advanced.config", "[].\n")
    write_private(directory / "rabbitmq-env.conf", "")
    write_private(directory / "enabled_plugins", f"[{','.join(plugins)}].\n")


def environment(directory: Path, identity: NodeIdentity) -> dict[str, str]:
    """The variables that keep a server inside `directory` and on loopback, whatever /etc/rabbitmq says."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("RABBITMQ_", "ERL_"))}
    return inherited | {
        "HOME": str(directory),  # of the Erlang cookie
        "ERL_EPMD_ADDRESS": LOOPBACK,
        "ERL_EPMD_PORT": str(identity.epmd_port),
        "RABBITMQ_NODENAME": NODE_NAME,
        "RABBITMQ_DIST_PORT": str(identity.distribution_port),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "RABBITMQ_CONF_ENV_FILE": str(directory / "rabbitmq-env.conf"),
        "RABBITMQ_CONFIG_FILE": str(directory / "rabbitmq.conf"),
        "RABBITMQ_CONFIG_FILES": str(directory / "conf.d"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(directory / "advanced.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(directory / "enabled_plugins"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(directory / "generated"),
        "RABBITMQ_MNESIA_BASE": str(directory / "data"),
        "RABBITMQ_PLUGINS_EXPAND_DIR": str(directory / "plugins"),
        "RABBITMQ_PID_FILE": str(directory / "rabbitmq.pid"),
        "RABBITMQ_LOG_BASE": str(directory / "log"),
        "RABBITMQ_LOGS": str(directory / "log" / "rabbitmq.log"),
    }


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, from its first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
