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
from analysis.tell.documents.check.notices import ASIDE, Notice, title

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
    notices: tuple[Notice, ...] = ()
    hanging: tuple[Notice, ...] = ()
    fault: str = ""
    sentence: str = ""
    remedy: str = ""

    @property
    def year(self) -> int:
        """Return the latest year that it touches."""
        return max((notice.year or _LATEST for notice in self.notices), default=_LATEST)

    @property
    def schools(self) -> tuple[str, ...]:
        """Return the schools whose rows it touches, code and name."""
        return tuple(dict.fromkeys(notice.who for notice in self.notices if notice.who))

    @property
    def holders(self) -> list[Notice]:
        """Return of each school, or of the county's own tables, the first row that it touches."""
        return list({notice.holder: notice for notice in reversed(self.notices) if notice.row is not None}.values())[
            ::-1
        ]

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the lines that it offers to add to a file of the raw folder."""
        return tuple(dict.fromkeys(notice.line for notice in self.notices if notice.line))


def causes(notices: Sequence[Notice], records: Records, faults: Iterable[DataError] = ()) -> list[Cause]:
    """Return the causes among a county's notices, heaviest for the verdict first."""
    asking = [notice for notice in notices if notice.severity in SEVERITIES]
    hangs, absent = _hanging(asking)
    groups: dict[tuple[object, ...], list[Notice]] = {}
    for notice in asking:
        if notice not in hangs and notice not in absent:
            groups.setdefault(alike(notice), []).append(notice)
    used = set(records.accounts.filter(records.accounts["kept"] > 0)["file"]) if records.accounts.height else set()
    causes_found = [Cause("file", "error", fault=str(fault), sentence=str(fault)) for fault in faults]
    under: dict[Notice, list[Notice]] = {}
    for notice, cause in hangs.items():
        under.setdefault(cause, []).append(notice)
    for group in groups.values():
        mine = tuple(notice for cause in group for notice in under.get(cause, ()))
        causes_found.append(Cause(_kind(group[0], used), group[0].severity, tuple(group), mine, sentence=said(group)))
    for (year, _), group in _by_year(absent).items():
        causes_found.append(_absent(year, group))
    return in_order([_with_remedy(cause) for cause in causes_found])


def in_order(found_causes: list[Cause]) -> list[Cause]:
    """Return causes heaviest first, of one kind the latest first, then that on which most hangs."""
    kinds = _rules()["kinds"]
    return sorted(
        found_causes,
        key=lambda cause: (-kinds[cause.kind]["weight"], -cause.year, -len(cause.notices) - len(cause.hanging)),
    )


def alike(notice: Notice) -> tuple[object, ...]:
    """Return what notices of one cause share: of cells and rows a sheet, rule and column, of others what is said."""
    if notice.kind in {"row", "value"} and notice.rule not in _rules()["by_sentence"]:
        return notice.rule, notice.file, notice.sheet, notice.columns
    return notice.rule, notice.sentence


def _hanging(asking: list[Notice]) -> tuple[dict[Notice, Notice], list[Notice]]:
    """Return the notices that hang on another, with it, and those of schools that have no row at all."""
    schools: dict[tuple[int | None, str], list[Notice]] = {}
    sheets: dict[tuple[str, str, str], Notice] = {}
    cells: dict[tuple[object, ...], Notice] = {}
    unsure = _rules()["same_cell"]
    for notice in asking:
        if notice.row is not None and notice.rule not in unsure:
            cells.setdefault((*notice.at, notice.columns), notice)
        if notice.severity in ASIDE and notice.row is not None:
            schools.setdefault((notice.year, notice.school), []).append(notice)
            sheets.setdefault((notice.rule, notice.file, notice.sheet), notice)
    hangs: dict[Notice, Notice] = {}
    absent: list[Notice] = []
    for notice in asking:
        check = checks()[notice.rule]
        here = schools.get((notice.year, notice.school), ()) if notice.school else ()
        if check.inside:
            gone = [cause for cause in here if cause.table == check.inside and cause.severity == "error"]
        elif check.of:
            gone = [cause for cause in here if _unsettles(cause, notice.columns, check.of)]
        else:
            causing = _rules()["follows"].get(notice.rule, ())
            gone = [
                sheets[rule, notice.file, notice.sheet]
                for rule in causing
                if (rule, notice.file, notice.sheet) in sheets
            ]
            if notice.rule in unsure and (*notice.at, notice.columns) in cells:
                gone = [cells[(*notice.at, notice.columns)]]
        if gone:
            hangs[notice] = gone[0]
        elif check.inside:
            absent.append(notice)
    return hangs, absent


