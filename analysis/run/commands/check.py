"""What `junheng check` does: read and clean counties, account for each sheet, say what needs to be done."""

import tempfile
from pathlib import Path

import polars as pl
import typer

from analysis import decisions, project, sources, standards, storage
from analysis.clean import clean, clean_county
from analysis.errors import DataError, RequestError, language, message
from analysis.plaintext import harmless
from analysis.render import check as page_of_check
from analysis.run.build import placing, stale
from analysis.run.commands.show import Format, headed, show
from analysis.sources import Catalogue, County
from analysis.tell.documents.check import causes, notices
from analysis.tell.documents.check.checked import Checked

_COUNTS = ("read", "kept", "quarantined", "other", "cells", "used", "unused")
COLUMNS = ("file", "sheet", *_COUNTS)
_LISTED = 20
_MARKS = {"error": "✗", "value": "✗", "warning": "!"}


def run(county: str, form: Format, data: str, out: str, notices: bool = False, plan: str = "") -> int:
    """Check one county, or all where `county` is empty; print the accounts and, on standard error, what was found.

    What counties report is compared with their rows and counts by the national standards, and by `plan` where named.
    With `notices` a row for each notice is printed in place of the accounts. The page and the workbooks for schools lie
    in `check` below `out`, one folder per county, apart from reports. Returns the exit code: 1 where errors stand.
    Raises RequestError where the county, the folder or the plan is unknown.
    """
    if plan:
        standards.plan(plan)
    folder = sources.folder_of(data, county)
    target = (Path(out) if out else project.output()) / "check"
    catalogue = sources.load(folder)
    placing.check(target)
    processed = project.processed(folder)
    all_checked = [check(catalogue, chosen_county, processed, plan) for chosen_county in chosen(catalogue, county)]
    typer.echo(show(noticed(all_checked), form) if notices else headed(accounts(all_checked), form), nl=False)
    for checked in all_checked:
        page = _put(checked, catalogue, target / checked.county.code)
        typer.echo(
            summary(checked, page, page_of_check.entries(checked.causes, catalogue.of(checked.county.code))), err=True
        )
    return int(any(checked.failed for checked in all_checked))


def _put(checked: Checked, catalogue: Catalogue, folder: Path) -> Path:
    """Write a county's page and workbooks into place, and keep what somebody filled in there; return the page."""
    with tempfile.TemporaryDirectory(prefix="junheng-") as work:
        names = page_of_check.write(checked, catalogue, Path(work))
        key = storage.digest_of_file(Path(work) / page_of_check.PAGE)
        placing.put_files(Path(work), folder, names, stale.state(folder).files, key, stale.STATE)
    return folder / page_of_check.PAGE


def one_of(argument: str, option: str) -> str:
    """Return the county asked for, given bare or as an option; RequestError where the two differ."""
    if argument and option and argument != option:
        raise RequestError("check_counties", first=sources.shown(argument), second=sources.shown(option))
    return argument or option


def chosen(catalogue: Catalogue, county: str) -> list[County]:
    """Return the county asked for, or all that have sources."""
    if county:
        return [sources.find_county(catalogue, county)]
    counties = [county for code, county in catalogue.counties.items() if catalogue.of(code)]
    if not counties:
        raise RequestError("check_nothing", folder=catalogue.folder)
    return counties


def check(catalogue: Catalogue, county: County, processed: Path, plan: str = "") -> Checked:
    """Clean a county; where a file can't be read, the others are read, and nothing is written."""
    try:
        return Checked(county, clean_county(catalogue, county.code, processed), (), plan)
    except DataError as first:
        faults: list[DataError] = []
        try:
            records = clean(catalogue, county.code, faults)
        except DataError:  # a fault of corrections.yml or identity.yml: no source can be read without it
            raise first from None
        return Checked(county, records, tuple(faults), plan)


def accounts(all_checked: list[Checked]) -> pl.DataFrame:
    """Return one row per sheet: its rows (read is the sum of the next three) and cells (used and unused)."""
    return pl.concat([checked.records.accounts.select(COLUMNS) for checked in all_checked])


def noticed(all_checked: list[Checked]) -> pl.DataFrame:
    """Return one row per notice (notices.NOTICED), and one per file that can't be read."""
    parts = []
    for checked in all_checked:
        faults = [
            (str(fault.values.get("file", "")), "", "", "file", str(fault), fault.key, "error", 0)
            for fault in checked.faults
        ]
        parts += [pl.DataFrame(faults, schema=notices.NOTICED, orient="row"), notices.frame(checked.notices)]
    return pl.concat(parts)


def summary(checked: Checked, page: Path, entries: dict[str, str]) -> str:
    """Return what is said of a county on standard error: its sums, the first causes, where the page lies.

    A cause that offers a line for the entry of a file that has none is followed by the whole entry, to be copied.
    """
    sums = checked.records.accounts.select(pl.col(_COUNTS).sum()).row(0, named=True)
    counted = {name: f"{number:,}" for name, number in sums.items()}
    lines = [message("check_county", county=checked.county.name(language()), code=checked.county.code, **counted)]
    for cause in checked.causes[:_LISTED]:
        lines.append(f"  {_MARKS[cause.severity]} {causes.line(cause)}")
        lines += [f"      {entries[file]}" for file in page_of_check.offered(cause) if file in entries]
    if len(checked.causes) > _LISTED:
        lines.append("  " + message("check_more", number=len(checked.causes) - _LISTED))
    if not checked.causes:
        lines.append("  " + message("check_clean"))
    code = checked.county.code
    book = decisions.path_of(Path(), code).as_posix()
    hint = [message("check_next", county=code, book=book)] if checked.causes else []
    lines += [f"  {line}" for line in [message("check_page", page=page), *hint]]
    return "\n".join(map(harmless, lines))
