"""Pictures of the live page in the documents: there, small, and each of them made by make pictures."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
PICTURE = re.compile(r"!\[[^\]]+\]\((?:docs/)?pictures/(live-page-[\w-]+)\.png\)")
MAX_BYTES = 120_000


def test_each_picture_of_the_live_page_is_made_by_make_pictures_and_shown() -> None:
    there = {file.stem for file in PICTURES.glob("live-page-*.png")}
    texts = [file.read_text() for file in (ROOT / "README.md", ROOT / "docs" / "dashboards.md")]

    assert there == views()
    assert there == {name for text in texts for name in PICTURE.findall(text)}


def test_each_picture_is_small() -> None:
    sizes = {file.name: file.stat().st_size for file in PICTURES.glob("*.png")}

    assert {name: size for name, size in sizes.items() if size > MAX_BYTES} == {}


def views() -> set[str]:
    """Names in the table of scripts/pictures.py, read without running it."""
    tree = ast.parse((ROOT / "scripts" / "pictures.py").read_text())
    table = next(node.value for node in tree.body if isinstance(node, ast.AnnAssign))
    assert isinstance(table, ast.Dict)
    return {ast.literal_eval(key) for key in table.keys if key is not None}
