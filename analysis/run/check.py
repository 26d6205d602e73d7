"""What `junheng check` does: read and clean counties, account for each sheet, say what needs to be done."""

import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import polars as pl
import typer

from analysis import project, sources
from analysis.clean import Records, clean, clean_county
from analysis.clean.checks import checks
from analysis.errors import DataError, RequestError, language, message
from analysis.read.fields import tables
from analysis.run import returned
from analysis.run.build import placing
from analysis.run.commands.show import Format, show
from analysis.sources import Catalogue, County

COLUMNS = ("file", "sheet", "read", "kept", "quarantined", "other")
_LISTED = 20


@dataclass(frozen=True, eq=False)
class Checked:
    """One county, read: its clean tables and accounts, and the faults of files that can't be read."""

    county: County
    records: Records
    faults: tuple[DataError, ...]

    @property
    def failed(self) -> bool:
        """Tell whether errors stand: a row is set aside or a file can't be read."""
        return bool(self.faults) or not self.records.quarantine.is_empty()


def run(county: str, form: Format, data: str, out: str) -> int:
    """Check one county, or all where `county` is empty; print the accounts and, on standard error, what was found.

    The page and the workbooks for schools lie in `check` below `out`, one folder per county, apart from reports.
    Returns the exit code: 1 where errors stand. Raises RequestError where the county or the folder is unknown.
    """
    folder = Path(data) if data else project.raw()
    target = (Path(out) if out else project.output()) / "check"
    catalogue = sources.load(folder)
    placing.check(target)
    found = [check(catalogue, one, project.processed(folder)) for one in chosen(catalogue, county)]
    typer.echo(show(accounts(found), form), nl=False)
    for one in found:
        page = write(one, target / one.county.code)
        typer.echo(summary(one, page), err=True)
    return int(any(one.failed for one in found))


def chosen(catalogue: Catalogue, county: str) -> list[County]:
    """Return the county asked for, or all that have sources."""
    if county:
        return [sources.find_county(catalogue, county)]
    found = [one for code, one in catalogue.counties.items() if catalogue.of(code)]
    if not found:
        raise RequestError("check_nothing", folder=catalogue.folder)
    return found


def check(catalogue: Catalogue, county: County, processed: Path) -> Checked:
    """Clean a county; where a file can't be read, the others are read, and nothing is written."""
    try:
        return Checked(county, clean_county(catalogue, county.code, processed), ())
    except DataError as first:
        faults: list[DataError] = []
        try:
            records = clean(catalogue, county.code, faults)
        except DataError:  # a fault of corrections.yml or identity.yml: no source can be read without it
            raise first from None
        return Checked(county, records, tuple(faults))


def accounts(found: list[Checked]) -> pl.DataFrame:
    """Return one row per sheet: file, sheet, read, kept, quarantined, other; read is the sum of the rest."""
    return pl.concat([one.records.accounts.select(COLUMNS) for one in found])


def problems(found: Checked, severities: tuple[str, ...] = ("error", "warning")) -> list[dict[str, Any]]:
    """Return what was found, errors first: severity, table, file, sheet, row, column, rule, school, sentence."""
    schools = _schools(found.records)
    told = []
    for one in found.records.notices.unique(maintain_order=True).iter_rows(named=True):
        rule = checks()[one["rule"]]
        if rule.severity in severities:
            values = {"column": header(one["table"], one["column"]), "before": one["before"], "after": one["after"]}
            school = schools.get((one["file"], one["sheet"], one["row"]), "")
            told.append(one | {"severity": rule.severity, "school": school, "sentence": rule.sentence(**values)})
    return sorted(told, key=lambda one: severities.index(one["severity"]))


def header(table: str | None, column: str | None) -> str:
    """Return the printed headers of a table's columns, given by name and joined with commas."""
    known = tables()[table].columns if table in tables() else {}
    names = [known[name].zh if name in known else name for name in (column or "").split(",")]
    return "、".join(names)


def _schools(records: Records) -> dict[tuple[str, str, int], str]:
    """Return the code of each row's school, of kept rows and of those set aside."""
    places = ["file", "sheet", "row"]
    kept = [frame.select(*places, "school") for frame in records.frames().values() if "school" in frame.columns]
    found = {(file, sheet, row): school for file, sheet, row, school in pl.concat(kept).iter_rows() if school}
    for one in records.quarantine.iter_rows(named=True):
        found[one["file"], one["sheet"], one["row"]] = returned.school_of(one["table"], one["cells"])
    return found


@cache
def words(lang: str) -> dict[str, str]:
    """Return the words of the page and the workbooks in one language."""
    text = (Path(__file__).parent / "check.yml").read_text(encoding="utf-8")
    return {name: told[lang] for name, told in sources.parse_yaml(text).items()}


def write(found: Checked, folder: Path) -> Path:
    """Write the page and the workbooks of one county, beside and renamed; return the page's path."""
    lang = language()
    said = words(lang) | {"title": words(lang)["title"].format(county=found.county.name(lang))}
    beside = folder.with_name(f".{folder.name}")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    told = problems(found)
    books = returned.write(found.records, told, beside, said)
    for one in told:
        one["book"] = books.get(one["school"] if one["row"] else None)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    page = environment.get_template("check.html.j2").render(
        lang=lang,
        words=said,
        synthetic=found.county.synthetic,
        faults=[str(fault) for fault in found.faults],
        problems=told,
        accounts=found.records.accounts.rows(named=True),
        mended=problems(found, ("notice",)),
    )
    (beside / "index.html").write_text(page, encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)
    return folder / "index.html"


def summary(found: Checked, page: Path) -> str:
    """Return what is said of a county on standard error: one line, the first findings, where the page lies."""
    sums = found.records.accounts.select(pl.col(COLUMNS[2:]).sum()).row(0, named=True)
    lines = [message("check_county", county=found.county.name(language()), code=found.county.code, **sums)]
    lines += [f"  ✗ {fault}" for fault in found.faults]
    told = problems(found)
    marks = {"error": "✗", "warning": "!"}
    for one in told[:_LISTED]:
        place = " ".join(
            str(one[name]) for name in ("file", "sheet", "row") if one[name] is not None and one[name] != ""
        )
        lines.append(f"  {marks[one['severity']]} {place}: {one['sentence']}")
    if len(told) > _LISTED:
        lines.append("  " + message("check_more", number=len(told) - _LISTED))
    return "\n".join([*lines, "  " + message("check_page", page=page)])
