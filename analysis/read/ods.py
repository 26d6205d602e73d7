"""What only the XML of an ODS workbook says: merges, percentages, errors, times, hidden sheets, texts as they look."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from analysis.errors import DataError, message
from analysis.read import formats, odstext, runs, unclear_cells
from analysis.read.facts import MOST_CELLS, WIDE, Package, SheetFacts, check_cells
from analysis.read.parts import Parts, readable, root_of

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
#: Hidden rows and columns further down or right are those behind the sheet.
MOST_ROWS = 2**20
_FURTHEST = 16_384
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
#: What stands in a part whose styles may raise or strike out a text.
_TRACES = (b"text-position", b"line-through")


@dataclass(frozen=True)
class _Styles:
    """The styles that make rows flat, and the looks of texts and cells, by family and name."""

    flat: set[str]
    looks: dict[tuple[str, str], runs.Look]

    @property
    def of_cells(self) -> bool:
        """Tell whether some cell as a whole has a look."""
        return any(look for (family, _), look in self.looks.items() if family == "table-cell")

    def of(self, name: str | None) -> runs.Look:
        """Return the look of a cell of this style."""
        return self.looks.get(("table-cell", name or ""), runs.USUAL)


def open_package(content: bytes, file: str) -> Package:
    """Return what the XML of a workbook says; DataError where it is no whole workbook."""
    parts = Parts(content, file)
    if "content.xml" not in parts:
        raise DataError("file_broken", file=file, reason=message("damage_part", part="content.xml"))
    with readable(file):
        root = root_of(parts.read("content.xml"))
        looks = _looks(parts, root)
    styles = list(root.iter(f"{_STYLE}style"))
    unseen = _named(styles, f"{_STYLE}table-properties", f"{_TABLE}display", _is_false)
    flat = _named(styles, f"{_STYLE}table-row-properties", f"{_STYLE}row-height", _is_nothing)
    narrow = _named(styles, f"{_STYLE}table-column-properties", f"{_STYLE}column-width", _is_nothing)
    sheets = {}
    for sheet in root.iter(f"{_TABLE}table"):
        name = str(sheet.get(f"{_TABLE}name"))
        facts = _read(sheet, _Styles(flat, looks))
        facts.hidden_columns = _hidden_columns(sheet, narrow)
        facts.visible = sheet.get(f"{_TABLE}style-name") not in unseen
        check_cells(facts.rows, facts.columns, file, name)
        sheets[name] = facts
    return Package(sheets, content)


def _looks(parts: Parts, root: Any) -> dict[tuple[str, str], runs.Look]:
    """Return the looks that the styles of a workbook give, the usual one included where it is told."""
    beside = parts.read("styles.xml") if "styles.xml" in parts else b""
    if not any(trace in part for trace in _TRACES for part in (beside, parts.read("content.xml"))):
        return {}
    every = list(root_of(beside).iter(f"{_STYLE}style")) if beside else []
    return odstext.looks([*every, *root.iter(f"{_STYLE}style")])


def _named(styles: list[Any], kind: str, property_: str, is_so: Callable[[str], bool]) -> set[str]:
    """Return the names of the styles that have a property of which something holds."""
    return {
        str(style.get(f"{_STYLE}name"))
        for style in styles
        for properties in style.iter(kind)
        if (value := properties.get(property_)) is not None and is_so(value)
    }


def _is_false(value: str) -> bool:
    return value == "false"


def _is_nothing(size: str) -> bool:
    return not size.rstrip("abcdefghijklmnopqrstuvwxyz").strip("0.")


def _is_hidden(element: Any, styles: set[str]) -> bool:
    """Tell whether a row or column is hidden by itself, by a filter, by its size or with a group around it."""
    if element.get(f"{_TABLE}visibility") in ("collapse", "filter") or element.get(f"{_TABLE}style-name") in styles:
        return True
    groups = (f"{_TABLE}table-row-group", f"{_TABLE}table-column-group")
    return any(group.get(f"{_TABLE}display") == "false" for group in element.iterancestors(*groups))


def _hidden_columns(sheet: Any, styles: set[str]) -> set[int]:
    at = 0
    hidden: set[int] = set()
    for column in sheet.iter(f"{_TABLE}table-column"):
        repeated = int(column.get(f"{_TABLE}number-columns-repeated", 1))
        if _is_hidden(column, styles):
            hidden.update(range(at, min(at + repeated, _FURTHEST)))
        at += repeated
    return hidden


def _usual_styles(sheet: Any) -> list[str]:
    """Return the style that the cells of each column have where they tell none."""
    styles_of: list[str] = []
    for column in sheet.iter(f"{_TABLE}table-column"):
        repeated = min(int(column.get(f"{_TABLE}number-columns-repeated", 1)), _FURTHEST - len(styles_of))
        styles_of += [column.get(f"{_TABLE}default-cell-style-name", "")] * repeated
    return styles_of


def _read(sheet: Any, styles: _Styles) -> SheetFacts:
    """Return what a sheet's cells hide, and how many rows and columns it spans."""
    row, facts = 0, SheetFacts()
    usual = _usual_styles(sheet) if styles.of_cells else []
    for line in sheet.iter(f"{_TABLE}table-row"):
        column = 0
        down = int(line.get(f"{_TABLE}number-rows-repeated", 1))
        for cell in line:
            if cell.tag not in _CELLS:
                continue
            repeated = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
            if cell.get(f"{_OFFICE}value-type") or cell.get(f"{_TABLE}formula") or cell.find(f"{_TEXT}p") is not None:
                facts.rows, facts.columns = row + down, max(facts.columns, column + repeated)
                if facts.rows * facts.columns > MOST_CELLS:
                    return facts
                name = cell.get(f"{_TABLE}style-name") or line.get(f"{_TABLE}default-cell-style-name")
                look = styles.of(name or (usual[column] if column < len(usual) else ""))
                _note(cell, range(row, row + down), range(column, column + repeated), facts, styles, look)
            column += repeated
        if _is_hidden(line, styles.flat):
            facts.hidden_rows.update(range(row, min(row + down, MOST_ROWS)))
        row += down
    return facts


