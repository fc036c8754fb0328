"""TLS to a real broker with certificates of a private authority: whom the services trust, and what they say if not."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.pipeline.certificates import EXPIRED, Authority, Certificate

from pvsim import quarantine_command
from pvsim_common.broker import BrokerError
from pvsim_common.broker.connection import Connection
from pvsim_local.ports import LOOPBACK, free_port
from pvsim_local.rabbitmq import RabbitNode
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until


class Address:
    """Where a broker is, and the files that a client has."""

    def __init__(self, url: str, ca_file: Path | None = None, client: Certificate | None = None) -> None:
        self.broker_url = SecretStr(url)
        self.broker_ca_file = ca_file
        self.broker_certificate_file = client.certificate if client else None
        self.broker_key_file = client.key if client else None


class TlsNode:
    """A broker with a TLS port beside its plain one."""

    def __init__(self, node: RabbitNode, port: int) -> None:
        self.node = node
        self._port = port

    def url(self, host: str = "localhost") -> str:
        """Where and as whom to connect over TLS."""
        identity = self.node.identity
        return f"amqps://{identity.user}:{identity.password}@{host}:{self._port}/"


def listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((LOOPBACK, port)) == 0


@contextmanager
def tls_node(directory: Path, authority: Authority, server: Certificate) -> Iterator[TlsNode]:
    port = free_port()
    settings = {
        "listeners.ssl.1": f"{LOOPBACK}:{port}",
        "ssl_options.cacertfile": authority.certificate,
        "ssl_options.certfile": server.certificate,
        "ssl_options.keyfile": server.key,
        "ssl_options.verify": "verify_peer",
        "ssl_options.fail_if_no_peer_cert": "true",
    }
    (directory / "conf.d").mkdir(parents=True)
    (directory / "conf.d" / "tls.conf").write_text("".join(f"{key} = {value}\n" for key, value in settings.items()))
    node = RabbitNode(directory)
    node.start(timeout_s=150)  # it may be the third one on a busy machine
    until(lambda: listens(port))  # RabbitMQ 4 opens this port after the plain one
    try:
        yield TlsNode(node, port)
    finally:
        node.stop()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory, require_tool: Callable[[str], None]) -> Authority:
    """The authority that all certificates here are from."""
    for tool in ("openssl", "rabbitmq-server"):
        require_tool(tool)
    return Authority(tmp_path_factory.mktemp("tls") / "ours", "Private authority")


@pytest.fixture(scope="module")
def server(authority: Authority) -> Certificate:
    """A broker's certificate, for the name localhost alone."""
    return authority.issue("server", host="localhost")


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory, authority: Authority, server: Certificate) -> Iterator[TlsNode]:
    """A broker that wants to see a certificate of its clients."""
    with tls_node(tmp_path_factory.mktemp("node") / "rabbitmq", authority, server) as node:
        yield node


def outcome(address: Address) -> str:
    """What comes of an attempt to connect: `connected`, or why not."""
    connection = Connection(address, "test", None, lambda _channel: connection.opened())
    connection.start()
    try:
        return until(lambda: "connected" if connection.is_connected() else reason(connection.problem()))
    finally:
        connection.stop()


def until_told(expected: str, address: Address) -> None:
    """Try again until this is told: in TLS 1.3 a broker refuses the client after it believes to be connected.

    If the client has sent something by then, it may see a closed connection instead of the alert that says why.
    """
    until(lambda: expected in outcome(address).replace("_", " ").lower(), timeout_s=90)


def reason(problem: str | None) -> str:
    return "" if problem == "not connected to the broker yet" else problem or ""


def test_a_broker_of_another_name_is_not_trusted_and_both_names_are_told(node: TlsNode, authority: Authority) -> None:
    told = outcome(Address(node.url("127.0.0.1"), authority.certificate))

    assert "certificate verify failed: IP address mismatch, certificate is not valid for '127.0.0.1'" in told


def test_a_broker_of_an_unknown_authority_is_not_trusted(node: TlsNode, tmp_path: Path) -> None:
    other = Authority(tmp_path / "other", "Somebody else")

    told = outcome(Address(node.url(), other.certificate))

    assert "certificate verify failed: self-signed certificate in certificate chain" in told


def test_without_a_given_authority_only_those_of_the_system_are_trusted(node: TlsNode) -> None:
    assert "certificate verify failed" in outcome(Address(node.url()))


