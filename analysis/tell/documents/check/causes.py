"""What was found, by its causes: what hangs on a fault under that fault, one fault of a column once, heaviest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from analysis import standards
from analysis.clean import Records
from analysis.clean.checks import OF_VALUE, checks
from analysis.errors import DataError, language
from analysis.sources import parse_yaml
from analysis.tables import Stage
from analysis.tell.documents.check import told as telling
from analysis.tell.documents.check.told import ASIDE, Told

#: Severities that ask for something, those that set something aside first.
SEVERITIES = (*ASIDE, "warning")
#: How many places or schools are named before their number stands for them.
SHOWN = 5
#: A cause without a year, of a whole file or county, is of the latest.
_LATEST = 9999


@dataclass(frozen=True)
class Cause:
    """One cause: notices of one fault, or a file that can't be read (`fault`), and the notices that hang on it."""

    kind: str
    severity: str
    told: tuple[Told, ...] = ()
    hanging: tuple[Told, ...] = ()
    fault: str = ""
    sentence: str = ""
    remedy: str = ""

    @property
    def year(self) -> int:
        """Return the latest year that it touches."""
        return max((one.year or _LATEST for one in self.told), default=_LATEST)

    @property
    def schools(self) -> tuple[str, ...]:
        """Return the schools whose rows it touches, code and name."""
        return tuple(dict.fromkeys(one.who for one in self.told if one.who))

    @property
    def holders(self) -> list[Told]:
        """Return of each school, or of the county's own tables, the first row that it touches."""
        return list({one.holder: one for one in reversed(self.told) if one.row is not None}.values())[::-1]

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the lines that it offers to add to a file of the raw folder."""
        return tuple(dict.fromkeys(one.line for one in self.told if one.line))


def causes(told: Sequence[Told], records: Records, faults: Iterable[DataError] = ()) -> list[Cause]:
    """Return the causes among a county's notices, heaviest for the verdict first."""
    asking = [one for one in told if one.severity in SEVERITIES]
    hangs, absent = _hanging(asking)
    groups: dict[tuple[object, ...], list[Told]] = {}
    for one in asking:
        if one not in hangs and one not in absent:
            groups.setdefault(alike(one), []).append(one)
    used = set(records.accounts.filter(records.accounts["kept"] > 0)["file"]) if records.accounts.height else set()
    found = [Cause("file", "error", fault=str(fault), sentence=str(fault)) for fault in faults]
    under: dict[Told, list[Told]] = {}
    for one, cause in hangs.items():
        under.setdefault(cause, []).append(one)
    for group in groups.values():
        mine = tuple(one for cause in group for one in under.get(cause, ()))
        found.append(Cause(_kind(group[0], used), group[0].severity, tuple(group), mine, sentence=said(group)))
    for (year, _), group in _by_year(absent).items():
        found.append(_absent(year, group))
    return in_order([_with_remedy(one) for one in found])


def in_order(found: list[Cause]) -> list[Cause]:
    """Return causes heaviest first, of one kind the latest first, then that on which most hangs."""
    kinds = _rules()["kinds"]
    return sorted(found, key=lambda one: (-kinds[one.kind]["weight"], -one.year, -len(one.told) - len(one.hanging)))


def alike(one: Told) -> tuple[object, ...]:
    """Return what notices of one cause share: of cells and rows a sheet, rule and column, of others what is said."""
    if one.kind in {"row", "value"} and one.rule not in _rules()["by_sentence"]:
        return one.rule, one.file, one.sheet, one.columns
    return one.rule, one.sentence


def _hanging(asking: list[Told]) -> tuple[dict[Told, Told], list[Told]]:
    """Return the notices that hang on another, with it, and those of schools that have no row at all."""
    schools: dict[tuple[int | None, str], list[Told]] = {}
    sheets: dict[tuple[str, str, str], Told] = {}
    cells: dict[tuple[object, ...], Told] = {}
    unsure = _rules()["same_cell"]
    for one in asking:
        if one.row is not None and one.rule not in unsure:
            cells.setdefault((*one.at, one.columns), one)
        if one.severity in ASIDE and one.row is not None:
            schools.setdefault((one.year, one.school), []).append(one)
            sheets.setdefault((one.rule, one.file, one.sheet), one)
    hangs: dict[Told, Told] = {}
    absent: list[Told] = []
    for one in asking:
        check = checks()[one.rule]
        here = schools.get((one.year, one.school), ()) if one.school else ()
        if check.inside:
            gone = [cause for cause in here if cause.table == check.inside and cause.severity == "error"]
        elif check.of:
            gone = [cause for cause in here if _unsettles(cause, one.columns, check.of)]
        else:
            causing = _rules()["follows"].get(one.rule, ())
            gone = [sheets[rule, one.file, one.sheet] for rule in causing if (rule, one.file, one.sheet) in sheets]
            if one.rule in unsure and (*one.at, one.columns) in cells:
                gone = [cells[(*one.at, one.columns)]]
        if gone:
            hangs[one] = gone[0]
        elif check.inside:
            absent.append(one)
    return hangs, absent


def _unsettles(cause: Told, columns: tuple[str, ...], other: str) -> bool:
    """Tell whether a fault is why a row disagrees with table `other`: a row of it is gone, or the value compared."""
    return cause.table == other or bool(set(cause.columns) & set(columns))


def _by_year(absent: list[Told]) -> dict[tuple[int | None, str], list[Told]]:
    groups: dict[tuple[int | None, str], list[Told]] = {}
    for one in absent:
        groups.setdefault((one.year, checks()[one.rule].inside), []).append(one)
    return groups