def _unsettles(cause: Notice, columns: tuple[str, ...], other: str) -> bool:
    """Tell whether a fault is why a row disagrees with table `other`: a row of it is gone, or the value compared."""
    return cause.table == other or bool(set(cause.columns) & set(columns))


def _by_year(absent: list[Notice]) -> dict[tuple[int | None, str], list[Notice]]:
    groups: dict[tuple[int | None, str], list[Notice]] = {}
    for notice in absent:
        groups.setdefault((notice.year, checks()[notice.rule].inside), []).append(notice)
    return groups


def _absent(year: int | None, group: list[Notice]) -> Cause:
    number = len({notice.school for notice in group})
    said = joined([word("absent", year=year, number=number), _counted(group)])
    return Cause("absent", "warning", tuple(group), sentence=said, remedy=word("do_absent"))


def _kind(notice: Notice, used: set[str]) -> str:
    """Return the kind of a cause: that of the first entry of causes.yml that fits."""
    about = {"rules": notice.rule, "severities": notice.severity, "extents": notice.kind, "tables": notice.table}
    flags = {"needed": notice.table == "schools" and bool(needed() & set(notice.columns)), "used": notice.file in used}
    for entry in _rules()["order"]:
        if all(value in entry.get(name, (value,)) for name, value in about.items()) and all(
            value == entry.get(name, value) for name, value in flags.items()
        ):
            return str(entry["kind"])
    raise AssertionError("the last entry fits everything")


@cache
def needed() -> frozenset[str]:
    """Return the columns of the school statistics that an indicator of some standard needs."""
    amounts = {indicator.amount for name in standards.names() for indicator in standards.load(name).indicators.values()}
    staged = {f"{amount}_{stage}" for amount in amounts for stage in Stage}
    return frozenset({*_rules()["needed"], *amounts, *staged})


def said(group: list[Notice]) -> str:
    """Return the first's sentence, what may stand there, and how many there are where they say different things."""
    first = group[0]
    parts = [first.sentence]
    if first.meant:
        parts.append(word("meant", meant=first.meant))
    if first.choices:
        parts.append(word("allowed", choices=listed(first.choices)))
    others = list(dict.fromkeys(notice.said for notice in group if notice.said and notice.said != first.said))
    if others:
        quoted = [word("quoted", text=text) for text in others[: SHOWN - 1]]
        shown = listed(quoted) + (word("more", number=len(others) + 1) if len(others) >= SHOWN else "")
        parts.append(word("others", texts=shown))
    if len({notice.sentence for notice in group}) > 1:
        parts.append(word("alike", number=len(group)))
    return joined(parts)


def _with_remedy(cause: Cause) -> Cause:
    if cause.remedy or cause.fault:
        return cause
    return replace(cause, remedy=_remedy(cause.notices[0].rule))


def _remedy(rule: str) -> str:
    """Return what is to be done: of the rule, or of its severity where the sentence asks for nothing itself."""
    check, remedies = checks()[rule], _rules()["remedies"]
    entry = remedies.get(rule) or remedies.get(rule.removesuffix(OF_VALUE))
    if entry is None and (".yml" in check.text["zh"] or "请" in check.text["zh"]):
        return ""
    return str((entry or _rules()["by_severity"][check.severity])[language()])


def hanging(cause: Cause) -> str:
    """Return what hangs on a cause, counted by table; "" where nothing does."""
    if not cause.hanging:
        return ""
    return word("hanging", number=len(cause.hanging), tables=_parts(cause.hanging))


def _counted(group: Sequence[Notice]) -> str:
    return _parts(group) + ("。" if language() == "zh" else ".")


def _parts(group: Sequence[Notice]) -> str:
    numbers: dict[str, int] = {}
    for notice in group:
        numbers[notice.table] = numbers.get(notice.table, 0) + 1
    return listed(word("hanging_part", table=title(name), number=number) for name, number in numbers.items())


def where(cause: Cause) -> str:
    """Return where a cause stands: its file and sheet, the first places; files where it is of several."""
    files = list(dict.fromkeys(notice.file for notice in cause.notices if notice.file))
    if len(files) != 1:
        return _first(files, "more_files")
    sheets = [notice.sheet for notice in cause.notices if notice.sheet]
    places = [place(notice) for notice in cause.notices]
    return " ".join(filter(None, [files[0], *dict.fromkeys(sheets), _first(list(filter(None, places)), "more")]))


def place(notice: Notice) -> str:
    """Return the place within its sheet as people say it: C17, row 5, column E."""
    left, _, right = notice.place.partition(":")
    if left.isdigit() and right.isdigit():
        return word("row", row=left) if left == right else word("rows", first=left, last=right)
    if left.isalpha() and right in ("", left):
        return word("column", column=left)
    return notice.place or (word("row", row=notice.row) if notice.row is not None else "")


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
