"""Notices as readers are told them: place, school and name, column as printed, sentence; never an id of ours."""

import difflib
import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.clean import Records, doubles
from analysis.clean.checks import Check, checks
from analysis.clean.private import lists_people
from analysis.errors import language, message
from analysis.read.fields import Column, tables
from analysis.read.header import column_of

#: Rules of these severities set something aside; a county that has one is not done.
ASIDE = ("error", "value")
_PLACE = ["file", "sheet", "row"]
_CELL = re.compile(r"(?P<left>[A-Z]*)(?P<top>\d*)(?::(?P<right>[A-Z]*)(?P<bottom>\d*))?")
#: A number as programs write it: with a decimal point or an exponent.
_WRITTEN = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?", re.IGNORECASE)
#: A code as schools have them: an identity number is longer.
_CODE = re.compile(r"[0-9A-Za-z-]{1,12}")
#: Significant digits of a number as spreadsheets show it.
_DIGITS = 15
#: How alike a text must be to one of its choices for the choice to be offered.
_NEAR = 0.6


#: Who holds the tables that are of no school.
COUNTY = "county"


@dataclass(frozen=True)
class Notice:
    """One notice: `kind` is the extent of its place, `line` what to add to a file of the raw folder, if anything.

    `school` and `name` say whose row it is, `choices` what may stand there and `meant` the one that is nearest; `said`
    is a text that can't be read or used, as it stood.
    """

    rule: str
    severity: str
    kind: str
    year: int | None
    table: str
    file: str
    sheet: str
    row: int | None
    place: str
    columns: tuple[str, ...]
    unused: int
    school: str
    name: str
    sentence: str
    line: str
    choices: tuple[str, ...] = ()
    meant: str = ""
    said: str = ""

    @property
    def at(self) -> tuple[str, str, int | None]:
        """Return file, sheet and row."""
        return self.file, self.sheet, self.row

    @property
    def holder(self) -> str:
        """Return to whom its row goes back: a school's code, COUNTY in a table of no school, "" where not known."""
        known = tables()[self.table].columns if self.table in tables() else {}
        return self.school or ("" if "school" in known else COUNTY)

    @property
    def who(self) -> str:
        """Return the code of the school with its name beside it; "" where the row is of none."""
        return f"{self.school} {self.name}".strip()


def of_records(records: Records) -> list[Notice]:
    """Return all notices of a county in their order, each once."""
    schools = _schools(records)
    notices = []
    for row in records.notices.unique(maintain_order=True).iter_rows(named=True):
        check = checks()[row["rule"]]
        known = tables()[row["table"]].columns if row["table"] in tables() else {}
        names = tuple(name for name in (row["column"] or "").split(",") if name)
        column = known.get(names[0]) if len(names) == 1 else None
        at = (row["file"] or "", row["sheet"] or "", row["row"])
        compared, offered = _compared(check, row), offers_line(check)
        line = " ".join((row["after"] or "").split()) if offered else ""
        values = {
            "column": headers(row["table"], names),
            "before": _shown(row["before"], column, compared) or message("check_blank"),
            "after": line or _shown(row["after"], column, compared) or message("check_blank"),
        }
        asked = column if check.id.startswith("choice_unknown") else None
        school, name = schools.get(at, ("", ""))
        notices.append(
            Notice(
                rule=check.id,
                severity=check.severity,
                kind=kind_of(row["place"] or "", row["sheet"], row["row"], names),
                year=row["year"],
                table=row["table"] or "",
                file=at[0],
                sheet=at[1],
                row=at[2],
                place=row["place"] or "",
                columns=names,
                unused=row["unused"] or 0,
                school=school,
                name=name,
                sentence=_spaced(check.sentence(**values)),
                line=line,
                choices=_choices(asked),
                meant=_nearest(row["before"], asked),
                said=_shown(row["before"], column) if _is_named(check) else "",
            )
        )
    return notices


def _is_named(check: Check) -> bool:
    """Tell whether a check quotes what a cell says that can't be used, and not where another row stands."""
    asked = check.severity in ASIDE or check.id == "item_unknown"
    return asked and check.id not in doubles.RULES and "“{before}”" in check.text["zh"]


def offers_line(check: Check) -> bool:
    """Tell whether what a check prints as `after` is a line to add to a YAML file."""
    return "{after}" in check.text["zh"] and bool(re.search(r"(sources|aliases)\.yml", check.text["zh"]))


def headers(table: str | None, names: Iterable[str]) -> str:
    """Return columns as readers call them, joined: printed headers, in English mode English names."""
    known = tables()[table].columns if table in tables() else {}
    lang = language()
    shown = [known[name].called(lang) if name in known else name for name in names]
    return ("、" if lang == "zh" else ", ").join(shown)


def title(table: str) -> str:
    """Return the title of a table in the readers' language; its name where it is not declared."""
    return tables()[table].title[language()] if table in tables() else table


def kind_of(place: str, sheet: str | None, row: int | None, columns: tuple[str, ...]) -> str:
    """Return the extent of a place in A1 notation: file, sheet, block, column, row or value.

    Without a place it follows from the row and the column.

    >>> [kind_of(place, "S", None, ()) for place in ("C17", "5:5", "A5:F5", "E2:E40", "E", "A5:F9", "")]
    ['value', 'row', 'row', 'column', 'column', 'block', 'sheet']
    """
    if not place:
        if row is None:
            return "column" if columns else "sheet" if sheet else "file"
        return "value" if len(columns) == 1 else "row"
    parts = {_kind_of_part(part) for part in place.split(",")}
    return parts.pop() if len(parts) == 1 else "block"


