"""Write the dashboards to deploy/helm/dashboards, or to the directory given: make dashboards."""

import json
import sys
from pathlib import Path

from scripts.dashboards import broker, energy, pipeline, service_levels

DIRECTORY = Path(__file__).parents[2] / "deploy" / "helm" / "dashboards"
DASHBOARDS = {
    "energy": energy.energy,
    "pipeline": pipeline.pipeline,
    "broker": broker.broker,
    "service-levels": service_levels.service_levels,
}


def main() -> None:
    """Write each dashboard to <name>.json."""
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else DIRECTORY
    for name, make in DASHBOARDS.items():
        (directory / f"{name}.json").write_text(json.dumps(make(), indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