def _note(cell: Any, rows: range, columns: range, facts: SheetFacts, styles: _Styles, look: runs.Look) -> None:
    down = int(cell.get(f"{_TABLE}number-rows-spanned", 1))
    across = int(cell.get(f"{_TABLE}number-columns-spanned", 1))
    if down * across > 1:
        first = rows.start, columns.start
        facts.merges.append((first, (first[0] + down - 1, first[1] + across - 1)))
    kind, stored = cell.get(f"{_OFFICE}value-type"), cell.get(f"{_OFFICE}value", "")
    paragraphs = cell.findall(f"{_TEXT}p")
    text, rule = _seen(cell, paragraphs)
    if text is None and kind in (None, "string") and not odstext.is_plain(paragraphs, styles.looks):
        text, look = odstext.text(paragraphs, styles.looks, look), runs.USUAL
    for row in rows:
        for column in columns:
            if text is not None or rule is not None:
                facts.note(row, column, stored, text, rule)
            if look:
                facts.looks.setdefault(look, []).append(row * WIDE + column)  # type: ignore[union-attr]


def _seen(cell: Any, paragraphs: list[Any]) -> tuple[str | None, str | None]:
    """Return the text that stands for a cell where its value does not say what is seen, and the rule that tells."""
    kind, stored = cell.get(f"{_OFFICE}value-type"), cell.get(f"{_OFFICE}value")
    shown = odstext.text(paragraphs, {})
    text, rule = None, None
    if cell.get(f"{_CALC}value-type") == "error" or (cell.get(f"{_TABLE}formula") and _is_error(shown)):
        text = shown if shown.startswith("#") else f"#{shown or 'VALUE!'}"
    elif cell.get(f"{_TABLE}formula") and stored is None and not shown and kind in (None, "float", "percentage"):
        text = "=" + cell.get(f"{_TABLE}formula").removeprefix("of:").removeprefix("=")
    elif kind == "percentage" and stored is not None:
        text = f"{(Decimal(stored) * 100).normalize():f}%"
    elif kind == "float" and stored is not None and _is_long(stored):
        text = unclear_cells.scientific(stored)
    elif kind == "float" and stored is not None and paragraphs:
        text, rule = formats.told_by(stored, shown)
    elif kind == "time":  # which the reader of values passes over
        text = shown.strip() or cell.get(f"{_OFFICE}time-value", "")
    return text, rule


def _is_long(stored: str) -> bool:
    return (len(stored) > unclear_cells.EXACT_DIGITS or "E" in stored.upper()) and unclear_cells.is_long(float(stored))


def _is_error(shown: str) -> bool:
    """Tell whether a formula shows an error: #DIV/0!, #N/A, Err:502."""
    return shown.startswith("#") or shown.startswith("Err:")