def _absent(year: int | None, group: list[Told]) -> Cause:
    number = len({one.school for one in group})
    said = joined([word("absent", year=year, number=number), _counted(group)])
    return Cause("absent", "warning", tuple(group), sentence=said, remedy=word("do_absent"))


def _kind(one: Told, used: set[str]) -> str:
    """Return the kind of a cause: that of the first entry of causes.yml that fits."""
    about = {"rules": one.rule, "severities": one.severity, "extents": one.kind, "tables": one.table}
    flags = {"needed": one.table == "schools" and bool(needed() & set(one.columns)), "used": one.file in used}
    for entry in _rules()["order"]:
        if all(value in entry.get(name, (value,)) for name, value in about.items()) and all(
            value == entry.get(name, value) for name, value in flags.items()
        ):
            return str(entry["kind"])
    raise AssertionError("the last entry fits everything")


@cache
def needed() -> frozenset[str]:
    """Return the columns of the school statistics that an indicator of some standard needs."""
    amounts = {one.amount for name in standards.names() for one in standards.load(name).indicators.values()}
    staged = {f"{amount}_{stage}" for amount in amounts for stage in Stage}
    return frozenset({*_rules()["needed"], *amounts, *staged})


def said(group: list[Told]) -> str:
    """Return the first's sentence, what may stand there, and how many there are where they say different things."""
    first = group[0]
    parts = [first.sentence]
    if first.meant:
        parts.append(word("meant", meant=first.meant))
    if first.choices:
        parts.append(word("allowed", choices=listed(first.choices)))
    others = list(dict.fromkeys(one.said for one in group if one.said and one.said != first.said))
    if others:
        quoted = [word("quoted", text=text) for text in others[: SHOWN - 1]]
        shown = listed(quoted) + (word("more", number=len(others) + 1) if len(others) >= SHOWN else "")
        parts.append(word("others", texts=shown))
    if len({one.sentence for one in group}) > 1:
        parts.append(word("alike", number=len(group)))
    return joined(parts)


def _with_remedy(cause: Cause) -> Cause:
    if cause.remedy or cause.fault:
        return cause
    return replace(cause, remedy=_remedy(cause.told[0].rule))


def _remedy(rule: str) -> str:
    """Return what is to be done: of the rule, or of its severity where the sentence asks for nothing itself."""
    check, told = checks()[rule], _rules()["remedies"]
    entry = told.get(rule) or told.get(rule.removesuffix(OF_VALUE))
    if entry is None and (".yml" in check.text["zh"] or "请" in check.text["zh"]):
        return ""
    return str((entry or _rules()["by_severity"][check.severity])[language()])


def hanging(cause: Cause) -> str:
    """Return what hangs on a cause, counted by table; "" where nothing does."""
    if not cause.hanging:
        return ""
    return word("hanging", number=len(cause.hanging), tables=_parts(cause.hanging))


def _counted(group: Sequence[Told]) -> str:
    return _parts(group) + ("。" if language() == "zh" else ".")


def _parts(group: Sequence[Told]) -> str:
    numbers: dict[str, int] = {}
    for one in group:
        numbers[one.table] = numbers.get(one.table, 0) + 1
    return listed(word("hanging_part", table=telling.title(name), number=one) for name, one in numbers.items())


def where(cause: Cause) -> str:
    """Return where a cause stands: its file and sheet, the first places; files where it is of several."""
    files = list(dict.fromkeys(one.file for one in cause.told if one.file))
    if len(files) != 1:
        return _first(files, "more_files")
    sheets = [one.sheet for one in cause.told if one.sheet]
    places = [place(one) for one in cause.told]
    return " ".join(filter(None, [files[0], *dict.fromkeys(sheets), _first(list(filter(None, places)), "more")]))


def place(one: Told) -> str:
    """Return the place within its sheet as people say it: C17, row 5, column E."""
    left, _, right = one.place.partition(":")
    if left.isdigit() and right.isdigit():
        return word("row", row=left) if left == right else word("rows", first=left, last=right)
    if left.isalpha() and right in ("", left):
        return word("column", column=left)
    return one.place or (word("row", row=one.row) if one.row is not None else "")


def who(cause: Cause) -> str:
    """Return the first schools that a cause touches, code and name."""
    return _first(list(cause.schools), "more_schools")


def line(cause: Cause) -> str:
    """Return a cause in one line: where, whose, what, what hangs on it, what to do."""
    if cause.fault:
        return cause.fault
    at, schools = where(cause), who(cause)
    of = f"（{schools}）" if language() == "zh" else f" ({schools})"
    return f"{at}{of if schools else ''}: {joined([cause.sentence, hanging(cause), cause.remedy])}"


def _first(names: list[str], more: str) -> str:
    shown = listed(names[:SHOWN])
    return shown if len(names) <= SHOWN else shown + word(more, number=len(names))


def listed(names: Iterable[str]) -> str:
    """Return names as a list in the readers' language."""
    return ("、" if language() == "zh" else ", ").join(names)


def joined(sentences: Iterable[str]) -> str:
    """Return sentences one after the other, those that say nothing left out."""
    return ("" if language() == "zh" else " ").join(filter(None, sentences))


def word(name: str, **values: Any) -> str:
    """Return a part of a line in the readers' language."""
    return str(_rules()["words"][name][language()].format(**values))


def heading(kind: str) -> str:
    """Return what a kind of cause is called."""
    return str(_rules()["kinds"][kind][language()])


@cache
def _rules() -> dict[str, Any]:
    loaded: dict[str, Any] = parse_yaml((Path(__file__).parent / "causes.yml").read_text(encoding="utf-8"))
    return loaded