def _kind_of_part(part: str) -> str:
    match = _CELL.fullmatch(part.strip())
    if not match:
        return "block"
    left, top, right, bottom = (match[name] or "" for name in ("left", "top", "right", "bottom"))
    if ":" not in part:
        return "value" if left and top else "column" if left else "row"
    if top == bottom and top:
        return "value" if left == right and left else "row"
    return "column" if left == right and left else "block"


def plain(text: str) -> str:
    """Return a number as people write it, any other text as it is.

    >>> [plain(text) for text in ("9000.0", "157.94000000000001", "1.2e6", "9901010001", "007", "约7000")]
    ['9000', '157.94', '1200000', '9901010001', '007', '约7000']
    """
    if not _WRITTEN.fullmatch(text) or text.lstrip("-").isdigit():
        return text
    number = float(text)
    return format(Decimal(f"{number:.{_DIGITS}g}"), "f") if math.isfinite(number) else text


def _grouped(text: str) -> str:
    """Return a number that was compared with thousands separators."""
    shown = plain(text)
    return f"{Decimal(shown):,}" if _WRITTEN.fullmatch(shown) else shown


def _shown(text: str | None, column: Column | None, compared: bool = False) -> str:
    """Return a value as it is printed in statistics: a choice in its own words, a code as it stood; on one line."""
    text = " ".join((text or "").split())
    if column is not None and text in column.choices:
        return column.choices[text][0]
    if column is not None and column.kind in {"code", "text"}:
        return text
    return _grouped(text) if compared else plain(text)


def _spaced(sentence: str) -> str:
    """Return a sentence without the spaces that set off a number, where there is none but a blank."""
    blank = message("check_blank")
    return sentence.replace(f" {blank} ", blank) if language() == "zh" else sentence


def _compared(check: Check, notice: dict[str, Any]) -> bool:
    """Tell whether a notice sets two numbers against each other, of which neither is a cell as it stood."""
    return check.severity == "warning" and all(_WRITTEN.fullmatch(notice[name] or "") for name in ("before", "after"))


def _choices(column: Column | None) -> tuple[str, ...]:
    return tuple(texts[0] for texts in column.choices.values()) if column is not None else ()


def _nearest(text: str | None, column: Column | None) -> str:
    """Return the choice that a text is most like; "" where it is like none."""
    known = {text: texts[0] for texts in column.choices.values() for text in texts} if column is not None else {}
    near = difflib.get_close_matches(text or "", known, n=1, cutoff=_NEAR)
    return known[near[0]] if near else ""


def _known(table: str, cells: str, name: str) -> str:
    """Return what a row that was set aside says in a column, as it stood; "" where it says nothing."""
    for header, text in json.loads(cells).items():
        if column_of(header, table) == name:
            return text or ""
    return ""


def _code(text: str, table: str, own: set[str]) -> str:
    """Return a school's code, "" where a text may be something else."""
    return text if text in own or (not lists_people(tables()[table]) and _CODE.fullmatch(text)) else ""


def _schools(records: Records) -> dict[tuple[str, str, int | None], tuple[str, str]]:
    """Return code and name of the school of each row that has a notice, of kept rows and of those set aside.

    A row of no school that has a name, an item, is told by that. What stands for its school counts only where the
    county has that school or, in a table that lists no people, where it looks like a code: it may be somebody's number.
    """
    own = set(records.schools["school"].drop_nulls())
    wanted = records.notices.select(_PLACE).drop_nulls("row").unique()
    names: dict[str, str] = dict(records.schools.sort("year").select("school", "name").drop_nulls().iter_rows())
    aside = [
        (
            quarantined,
            _known(quarantined["table"], quarantined["cells"], "school"),
            _known(quarantined["table"], quarantined["cells"], "name"),
        )
        for quarantined in records.quarantine.iter_rows(named=True)
    ]
    names = {code: name for quarantined, code, name in aside if quarantined["table"] == "schools"} | names
    schools = {}
    for table, frame in records.frames().items():
        lacking = [pl.lit(None, pl.String).alias(name) for name in ("school", "name") if name not in frame.columns]
        if "row" in frame.columns and len(lacking) < len(("school", "name")):
            rows = frame.join(wanted, on=_PLACE, how="semi", nulls_equal=True).with_columns(lacking)
            rows = rows.select(*_PLACE, "school", "name")
            for file, sheet, row, school, name in rows.iter_rows():
                code = _code(school or "", table, own)
                schools[file, sheet or "", row] = (code, name or names.get(code, ""))
    for quarantined, code, name in aside:
        code = _code(code, quarantined["table"], own)
        schools[quarantined["file"], quarantined["sheet"] or "", quarantined["row"]] = (
            code,
            name or names.get(code, ""),
        )
    return schools


def frame(notices: Iterable[Notice]) -> pl.DataFrame:
    """Return notices as rows: file, sheet, place, kind, reason, rule, severity, unused."""
    rows: list[tuple[Any, ...]] = [
        (
            notice.file,
            notice.sheet,
            notice.place,
            notice.kind,
            notice.sentence,
            notice.rule,
            notice.severity,
            notice.unused,
        )
        for notice in notices
    ]
    return pl.DataFrame(rows, schema=NOTICED, orient="row")


#: What `junheng check --notices` prints.
NOTICED: dict[str, Any] = {
    "file": pl.String,
    "sheet": pl.String,
    "place": pl.String,
    "kind": pl.String,
    "reason": pl.String,
    "rule": pl.String,
    "severity": pl.String,
    "unused": pl.Int32,
}
