"""How a county stands at this moment: its data, what stands in the way, each verdict; and what of it has changed."""

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from analysis import project, sources, storage
from analysis.errors import DataError, JunhengError, language
from analysis.judge import cached
from analysis.plaintext import harmless
from analysis.read import collecting
from analysis.run.commands import check, collection
from analysis.run.request import STANDARD
from analysis.sources import Catalogue, County
from analysis.tables import FIELDS, Kind
from analysis.tell import Report
from analysis.tell.documents import opening
from analysis.tell.documents.check import causes
from analysis.tell.documents.check.checked import Checked
from analysis.tell.findings import Finding
from analysis.tell.language import numbers

_ASIDE = ("error", "value")
#: Days of which how a county stood is kept.
_KEPT = 30


@dataclass(frozen=True)
class Line:
    """One verdict: what it is of, in words; the figure and the target, "" where there is none."""

    name: str
    verdict: str
    said: str
    value: str = ""
    target: str = ""


@dataclass(frozen=True)
class Standing:
    """A county at a moment.

    `fault` is why nothing can be judged, "" where it can. `causes` are lines on the data, heaviest first, with their
    severity; `verdicts` the whole and its fields, `items` every item that counts, both by id. `lacking` are schools by
    the table that has no row of them, `missing` and `received` those of a collection.
    """

    county: str
    name: str
    year: int
    fault: str = ""
    causes: tuple[tuple[str, str], ...] = ()
    verdicts: dict[str, Line] = field(default_factory=dict)
    items: dict[str, Line] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    lacking: dict[str, tuple[str, ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    due: str = ""

    @property
    def errors(self) -> int:
        """Return how many causes set something aside."""
        return sum(severity in _ASIDE for severity, _ in self.causes)


def of_county(catalogue: Catalogue, county: County, year: int | None = None) -> Standing:
    """Return how a county stands; what can't be read is its fault, and nothing is raised for it."""
    chosen = year or max(catalogue.years(county.code), default=0)
    now = Standing(county.code, county.name(language()), chosen)
    try:
        checked = check.check(catalogue, county, project.processed(catalogue.folder))
    except DataError as fault:
        return replace(now, fault=str(fault))
    lines = tuple((str(cause.severity), harmless(causes.line(cause))) for cause in checked.causes)
    now = _collected(_tables(replace(now, causes=lines), checked), catalogue)
    if checked.faults:
        return replace(now, fault=str(checked.faults[0]))
    try:
        return _judged(now, _report(catalogue, county, checked, chosen))
    except JunhengError as fault:
        return replace(now, fault=str(fault))


def _report(catalogue: Catalogue, county: County, checked: Checked, year: int) -> Report:
    judged = cached.of_records(checked.records, STANDARD, None, [year])
    return opening.of_county(catalogue, county, checked.records, judged, year=year or None, lang=language())


def _judged(now: Standing, report: Report) -> Standing:
    """Return how a county stands with the lines of the whole and its fields, and of each item that counts."""
    from analysis.tell.parts.chapters.conclusion import judged

    whole = {finding.field: finding for finding in report.now if finding.kind == Kind.ALL and not finding.school}
    fields = [name for name in ("overall", *FIELDS) if name in whole]
    verdicts = {whole[name].id: _line(report, whole[name], report.word("fields", name)) for name in fields}
    items = {finding.id: _line(report, finding, _called(report, finding)) for finding in judged(report)}
    return replace(now, year=report.year, verdicts=verdicts, items=items)


def _called(report: Report, finding: Finding) -> str:
    stage = [report.word("stages", finding.stage)] if finding.stage else []
    grade = [report.word("grades", str(finding.grade))] if finding.grade else []
    subject = [report.word("subjects", finding.subject)] if finding.subject else []
    between = "" if report.lang == "zh" else " "
    return " ".join(filter(None, [*stage, between.join([*grade, *subject]), report.label(finding.item)]))


def _line(report: Report, finding: Finding, name: str) -> Line:
    standard, lang = report.standard_of(finding), report.lang
    value = "" if finding.value is None else numbers.of(finding, finding.value, standard, lang)
    sense = numbers.sense_of(finding, standard)
    between = "" if lang == "zh" else " "
    asked = report.word("senses", sense.value) if sense and finding.target is not None else ""
    target = "" if finding.target is None else f"{asked}{between}{numbers.target(finding, standard, lang)}"
    return Line(name, finding.verdict, report.word("verdicts", finding.verdict), value, target)


def _tables(now: Standing, checked: Checked) -> Standing:
    """Return how a county stands with the rows of each table, and the schools of which a table has no row."""
    frames = checked.records.frames()
    of_year = {name: frames[name].filter(pl.col("year") == now.year) for name in sources.tables()}
    schools = dict(of_year["schools"].select("school", "name").iter_rows())
    lacking: dict[str, tuple[str, ...]] = {}
    for name in collecting.declared()["parts"]:
        absent = [code for code in schools if code not in set(of_year[name]["school"])]
        lacking[name] = tuple(f"{code} {schools[code] or ''}".strip() for code in absent)
    return replace(now, rows={name: frame.height for name, frame in of_year.items()}, lacking=lacking)


def _collected(now: Standing, catalogue: Catalogue) -> Standing:
    """Return how a county stands with what its collection of the year has."""
    known = collection.opened(catalogue.folder, now.county, now.year)
    named = {code: f"{code} {name}" for code, name in known.schools.items()}
    missing, received = (tuple(named[code] for code in codes) for codes in (known.missing(), known.latest()))
    return replace(now, missing=missing, received=received, due=known.due)


@dataclass(frozen=True)
class Change:
    """A verdict or a figure that is another than it was."""

    name: str
    before: str
    after: str


def changes(before: Standing, after: Standing) -> list[Change]:
    """Return which verdicts and shown figures of the later standing differ from the earlier, the whole first."""
    change_list = []
    for lines, were in ((after.verdicts, before.verdicts), (after.items, before.items)):
        for id_, line in lines.items():
            old = were.get(id_)
            if old is None or (old.verdict, old.value) == (line.verdict, line.value):
                continue
            was, now = (f"{each.said} {each.value}".strip() for each in (old, line))
            change_list.append(Change(line.name, was, now))
    return change_list


def _file(processed: Path, county: str) -> Path:
    return processed / "status" / f"{county}.json"


def kept(processed: Path, county: str) -> dict[str, Standing]:
    """Return how a county stood at the end of earlier days, by day; nothing where that is not known."""
    try:
        loaded = json.loads(_file(processed, county).read_text(encoding="utf-8"))
        return {day: _standing(said) for day, said in loaded.items()}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _standing(said: dict[str, Any]) -> Standing:
    values = dict(said)
    for name in ("verdicts", "items"):
        values[name] = {id_: Line(**line) for id_, line in said[name].items()}
    for name in ("missing", "received"):
        values[name] = tuple(said[name])
    values["causes"] = tuple((severity, line) for severity, line in said["causes"])
    values["lacking"] = {name: tuple(names) for name, names in said["lacking"].items()}
    return Standing(**values)


def keep(processed: Path, standing: Standing) -> None:
    """Keep how a county stands as that of today."""
    days = kept(processed, standing.county) | {project.today(): standing}
    latest = dict(sorted(days.items())[-_KEPT:])
    file = _file(processed, standing.county)
    file.parent.mkdir(parents=True, exist_ok=True)
    storage.write_whole(file, json.dumps({day: asdict(each) for day, each in latest.items()}, ensure_ascii=False))