def test_a_broker_whose_certificate_has_expired_is_not_trusted(tmp_path: Path, authority: Authority) -> None:
    expired = authority.issue("expired", host="localhost", validity=EXPIRED)

    with tls_node(tmp_path / "rabbitmq", authority, expired) as node:
        told = outcome(Address(node.url(), authority.certificate))

    assert "certificate verify failed: certificate has expired" in told


def test_a_broker_and_a_client_with_certificates_of_the_same_authority_trust_each_other(
    node: TlsNode, authority: Authority
) -> None:
    client = authority.issue("client", host="pvsim")

    assert outcome(Address(node.url(), authority.certificate, client)) == "connected"


def test_a_client_without_the_certificate_that_the_broker_wants_says_so(node: TlsNode, authority: Authority) -> None:
    until_told("certificate required", Address(node.url(), authority.certificate))


def test_a_client_with_a_certificate_of_another_authority_is_told_that_it_is_not_known(
    node: TlsNode, authority: Authority, tmp_path: Path
) -> None:
    stranger = Authority(tmp_path / "other", "Somebody else").issue("client", host="pvsim")

    until_told("unknown ca", Address(node.url(), authority.certificate, stranger))


def test_tls_to_a_plain_port_is_told(node: TlsNode, authority: Authority) -> None:
    plain = node.node.url.replace("amqp:", "amqps:").replace("127.0.0.1", "localhost")

    assert "ssl" in outcome(Address(plain, authority.certificate)).lower()


def test_no_tls_to_a_tls_port_is_told(node: TlsNode) -> None:
    assert outcome(Address(node.url("127.0.0.1").replace("amqps:", "amqp:"))).startswith("not connected to the broker:")


def test_a_file_that_holds_no_certificate_is_named(node: TlsNode, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")

    with pytest.raises(BrokerError, match=f"broker_ca_file: {empty}: .*no certificate or crl found"):
        outcome(Address(node.url(), empty))


def test_a_key_that_belongs_to_another_certificate_is_named(
    node: TlsNode, authority: Authority, server: Certificate
) -> None:
    client = authority.issue("mixed", host="pvsim")

    with pytest.raises(BrokerError, match=r"broker_certificate_file: .*mixed\.pem: .*key values mismatch"):
        outcome(Address(node.url(), authority.certificate, Certificate(client.certificate, server.key)))


@pytest.mark.parametrize("service", ["meter", "pvsim"])
def test_a_file_that_holds_no_certificate_stops_a_service_with_one_line_and_exit_code_2(
    service: str, node: TlsNode, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    log = tmp_path / "service.log"

    with ServiceProcess(
        service, log, {"http-port": 0, "broker-ca-file": empty}, {"PVSIMULATOR_BROKER_URL": node.url()}
    ) as process:
        assert process.wait(timeout_s=60) == 2

    assert log.read_text().splitlines()[-1].startswith(f"{service}: error: broker_ca_file: {empty}: ")
    assert "Traceback" not in log.read_text()


def test_the_quarantine_command_says_the_same_and_was_misused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    monkeypatch.setenv("PVSIMULATOR_BROKER_URL", "amqps://guest:guest@127.0.0.1:1/")
    monkeypatch.setenv("PVSIMULATOR_BROKER_CA_FILE", str(empty))

    assert quarantine_command.main(["list"]) == 2
    assert capsys.readouterr().err.startswith(f"pvsim quarantine: broker_ca_file: {empty}: ")


def test_pvsim_consumes_over_tls_with_a_certificate_of_its_own(
    node: TlsNode, authority: Authority, tmp_path: Path
) -> None:
    client = authority.issue("pvsim", host="pvsim")
    arguments = {
        "http-port": 0,
        "journal-directory": tmp_path / "journal",
        "broker-ca-file": authority.certificate,
        "broker-certificate-file": client.certificate,
        "broker-key-file": client.key,
    }

    with ServiceProcess("pvsim", tmp_path / "pvsim.log", arguments, {"PVSIMULATOR_BROKER_URL": node.url()}) as pvsim:
        until(lambda: pvsim.get("/readyz") == (200, "ok\n"))

        log = pvsim.log()

    assert '"broker_connected"' in log
    assert node.node.identity.password not in log
