"""One raw table of one year: which rows are data, what their cells say, and what became of every row and value."""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from verification.raw import cells, mending
from verification.raw.sheets import Sheet, sheets

Row = dict[str, Any]
_UNIT = re.compile(r"\([^()]*\)$")
#: What a row holds beside its columns.
BESIDE = ("place", "faults", "lost", "said")


@dataclass(frozen=True)
class Place:
    """Where a row stands: the file, its sheet, the row's number in it."""

    file: str
    sheet: str
    row: int


@dataclass(frozen=True)
class Fault:
    """Why a row, or a value of it, is set aside: the rule, the columns, what stood there, and beside it."""

    rule: str
    columns: str
    said: str
    beside: str = ""


@dataclass(frozen=True)
class Mended:
    """A cell that is read otherwise than it was written: corrected by an entry (`why`), or put into another form."""

    place: Place
    column: str
    before: str
    after: str
    rule: str
    why: str = ""

    @property
    def corrected(self) -> bool:
        """Whether an entry changed what it says."""
        return self.rule == mending.CORRECTED


@dataclass
class Table:
    """Rows of data of one file, those that are set aside, and what is mended.

    A row holds its columns, under "place" where it stands, under "said" its cells as texts, under "faults" why it is
    set aside, under "lost" the columns whose values are. `read` counts all rows below the header, `blanks` the
    columns in which a mark stands for nothing, with the mark, `absent` those with a word that says why there is no
    value. `values` are the faults of values that are set aside alone. `beside` are the heads of columns that are not
    read, each with the reason; `top` is the sheet, `unfilled` how many rows of a blank workbook nobody filled in.
    """

    rows: list[Row] = field(default_factory=list)
    aside: list[Row] = field(default_factory=list)
    mended: list[Mended] = field(default_factory=list)
    read: int = 0
    blanks: dict[tuple[str, str], None] = field(default_factory=dict)
    absent: dict[tuple[str, str], None] = field(default_factory=dict)
    values: list[tuple[Place, Fault]] = field(default_factory=list)
    beside: list[tuple[str, str]] = field(default_factory=list)
    top: Place = Place("", "", 0)
    unfilled: int = 0

    @property
    def other(self) -> int:
        """How many rows are totals and notes."""
        return self.read - len(self.rows) - len(self.aside)

    @property
    def changed(self) -> list[Mended]:
        """Return the cells that say something else than they did, or say it otherwise."""
        return [one for one in self.mended if one.rule in (mending.CORRECTED, mending.WRITTEN)]

    @property
    def faults(self) -> list[tuple[Place, Fault]]:
        """Return why rows are set aside, each with its place."""
        return [(row["place"], fault) for row in self.aside for fault in row["faults"]]

    def counted(self) -> dict[str, int]:
        """Return how much there is to tell of by its rule."""
        found: dict[str, int] = {"blank_mark": len(self.blanks), "absent_mark": len(self.absent)}
        told = [one.rule for one in self.mended] + [fault.rule for _, fault in (*self.values, *self.faults)]
        told += [rule for _, rule in self.beside] + ["table_bare"] * (not self.read)
        told += ["rows_unfilled"] * bool(self.unfilled)
        for rule in told:
            found[rule] = found.get(rule, 0) + 1
        return {rule: number for rule, number in found.items() if number}


@cache
def known() -> dict[str, Any]:
    """Return columns.yml."""
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "columns.yml").read_text(encoding="utf-8"))
    return loaded


def names() -> list[str]:
    """Return the tables that are known."""
    return [name for name, entry in known().items() if isinstance(entry, dict) and "columns" in entry]


def kind_of(column: str) -> str:
    """Return what kind of number a column holds, "" where it holds words."""
    return next((kind for kind, columns in known()["numbers"].items() if column in columns), "")


def table(path: Path, name: str, file: str, corrections: list[Row], heads: dict[str, str]) -> Table:
    """Return a raw table; `heads` are further words over its columns. Raises ValueError where no header is found."""
    found = Table()
    for sheet in sheets(path):
        at = _header(sheet, name, heads)
        if at is None:
            continue
        _fill(found, sheet, name, at, file, [one for one in corrections if one["file"] == file], heads)
        return found
    raise ValueError(
        f"{file}: no header of {name} that the second reader knows; "
        "give it the heads of the blank table (junheng template)"
    )


@dataclass(frozen=True)
class _Column:
    name: str
    unit: str


def _plain(cell: Any) -> tuple[str, str]:
    """Return a header's words without its unit, and that unit."""
    said = re.sub(r"\s", "", cells.text(cell))
    if said in ("乡镇(街道)",):
        return said, ""
    unit = _UNIT.search(said)
    return (said[: unit.start()], unit[0][1:-1]) if unit else (said, "")


def _header(sheet: Sheet, name: str, heads: dict[str, str]) -> int | None:
    """Return the index of the header's first row."""
    words = {one.split("/")[0] for one in {**known()[name]["columns"], **heads}}
    fewest = min(3, len(known()[name]["columns"]))
    for at, row in enumerate(sheet.rows[:12]):
        if sum(_plain(cell)[0] in words for cell in row) >= fewest:
            return at
    return None


def _columns(sheet: Sheet, name: str, at: int, heads: dict[str, str]) -> tuple[dict[int, _Column], int]:
    """Return the columns by position, "" for those not read, and the index of the first row below the header."""
    words = {**known()[name]["columns"], **{_plain(head)[0]: column for head, column in heads.items()}}
    first = sheet.rows[at]
    second = sheet.rows[at + 1] if at + 1 < len(sheet.rows) else []
    two = not cells.text(second[0]) if second else False
    found, over = {}, ("", "")
    for place, cell in enumerate(first):
        over = _plain(cell) if cells.text(cell) else over
        under = _plain(second[place]) if two and place < len(second) else ("", "")
        column = words.get(f"{over[0]}/{under[0]}" if under[0] else over[0], "")
        if column or cells.text(cell):
            found[place] = _Column(column, under[1] or over[1])
    return found, at + (2 if two else 1)


