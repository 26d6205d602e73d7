"""The county sheet with its items filled in: what each is called, where it stands, how to fill it in, what shows it.

Below the items stand the counts that forms ask for, each with the items that it tells.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis import standards
from analysis.clean.items import of_money
from analysis.errors import language, listed
from analysis.read.fields import Table
from analysis.sources import parse_yaml
from analysis.standards import rules
from analysis.standards.items import COUNTS, Item
from analysis.standards.model import Standard

from .workbook import LINE, print_across
from .workbook import lines as lines_of

TABLE = "government"
#: By whose items the sheet of a county is laid out where nothing else is asked for.
STANDARD = "national-2017"
_SHARE = "share"
_WIDTHS = (20, 33, 9, 10, 24, 16, 34, 28)


@dataclass(frozen=True)
class Line:
    """A row of the sheet: its id and name, what is filled in (answer, share, amount; count or money, of the counts),
    and the notes beside it: where it stands, how to fill it in, what shows it."""

    id: str
    name: str
    kind: str
    notes: tuple[str, str, str]

    @property
    def column(self) -> str:
        """Return the column that is filled in."""
        return "answer" if self.kind == "answer" else "value"


@cache
def words() -> dict[str, Any]:
    """Return what is said of items and of rows that are known beforehand (items.yml)."""
    loaded: dict[str, Any] = parse_yaml(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    return loaded


def items(standard: Standard) -> dict[str, Item]:
    """Return the items that a county reports, in the order of the standard, by id."""
    return {name: item for name, item in standard.items.items() if item.kind != "computed"}


def lines(standard: Standard) -> list[Line]:
    """Return the rows of the sheet: the items of a standard, then whatever counts there are."""
    return [*_items(standard), *_counts(standard)]


def fill(book: Any, page: Any, table: Table, head: int, standard: Standard) -> None:
    """Fill in the sheet of county items below its header (`head` is its first row, counted from 0)."""
    lang, said = language(), words()
    bold = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True})
    plain = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    share = book.add_format({"num_format": "0.0%", "valign": "top", "bg_color": "#FFF9DB"})
    fill_in = book.add_format({"valign": "top", "bg_color": "#FFF9DB"})
    places = {name: place for place, name in enumerate(table.columns)}
    for place, name in enumerate(("source", "how", "evidence"), start=len(places)):
        page.merge_range(head, place, head + 1, place, said["heads"][name][lang], bold)
    for place, width in enumerate(_WIDTHS):
        page.set_column(place, place, width)
    print_across(page, head + 2)
    for row, line in enumerate(lines(standard), start=head + 2):
        page.write(row, places["item"], line.id, plain)
        page.write(row, places["name"], line.name, plain)
        page.write_blank(row, places[line.column], None, share if line.kind == _SHARE else fill_in)
        page.write_blank(row, places["evidence"], None, fill_in)
        for place, text in enumerate(line.notes, start=len(places)):
            page.write(row, place, text, plain)
        shown = {places["item"]: line.id, places["name"]: line.name, **dict(enumerate(line.notes, start=len(places)))}
        page.set_row(row, LINE * max(lines_of(text, _WIDTHS[place]) for place, text in shown.items()))
        if rule := _rule(line.kind):
            said_of = {"error_title": line.name[:32]}  # Excel takes no more
            page.data_validation(row, places["value"], row, places["value"], rule | said_of)


def _items(standard: Standard) -> Iterator[Line]:
    lang, said = language(), words()
    for name, item in items(standard).items():
        fields = standards.vocabulary()["fields"][item.field]
        source = item.article or said["item"][lang].format(field=getattr(fields, lang), number=item.number)
        shown = said["evidence"].get(name, said["usual"])[lang]
        kind = "answer" if item.target is None else _SHARE if item.target.unit == _SHARE else "amount"
        yield Line(name, item.label.zh, kind, (source, _how(item, lang), shown))


def _rule(kind: str) -> dict[str, Any]:
    """Return what the office program checks of a number, nothing where it may be whatever."""
    said, lang = words(), language()
    if kind == _SHARE:
        rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1}
        return rule | {"error_message": said["wrong"][lang]}
    if kind in ("count", "money"):
        rule = {"validate": "integer" if kind == "count" else "decimal", "criteria": ">=", "value": 0}
        return rule | {"error_message": said["counts"]["wrong"][lang]}
    return {}


def _how(item: Item, lang: str) -> str:
    how = words()["how"]
    if item.target is None:
        return str(how["answer"][lang])
    if item.target.unit == _SHARE:
        return str(how["share"][lang])
    unit = standards.vocabulary()["units"][item.target.unit]
    return str(how["amount"][lang]).format(unit=getattr(unit, lang))


def _counts(standard: Standard) -> Iterator[Line]:
    """Yield a row for each count that there is; those that no item of `standard` is told by last."""
    lang, said = language(), words()
    words_of, told = said["counts"], _told(standard)
    for name, label in sorted(standards.vocabulary()["counts"].items(), key=lambda entry: entry[0] not in told):
        by = told.get(name) or _told(*_others())[name]
        unit = "yuan" if name in of_money() else "rooms" if name in words_of["rooms"] else "persons"
        how = words_of["how" if name in told else "elsewhere"][lang].format(
            unit=standards.vocabulary()["units"][unit].text(lang),
            items=listed(item.label.text(lang) for item in by.values()),
        )
        shown = said["evidence"].get(next(iter(by)), said["usual"])[lang]
        kind = "money" if unit == "yuan" else "count"
        yield Line(name, label.zh, kind, (words_of["source"][lang], how, shown))


@cache
def _others() -> Sequence[Standard]:
    return [standards.load(name) for name in standards.names()]


def _told(*of: Standard) -> dict[str, dict[str, Item]]:
    """Return which items each count tells, by its id."""
    told: dict[str, dict[str, Item]] = {}
    for standard in of:
        for name, item in standard.items.items():
            for count in _counted(item):
                told.setdefault(count, {}).setdefault(name, item)
    return told


def _counted(item: Item) -> list[str]:
    """Return the counts that an item is told by: those of its own, and what the county's sheet adds to its rows."""
    told = [(COUNTS, item.counts or {}), (item.rule, item.parameters)]
    told += [(item.rows.rule, item.rows.parameters)] if item.rows else []
    return [count for rule, parameters in told if rule for count in rules.counts_in(rule, parameters)]
