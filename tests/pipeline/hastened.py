"""The rules with all their times divided by one number: what takes minutes then takes seconds."""

import re
from typing import Any

import yaml

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_RANGE = re.compile(r"(\[|offset )(\d+)([smhd])\b")
_NUMBER = re.compile(r"(time\(\) - \w+ [<>] |predict_linear\([^,]+, )(\d+)")  # ages, and how far is looked ahead


def hastened(rules: str, factor: float) -> str:
    """The text of a rule file: each `for`, range, offset, age and look ahead is so many times shorter."""
    file = yaml.safe_load(rules)
    for group in file["groups"]:
        for rule in group["rules"]:
            rule |= _hastened_rule(rule, factor)
    return yaml.safe_dump(file)


def _hastened_rule(rule: dict[str, Any], factor: float) -> dict[str, Any]:
    expression = _RANGE.sub(lambda found: found[1] + _shorter(found[2] + found[3], factor), rule["expr"])
    expression = _NUMBER.sub(lambda found: f"{found[1]}{int(found[2]) / factor:g}", expression)
    return {"expr": expression} | ({"for": _shorter(rule["for"], factor)} if "for" in rule else {})


def _shorter(duration: str, factor: float) -> str:
    return f"{round(1000 * int(duration[:-1]) * SECONDS[duration[-1]] / factor)}ms"
