"""The life of a service, on a real port of this machine."""

import os
import signal
import socket
import threading
import urllib.request
from collections.abc import Iterator
from http.client import HTTPResponse
from urllib.error import HTTPError

import pytest
from prometheus_client import Counter
from prometheus_client.parser import text_string_to_metric_families

from pvsim_common.segments import JournalError
from pvsim_common.service import Service, Stop, refuse, running


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running("toy", "127.0.0.1", 0) as service:
        yield service


def get(service: Service, path: str, accept: str = "*/*") -> tuple[int, str, str]:
    """Status, content type and text."""
    request = urllib.request.Request(f"http://127.0.0.1:{service.port}{path}", headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            assert isinstance(response, HTTPResponse)
            return response.status, response.headers["Content-Type"], response.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read().decode()


def test_a_service_is_alive(service: Service) -> None:
    assert get(service, "/healthz")[::2] == (200, "ok\n")


def test_a_service_that_has_not_said_when_it_is_ready_is_starting() -> None:
    assert Service("toy").unready() == "starting"


def test_a_service_that_is_not_ready_says_all_the_reasons(service: Service) -> None:
    service.ready_when(lambda: "the broker is gone", lambda: None, lambda: "the disk is full")

    assert get(service, "/readyz")[::2] == (503, "the broker is gone; the disk is full\n")


def test_a_service_is_ready_when_nothing_is_wrong_any_more(service: Service) -> None:
    problems = ["the broker is gone"]
    service.ready_when(lambda: problems[0] if problems else None)
    before = get(service, "/readyz")[0]

    problems.clear()

    assert (before, get(service, "/readyz")[::2]) == (503, (200, "ok\n"))


def test_metrics_are_those_of_the_services_own_registry(service: Service) -> None:
    Counter("pvsim_things", "Things.", registry=service.registry).inc(3)

    status, content_type, text = get(service, "/metrics")

    samples = {
        sample.name: sample.value for family in text_string_to_metric_families(text) for sample in family.samples
    }
    assert (status, content_type.split(";")[0]) == (200, "text/plain")
    assert samples["pvsim_things_total"] == 3.0
    assert samples["pvsim_build_info"] == 1.0
    assert samples["process_resident_memory_bytes"] > 0


def test_the_build_says_which_service_it_is(service: Service) -> None:
    text = get(service, "/metrics")[2]

    assert 'pvsim_build_info{python="3.' in text
    assert 'service="toy"' in text


def test_prometheus_may_ask_for_openmetrics(service: Service) -> None:
    _, content_type, text = get(service, "/metrics", accept="application/openmetrics-text;version=1.0.0")

    assert content_type.startswith("application/openmetrics-text")
    assert text.endswith("# EOF\n")


def test_there_is_nothing_else_to_be_had(service: Service) -> None:
    assert get(service, "/secrets")[0] == 404


def test_a_port_in_use_is_one_line_that_names_the_setting_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(SystemExit) as ended, running("toy", "127.0.0.1", port):
            pytest.fail("it runs")

    assert ended.value.code == 2
    assert capsys.readouterr().err == (
        f"toy: error: http_port: cannot listen on 127.0.0.1:{port} (Address already in use)\n"
    )


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_asks_the_service_to_stop_and_nothing_more(signum: signal.Signals) -> None:
    before = signal.getsignal(signum)

    with running("toy", "127.0.0.1", 0) as service:
        os.kill(os.getpid(), signum)

        assert service.stopping.wait(5)

    assert signal.getsignal(signum) is before


def test_when_the_service_ends_its_port_is_free_again() -> None:
    with running("toy", "127.0.0.1", 0) as service:
        port = service.port

    with socket.create_server(("127.0.0.1", port)):
        pass


def test_a_failure_ends_the_process_with_exit_code_1() -> None:
    with pytest.raises(SystemExit) as ended, running("toy", "127.0.0.1", 0):
        raise OSError("the disk is gone")

    assert ended.value.code == 1


def test_a_journal_that_cannot_be_used_is_one_line_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, running("toy", "127.0.0.1", 0):
        raise JournalError("journal holds another journal: seed is 1 there but 2 here")

    assert ended.value.code == 2
    assert capsys.readouterr().err == "toy: error: journal holds another journal: seed is 1 there but 2 here\n"


def test_refusing_is_one_line_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        refuse("toy", "shard: should be less than shards")

    assert ended.value.code == 2
    assert capsys.readouterr().err == "toy: error: shard: should be less than shards\n"


def test_who_waits_is_woken_when_the_service_shall_end() -> None:
    stop = Stop()
    told: list[bool] = []
    waiting = threading.Thread(target=lambda: told.append(stop.wait(60)))
    waiting.start()

    stop.set()

    waiting.join(timeout=5)
    assert told == [True]


def test_a_loop_that_turns_has_no_problem() -> None:
    stop = Stop()
    before = stop.problem()

    assert not stop.is_set()
    assert (before, stop.problem()) == (None, None)
