"""Draw a layout from a seed: which table, which writer, which features; and lay it out as pages of cells."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from analysis.sample.layouts import around, columns, heads, marks, truth
from analysis.sample.layouts.columns import Heads
from analysis.sample.layouts.page import Page
from analysis.sample.layouts.place import place
from analysis.sample.layouts.words import weighted, words

YEAR = 2024
TEXTS = ("csv",)
_FEW_KEYS = ("monitoring", "survey")
OFFICE = ("office-xlsx", "office-ods", "office-xls")


@dataclass(frozen=True)
class Layout:
    """What a seed draws; the same layout with fewer features is the same in all that is left of it."""

    seed: int
    table: str
    writer: str
    features: frozenset[str]

    def rng(self, of: str) -> random.Random:
        """Return the luck of one part of the layout."""
        return random.Random(f"{self.seed}/{of}")

    @property
    def text(self) -> bool:
        """Tell whether the file knows values alone: no formats, nothing merged or hidden."""
        return self.writer in (*TEXTS, "pandas")

    def without(self, feature: str) -> "Layout":
        """Return the layout without one of its features."""
        return replace(self, features=self.features - {feature})

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.table} by {self.writer}; {', '.join(sorted(self.features)) or 'plain'}"


@dataclass
class Drawn:
    """Pages of a layout; `refused` where the whole file must be refused, by the name of the encoding it is in.

    `dialect` is the encoding and the separator of a text file, once it is written.
    """

    layout: Layout
    pages: list[Page] = field(default_factory=list)
    refused: str = ""
    dialect: tuple[str, str] = ("", "")


def draw(seed: int, writer: str = "", table: str = "") -> Layout:
    """Return the layout of a seed; a writer or a table may be given."""
    rng = random.Random(f"{seed}/layout")
    weights = {name: table["weight"] for name, table in words()["tables"].items()}
    drawn = weighted(rng, weights), weighted(rng, words()["writers"])
    writer = writer or drawn[1]
    among = "texts" if writer in TEXTS else "books"
    other = "books" if among == "texts" else "texts"
    # Some layouts are nearly plain, some have a bit of everything.
    rate = rng.choice((0.3, 0.7, 1.0, 1.0, 1.6))
    features = {
        name
        for name, feature in words()["features"].items()
        if (rng.random() < feature["share"] * rate) & (other not in feature)
    } - set(words()["not_by"].get(writer.partition("-")[0], ()))
    table = table or drawn[0]
    if table in _FEW_KEYS:  # of which there are no others
        features -= {"below_same", "beside_same"}
    for group in words()["exclusive"]:
        both = [name for name in group if name in features]
        features -= set(both) - {rng.choice(both)} if both else set()
    return Layout(seed, table, writer, frozenset(features))


def lay(layout: Layout) -> Drawn:
    """Return the pages of a layout."""
    drawn = Drawn(layout)
    if "foreign" in layout.features:
        drawn.pages, drawn.refused = around.foreign(layout.rng("foreign"))
        return drawn
    rows = truth.rows(layout.table, YEAR, layout.rng("truth"))
    whole = _heads(layout, rows, layout.rng)
    page = Page(layout.rng("name").choice(["Sheet1", "学校", "表1", "2024年"]))
    bottom = place(page, whole, layout.features, layout.rng("place"), YEAR, layout.text)
    drawn.pages.append(page)
    for name, feature in marks.FEATURES.items():
        if name in layout.features:
            feature(page, layout.rng(name))
    for name, beside in around.ON_PAGE.items():
        if name in layout.features:
            other = next((table for table in beside.tables if table != layout.table), layout.table)
            more = truth.rows(other, YEAR, layout.rng(f"{name} rows"))
            for number, row in enumerate(more):  # other schools
                if "school" in row:
                    row["school"] = f"999{500 + number:03}{number:04}"
            plain = replace(layout, table=other, features=layout.features & {"grouped"})
            beside.add(page, _heads(plain, more, layout.rng), layout.rng(name), bottom)
    for name, sheet in around.SHEETS.items():
        if name in layout.features:
            more = truth.rows(layout.table, YEAR, layout.rng(f"{name} rows"))
            more = [] if layout.table in _FEW_KEYS else more
            for row in more:
                if "school" in row:
                    row["school"] = f"98{row['school'][2:]}"
            plain = replace(layout, features=layout.features & {"grouped"})
            sheet(drawn.pages, _heads(plain, more, layout.rng) if more else [], layout.rng(name), YEAR)
    if layout.writer == "office-xls":
        marks.loosened(page)
    return drawn


def _heads(layout: Layout, rows: truth.Truth, rng: Callable[[str], random.Random]) -> Heads:
    """Return the columns of a page with all features that lie in columns."""
    printed = heads.chosen(layout.table, rng("columns"))
    printed_heads = heads.of(printed, rows, layout.features, rng("heads"), layout.text)
    for name, feature in columns.FEATURES.items():
        if name in layout.features:
            printed_heads = feature(printed_heads, YEAR, rng(name))
    printed_heads = _unknown(printed_heads, layout, rng)
    if not layout.features & {"no_units", "unit_title", "unit_row"}:
        printed_heads = heads.united(printed_heads, rng("united"))
    else:  # a share in percent says so by itself
        written = heads.united(printed_heads, rng("united"))
        apart = ("%", *words()["unknown_units"])
        printed_heads = [
            head_united if head.unit in apart else head
            for head, head_united in zip(printed_heads, written, strict=True)
        ]
    for name, feature in columns.LAST.items():
        if name in layout.features:
            printed_heads = feature(printed_heads, YEAR, rng(name))
    return printed_heads


def _unknown(columns: Heads, layout: Layout, rng: Callable[[str], random.Random]) -> Heads:
    """Add columns of which the table knows nothing: numbers of rows, remarks, others."""
    height = len(columns[0].cells)
    if "unknown_columns" in layout.features:
        luck = rng("unknown_columns")
        for texts in luck.sample(words()["unknown"], luck.randint(1, 2)):
            columns.insert(luck.randint(2, len(columns)), heads.unknown(texts, height, luck))
    if "remarks" in layout.features:
        columns.append(heads.unknown((rng("remarks").choice(words()["remarks"]), "t"), height, rng("remarks")))
    if "serial" in layout.features:
        said = rng("serial").choice(words()["serial"])
        numbered = heads.unknown((said, "n"), height, rng("serial"))
        cells = tuple(replace(cell, value=number) for number, cell in enumerate(numbered.cells, 1))
        columns.insert(0, replace(numbered, cells=cells))
    return columns
