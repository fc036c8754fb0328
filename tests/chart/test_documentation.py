"""What the chart says of itself: the table of values, and the notes after an install."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.chart.helm import CHART, ROOT, render
from tests.chart.manifests import identity, named, pods

CANARY = "Canary0fTheMine"
AS_MANIFEST = """{{- define "notes" }}NOTES{{ end -}}
apiVersion: v1
kind: ConfigMap
metadata: {name: notes}
data:
  notes: |
{{ include "notes" . | indent 4 }}
"""


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    """A copy of the chart, which renders its notes as a ConfigMap: `helm template` leaves them out."""
    copy = Path(shutil.copytree(CHART, tmp_path / "helm"))
    notes = (CHART / "templates" / "NOTES.txt").read_text()
    (copy / "templates" / "notes.yaml").write_text(AS_MANIFEST.replace("NOTES", notes))
    return copy


def test_the_table_of_values_is_the_one_that_the_values_files_give(tmp_path: Path) -> None:
    copy = Path(shutil.copy(CHART / "README.md", tmp_path))

    subprocess.run([sys.executable, ROOT / "scripts" / "chart_docs.py", copy], check=True)

    assert copy.read_text() == (CHART / "README.md").read_text(), "run `make docs`"


def test_the_notes_tell_the_next_commands_and_name_what_is_there(chart: Path, values_file: Path) -> None:
    manifests = render("--values", values_file, chart=chart)
    there = {identity(manifest) for manifest in manifests}
    containers = {container["name"] for pod in pods(manifests) for container in pod.containers}

    notes = named(manifests, "ConfigMap", "notes")["data"]["notes"]

    steps = ["1", "2", "3", "4"] if "prometheus" in containers else ["1", "2", "3"]
    assert re.findall(r"^(\d)\.", notes, re.MULTILINE) == steps
    assert len(re.findall(r"^ +(?:helm|kubectl) .*--namespace homes", notes, re.MULTILINE)) == len(steps)
    assert {f"Service/{name}" for name in re.findall(r"service/(\S+)", notes)} <= there
    assert {f"StatefulSet/{name}" for name in re.findall(r" (\S+)-0 --container", notes)} <= there
    assert set(re.findall(r"--container (\S+)", notes)) <= containers
    assert "helm test pvsim " in notes


def test_the_notes_tell_no_password(chart: Path) -> None:
    notes = named(render("--set", f"rabbitmq.auth.password={CANARY}", chart=chart), "ConfigMap", "notes")["data"][
        "notes"
    ]

    assert CANARY not in notes
    assert "rabbitmq.auth.existingSecret" in notes
