"""Write the pictures and the tables of docs/model.md anew, from data sets made for it: make report."""

import tempfile
from pathlib import Path

from scripts.report import days, homes, sky, style, table, year
from tests.model import campaign
from tests.model.datasets import Datasets
from tests.model.scenarios import long_ones

DOCUMENT = Path(__file__).parents[2] / "docs" / "model.md"
PICTURES = {
    "model-days": days.two_days,
    "model-week": days.a_week,
    "model-profile": homes.a_thousand_homes,
    "model-coincidence": homes.coincidence,
    "model-changes": sky.distributions,
    "model-year": year.yields,
}


def main() -> None:
    """Write each picture to docs/pictures/<name>.svg, and the tables between their markers."""
    with tempfile.TemporaryDirectory(prefix="report-") as name, Datasets(Path(name)) as datasets:
        for options in long_ones():
            datasets.order(options)
        for picture, draw in PICTURES.items():
            style.save(draw(datasets), DOCUMENT.parent / "pictures" / f"{picture}.svg")
        tables = {"quality": table.quality(campaign.everything(datasets)), "appliances": table.appliances()}
    for name, lines in tables.items():
        DOCUMENT.write_text(table.replaced(DOCUMENT.read_text(), name, lines))


if __name__ == "__main__":
    main()
