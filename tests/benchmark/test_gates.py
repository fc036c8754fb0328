"""A gate is reached or missed by the medians of its legs."""

import msgspec
from tests.benchmark.gates import all_reached, verdicts
from tests.benchmark.results import Chain, Latency, Machine, Result, Run, Scale

MACHINE = Machine(
    measured="2026-06-21",
    cpu="A processor",
    cores=2,
    memory_gib=8.0,
    system="Linux x86_64",
    versions={"Python": "3.11.2"},
    load_before=(0.1, 0.2, 0.3),
)
RATES = {
    "A1": 100,
    "A2": 600,
    "B(1)": 12_000,
    "B(10)": 60_000,
    "B(100)": 150_000,
    "B(1000)": 250_000,
    "B(1000) without sync": 260_000,
    "B(1000) constant": 400_000,
    "B(1000) with exporter": 200_000,
    "C(1)": 16_000,
    "C(1000)": 3_000_000,
    "disk": 5_000_000,
}


def run(leg: str, rate: float, *, meter_cpu_s: float = 0.3) -> Run:
    """A run of 100,000 readings that keeps every goal."""
    cpu_s = {"meter": meter_cpu_s, "pvsim": 0.4, "broker": 0.1, "exporter": 0.2}
    return Run(
        leg=leg,
        readings=100_000,
        wall_s=100_000 / rate,
        cpu_s=cpu_s,
        handled=dict.fromkeys(cpu_s, 100_000),
        peak_mib={"meter": 100, "pvsim": 200, "exporter": 100},
        first_line_s=1.0,
        first_cpu_s=cpu_s,
        lag_s=0.5 if "exporter" in leg else None,
    )


def chain(**rates: float) -> Chain:
    """A chain that keeps every goal, but for these rates."""
    runs = [run(leg, rate) for leg, rate in (RATES | rates).items()]
    latencies = [Latency(rate=50, messages=1000, p50_ms=7.0, p99_ms=9.0, most_ms=20.0)]
    return Chain(machine=MACHINE, rounds=1, runs=runs, start_up_s=[4.0], latencies=latencies)


def missed(result: Result) -> list[tuple[str, str, str]]:
    """What is missed, with goal and figure."""
    return [(verdict.what, verdict.goal, verdict.figure) for verdict in verdicts(result) if not verdict.reached]


def test_a_result_without_sections_has_no_verdict() -> None:
    assert verdicts(Result()) == []


def test_all_is_reached_where_every_goal_is_kept() -> None:
    result = Result(chain=chain())

    assert missed(result) == []
    assert all_reached(verdicts(result))


def test_a_slow_leg_misses_its_own_gates_only() -> None:
    result = Result(chain=chain(**{"B(1000) with exporter": 149_000}))

    assert missed(result) == [("B(1000) with exporter, readings/s", "≥ 150,000", "149,000")]
    assert not all_reached(verdicts(result))


def test_a_figure_that_is_just_the_goal_is_reached() -> None:
    assert missed(Result(chain=chain(**{"A1": 120, "C(1)": 20_000}))) == []


def test_the_median_of_the_rounds_decides() -> None:
    measured = chain()
    measured.runs += [run("A2", 599), run("A2", 6000)]

    assert missed(Result(chain=measured)) == []


def test_memory_is_the_most_of_all_runs() -> None:
    measured = chain()
    measured.runs.append(msgspec.structs.replace(run("B(1000)", 250_000), peak_mib={"meter": 121, "pvsim": 1}))

    assert [what for what, _, _ in missed(Result(chain=measured))] == [
        "meter: memory [MiB] at 1,000 homes, the most of all runs"
    ]


def test_cost_at_many_homes_is_that_of_all_three_processes() -> None:
    runs = {1000: run("1,000 homes", 250_000), 100_000: run("100,000 homes", 200_000, meter_cpu_s=0.5)}

    assert missed(Result(scale=Scale(machine=MACHINE, runs=runs))) == [
        ("CPU for a reading, 100,000 homes / 1,000 homes", "≤ 1.15", "1.25")
    ]
