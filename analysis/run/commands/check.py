"""What `junheng check` does: read and clean counties, account for each sheet, say what needs to be done."""

from pathlib import Path

import polars as pl
import typer

from analysis import project, sources
from analysis.clean import clean, clean_county
from analysis.errors import DataError, RequestError, language, message
from analysis.render import check as page_of_check
from analysis.run.build import placing
from analysis.run.commands.show import Format, show
from analysis.sources import Catalogue, County
from analysis.tell.documents.check import causes, notices
from analysis.tell.documents.check.checked import Checked

_COUNTS = ("read", "kept", "quarantined", "other", "cells", "used", "unused")
COLUMNS = ("file", "sheet", *_COUNTS)
_LISTED = 20
_MARKS = {"error": "✗", "value": "✗", "warning": "!"}


def run(county: str, form: Format, data: str, out: str, notices: bool = False) -> int:
    """Check one county, or all where `county` is empty; print the accounts and, on standard error, what was found.

    With `notices` a row for each notice is printed in place of the accounts. The page and the workbooks for schools lie
    in `check` below `out`, one folder per county, apart from reports. Returns the exit code: 1 where errors stand.
    Raises RequestError where the county or the folder is unknown.
    """
    folder = Path(data) if data else project.raw()
    target = (Path(out) if out else project.output()) / "check"
    catalogue = sources.load(folder)
    placing.check(target)
    found = [check(catalogue, one, project.processed(folder)) for one in chosen(catalogue, county)]
    typer.echo(show(noticed(found) if notices else accounts(found), form), nl=False)
    for one in found:
        page = page_of_check.write(one, catalogue, target / one.county.code)
        typer.echo(summary(one, page, page_of_check.entries(one.causes, catalogue.of(one.county.code))), err=True)
    return int(any(one.failed for one in found))


def one_of(argument: str, option: str) -> str:
    """Return the county asked for, given bare or as an option; RequestError where the two differ."""
    if argument and option and argument != option:
        raise RequestError("check_counties", first=sources.shown(argument), second=sources.shown(option))
    return argument or option


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
    """Return one row per sheet: its rows (read is the sum of the next three) and cells (used and unused)."""
    return pl.concat([one.records.accounts.select(COLUMNS) for one in found])


def noticed(found: list[Checked]) -> pl.DataFrame:
    """Return one row per notice (notices.NOTICED), and one per file that can't be read."""
    parts = []
    for one in found:
        faults = [
            (str(fault.values.get("file", "")), "", "", "file", str(fault), fault.key, "error", 0)
            for fault in one.faults
        ]
        parts += [pl.DataFrame(faults, schema=notices.NOTICED, orient="row"), notices.frame(one.notices)]
    return pl.concat(parts)


def summary(found: Checked, page: Path, entries: dict[str, str]) -> str:
    """Return what is said of a county on standard error: its sums, the first causes, where the page lies.

    A cause that offers a line for the entry of a file that has none is followed by the whole entry, to be copied.
    """
    sums = found.records.accounts.select(pl.col(_COUNTS).sum()).row(0, named=True)
    counted = {name: f"{number:,}" for name, number in sums.items()}
    lines = [message("check_county", county=found.county.name(language()), code=found.county.code, **counted)]
    for one in found.causes[:_LISTED]:
        lines.append(f"  {_MARKS[one.severity]} {causes.line(one)}")
        lines += [f"      {entries[file]}" for file in page_of_check.offered(one) if file in entries]
    if len(found.causes) > _LISTED:
        lines.append("  " + message("check_more", number=len(found.causes) - _LISTED))
    if not found.causes:
        lines.append("  " + message("check_clean"))
    return "\n".join([*lines, "  " + message("check_page", page=page)])
