"""The alerts as the rules have them: their names, and what each of them means."""

from pathlib import Path
from typing import Any

import yaml

RULES = Path(__file__).parents[2] / "deploy" / "helm" / "rules" / "pvsim.rules.yaml"


def alerts() -> list[dict[str, Any]]:
    """The alerts of the rules, in their order."""
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"] if "alert" in rule]


def selector(state: str = "") -> str:
    """Selects the series of our alerts: of this namespace, or of none where what is missing has no label."""
    names = "|".join(rule["alert"] for rule in alerts())
    wanted = f'alertstate="{state}", ' if state else ""
    return f'ALERTS{{{wanted}alertname=~"{names}", namespace=~"$namespace|"}}'


def worst_states() -> str:
    """The state of each alert while there is anything to scrape: 0 quiet, 1 pending, 2 firing."""
    watched = '0 * max(up{namespace="$namespace"})'
    quiet = " or ".join(f'label_replace({watched}, "alertname", "{rule["alert"]}", "", "")' for rule in alerts())
    return f"max by (alertname) (2 * {selector('firing')} or {selector('pending')} or {quiet})"


def explanations() -> str:
    """A table of the alerts, in Markdown."""
    lines = [
        f"| {rule['alert']} | {rule['labels']['severity']} | {rule['annotations']['summary']} |" for rule in alerts()
    ]
    return "\n".join(["| alert | severity | meaning |", "|---|---|---|", *lines])
