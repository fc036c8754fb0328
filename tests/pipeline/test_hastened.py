"""The rules in a hurry are the rules: their times are shorter, and nothing else is."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.pipeline.hastened import hastened

RULES = Path(__file__).parents[2] / "deploy" / "helm" / "rules" / "pvsim.rules.yaml"


def rules_of(text: str) -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


def without_times(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule with no number in its expression, and with no `for`."""
    return {**rule, "expr": re.sub(r"[\d.]+(ms|[smhd])?\b", "N", rule["expr"]), "for": ""}


def test_in_a_hurry_the_rules_are_the_same_but_for_their_times() -> None:
    text = hastened(RULES.read_text(), 240)

    assert list(map(without_times, rules_of(text))) == list(map(without_times, rules_of(RULES.read_text())))
    for rule in rules_of(text):
        assert not re.search(r"(\[|offset )\d+[smhd]\b|86400|> 120 ", rule["expr"])
        assert rule.get("for", "0ms").endswith("ms")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("time() - written > 120 and bytes > 0", "time() - written > 0.5 and bytes > 0"),
        ("predict_linear(free[6h], 86400) < 0", "predict_linear(free[90000ms], 360) < 0"),
        ("free offset 1h < 5e9", "free offset 15000ms < 5e9"),
        ("max(load) > 43500", "max(load) > 43500"),
    ],
)
def test_in_a_hurry_a_time_is_shorter_and_nothing_else_is(expression: str, expected: str) -> None:
    rules = yaml.safe_dump({"groups": [{"name": "g", "rules": [{"alert": "A", "expr": expression, "for": "2m"}]}]})

    assert rules_of(hastened(rules, 240)) == [{"alert": "A", "expr": expected, "for": "500ms"}]
