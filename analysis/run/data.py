"""What `junheng data` does: bring the clean tables of counties up to date."""

import sys
import time
from pathlib import Path

from analysis import project, sources
from analysis.errors import DataError, language, message
from analysis.run.many import chosen


def run(counties: str, data: str) -> int:
    """Clean `counties` (codes, names or prefixes between commas; "" for all), a line each; return the exit code.

    1 where a county's files can't be used, each told on standard error. Raises RequestError for an unknown county.
    """
    from analysis.clean import clean_county

    catalogue = sources.load(Path(data) if data else project.raw())
    failed = 0
    for county in chosen(catalogue, counties):
        begun = time.monotonic()
        called = f"{county.code} {county.name(language())}"
        try:
            records = clean_county(catalogue, county.code, project.processed(catalogue.folder))
        except DataError as fault:
            failed += 1
            sys.stderr.write(f"{called}  {fault}\n")
            continue
        sums = records.accounts.select("read", "kept", "quarantined", "other").sum().row(0, named=True)
        seconds = f"{time.monotonic() - begun:.1f}"
        sys.stdout.write(message("data_done", county=called, seconds=seconds, **sums) + "\n")
    return 1 if failed else 0