def _fill(
    found: Table, sheet: Sheet, name: str, at: int, file: str, corrections: list[Row], heads: dict[str, str]
) -> None:
    every, start = _columns(sheet, name, at, heads)
    found.top = Place(file, sheet.title, 0)
    for place, column in every.items():
        if not column.name:
            said = cells.text(sheet.rows[at][place])
            found.beside.append((said, "column_of_notes" if said in known()["notes"] else "column_unknown"))
    columns = {place: column for place, column in every.items() if column.name}
    key, like = known()[name]["first"]["column"], re.compile(known()[name]["first"]["like"])
    key_at = next(place for place, column in columns.items() if column.name == key)
    at_of = {column.name: place for place, column in columns.items()}
    at_of |= {cells.text(cell): place for place, cell in enumerate(sheet.rows[at]) if cells.text(cell)}

    def is_data(index: int) -> bool:
        row = sheet.rows[index]
        return index >= start and key_at < len(row) and bool(like.fullmatch(cells.text(row[key_at])))

    for one in corrections:
        done = mending.mend(sheet, at_of, start, one)
        mine = columns[done.at].name if done.at in columns else ""
        unused = done.rule == mending.CORRECTED and not (mine and is_data(done.row - 1))
        where, rule = Place(file, sheet.title, done.row), mending.UNUSED if unused else done.rule
        found.mended.append(Mended(where, mine or one["column"], one["before"], one["after"], rule, one["why"]))
    for index in range(start, len(sheet.rows)):
        raw = sheet.rows[index]
        if not any(cells.text(cell) for cell in raw):
            continue
        found.read += 1
        if is_data(index):
            filled = {column.name for at, column in columns.items() if at < len(raw) and cells.text(raw[at])}
            if name in known()["form"] and filled <= set(known()["form"][name]):
                found.unfilled += 1
                continue
            held = {column.name: (raw[at] if at < len(raw) else None, column.unit) for at, column in columns.items()}
            row = _row(held, name, Place(file, sheet.title, index + 1), found)
            _contradict(row, name, found)
            (found.aside if row["faults"] else found.rows).append(row)


def _row(held: dict[str, tuple[Any, str]], name: str, place: Place, found: Table) -> Row:
    row: Row = {"place": place}
    faults: list[Fault] = []
    lost: list[str] = []
    whole = known()["costs_row"].get(name, known()["keys"][name])
    for column, (cell, unit) in held.items():
        kind = kind_of(column)
        said = cells.text(cell)
        if kind and said in cells.NOTHING - {""}:
            found.blanks[column, said] = None
        if said in known()["absent"] and column in known()["may_be_absent"]:
            found.absent[column, said] = None
            cell = None
        try:
            new = cells.rewritten(cell, unit) if kind in ("count", "amount", "rate") else None
            row[column] = _value(column, kind, cell, unit)
            if new is not None:
                found.mended.append(Mended(place, column, str(cell), new, mending.WRITTEN))
        except cells.UnreadableError as fault:
            row[column] = None
            if column in whole:
                faults.append(Fault(fault.rule, column, fault.said))
                row[column] = fault.value
            else:
                found.values.append((place, Fault(f"{fault.rule}_value", column, fault.said)))
                lost.append(column)
        if row[column] in (None, "") and column in known()["required"].get(name, ()) and column not in lost:
            rule = "missing_key" if column in known()["keys"][name] else "missing_required"
            faults += [] if any(one.columns == column for one in faults) else [Fault(rule, column, "")]
    said_by_column = {column: cells.text(cell) for column, (cell, _) in held.items()}
    return row | {"faults": tuple(faults), "lost": tuple(lost), "said": said_by_column}


def _contradict(row: Row, name: str, found: Table) -> None:
    """Set aside a part that is more than its whole, and the whole: which of them is wrong nobody knows."""
    broken = [
        (rule, part, entry["whole"])
        for rule, entry in known()["parts"].get(name, {}).items()
        for part in entry["parts"]
        if row.get(part) is not None and row.get(entry["whole"]) is not None and row[part] > row[entry["whole"]]
    ]
    for rule, part, whole in broken:
        said = ",".join(f"{float(row[one]):.12g}" for one in (part, whole))
        found.values.append((row["place"], Fault(rule, f"{part},{whole}", said)))
    lost = {name for _, *names in broken for name in names}
    row.update(dict.fromkeys(lost), lost=(*row["lost"], *sorted(lost)))


def _value(column: str, kind: str, cell: Any, unit: str) -> Any:
    if not kind:
        words = known()["words"].get(column)
        said = cells.text(cell)
        if column == "evidence" or column == "name":
            return str(cell).strip() if cell is not None else ""
        if words and said and said not in words:
            raise cells.UnreadableError("choice_unknown", said)
        return words.get(said, said) if words else said
    if kind == "level":
        return cells.level(cell)
    if kind == "month":
        return cells.month(cell)
    value = cells.number(cell, unit)
    if value is None:
        return None
    if kind == "count" and value < 0:
        raise cells.UnreadableError("negative", cells.text(cell), value)
    if kind == "amount" and column not in known()["may_be_negative"] and value < 0:
        raise cells.UnreadableError("negative", cells.text(cell), value)
    if kind == "count" and value.denominator > 1:
        raise cells.UnreadableError("not_whole", cells.text(cell), value)
    if column in known()["shares"]:
        return value / 100 if unit == "%" and not cells.text(cell).endswith("%") else value
    return value * Fraction(known()["units"].get(unit, 1))
