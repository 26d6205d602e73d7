"""A table as the notebook shows it: one HTML table in a fenced raw block, which both engines read."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from analysis.tables import Verdict
from analysis.tell.language import escape
from analysis.tell.speech.display import shown

#: Class of a cell with a verdict; a cell that meets its target carries none, so that what fails stands out.
CLASS_OF: dict[str, str] = {
    Verdict.NOT_MET: "not-met",
    Verdict.UNDECIDABLE: Verdict.UNDECIDABLE,
    Verdict.NO_DATA: "no-data",
}


@dataclass(frozen=True)
class Cell:
    """Text as it is shown; `number` sets it right-aligned, `verdict` gives its class, `finding` the id behind it."""

    text: str
    number: bool = False
    verdict: str = ""
    finding: str = ""

    def html(self) -> str:
        """Return the cell as a <td>."""
        classes = [name for name in ("num" if self.number else "", CLASS_OF.get(self.verdict, "")) if name]
        attributes = f' class="{" ".join(classes)}"' if classes else ""
        if self.finding:
            attributes += f' data-f="{escape.cell(self.finding)}"'
        return f"<td{attributes}>{escape.cell(self.text)}</td>"


@dataclass(frozen=True)
class Table:
    """A table of the report: `frame` holds the values, unrounded, one row per line.

    `columns` are the frame's columns that are shown, `labels` what readers call them. `id` is the label without `tbl-`;
    `source` a line below, empty where none is needed.
    """

    id: str
    caption: str
    frame: pl.DataFrame
    columns: tuple[str, ...]
    labels: tuple[str, ...]
    numeric: tuple[bool, ...]
    body: tuple[tuple[Cell, ...], ...]
    source: str = ""
    sortable: bool = False
    extra: dict[str, Any] = field(default_factory=dict)

    def html(self) -> str:
        """Return the table as HTML, one line per row."""
        heads = "".join(
            f'<th class="num">{escape.cell(label)}</th>' if number else f"<th>{escape.cell(label)}</th>"
            for label, number in zip(self.labels, self.numeric, strict=True)
        )
        rows = "\n".join(f"<tr>{''.join(cell.html() for cell in row)}</tr>" for row in self.body)
        kind = ' class="sortable"' if self.sortable else ""
        return (
            f"<table{kind}>\n<caption>{escape.cell(self.caption)}</caption>\n"
            f"<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
        )

    def markdown(self) -> str:
        """Return the labelled div that both engines read, and the source line."""
        below = f"\n\n::: {{.source}}\n{escape.markdown(self.source)}\n:::" if self.source else ""
        return f"::: {{#tbl-{self.id}}}\n\n```{{=html}}\n{self.html()}\n```\n\n:::{below}"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        below = f'<p class="source">{escape.cell(self.source)}</p>' if self.source else ""
        return shown(self.markdown(), self.caption, lambda: self.html() + below)


def selected(table: Table, columns: Sequence[str]) -> Table:
    """Return a table that shows some of its columns alone, in the table's order."""
    places = [place for place, name in enumerate(table.columns) if name in columns]
    return replace(
        table,
        columns=tuple(table.columns[place] for place in places),
        labels=tuple(table.labels[place] for place in places),
        numeric=tuple(table.numeric[place] for place in places),
        body=tuple(tuple(row[place] for place in places) for row in table.body),
    )
