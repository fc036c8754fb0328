"""Write the table of values in the chart's README from its values files: make docs. Another file may be given."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CHART = Path(__file__).parents[1] / "deploy" / "helm"
README = CHART / "README.md"
BEGIN, END = "<!-- begin values: written by make docs -->", "<!-- end values -->"


class Value(NamedTuple):
    """A value as a person reads it."""

    name: str
    default: str
    meaning: str


def main() -> None:
    """Replace what stands between the markers."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else README
    before, found, rest = path.read_text().partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        sys.exit(f"{path}: there must be {BEGIN} and {END}")
    path.write_text("\n".join([before + BEGIN, *table(), END + after]))


def table() -> list[str]:
    """The values of the chart and of its subcharts, whose names begin with theirs."""
    rows = [
        *read((CHART / "values.yaml").read_text()),
        *(
            value._replace(name=f"{subchart.parent.name}.{value.name}")
            for subchart in sorted(CHART.glob("charts/*/values.yaml"))
            for value in read(subchart.read_text())
        ),
    ]
    return ["| value | default | meaning |", "|---|---|---|", *(f"| `{n}` | `{d}` | {_plain(m)} |" for n, d, m in rows)]


def read(text: str) -> Iterator[Value]:
    """The values of a values.yaml, each with the comment above it; a mapping that goes on in the next lines is none."""
    above: list[str] = []  # names of the mappings around a line, one for each two spaces
    comment: list[str] = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if stated := re.fullmatch(r" *# ?(.*)", line):
            comment.append(stated[1])
            continue
        if named := re.fullmatch(r"( *)([\w-]+):(?: (.*))?", line):
            depth = len(named[1]) // 2
            above[depth:] = [named[2]]
            default = named[3] or _items(lines[number + 1 :])
            if default:
                yield Value(".".join(above), default, " ".join(comment))
        comment = []


def _items(lines: list[str]) -> str:
    """A list that begins with these lines, in one line; empty where they begin none."""
    items = []
    for line in lines:
        item = re.fullmatch(r" *- (.*)", line)
        if not item:
            break
        items.append(item[1])
    return f"[{', '.join(items)}]" if items else ""


def _plain(text: str) -> str:
    """Text that a Markdown table takes as it is."""
    return re.sub(r"([|<*_])", r"\\\1", text)


if __name__ == "__main__":
    main()
