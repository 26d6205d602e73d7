"""What schools sent back becomes the tables of their county: each row names the school's file and its place there."""

import datetime
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import xlsxwriter

from analysis import sources, storage
from analysis.errors import RequestError, message
from analysis.read import collecting, read_source
from analysis.read.fields import Table, table
from analysis.read.returned_workbooks import Book, Returned, text
from analysis.render import template
from analysis.run.commands import filing
from analysis.run.commands.collection import FOLDER, Collection
from analysis.sources import Catalogue, County, Source

#: A workbook is the same for the same rows: it bears no time of its own.
_WRITTEN = datetime.datetime(2020, 1, 1)


def merge(collection: Collection, county: County, year: int, data: Path, books: dict[str, Returned]) -> list[str]:
    """Write the tables of what came back, `books` by school, register them, and return a line for each.

    Raises RequestError where another file of the same table and year is in the way: nothing is written then.
    """
    catalogue = sources.load(data)
    for name in collecting.declared()["parts"]:
        _check(name, collection, county, year, catalogue)
    lines = []
    for name in collecting.declared()["parts"]:
        rows = list(_rows(name, collection, books))
        if not rows:
            continue
        content = written(table(name), year, rows)
        digest = storage.digest_of(content)
        file = f"{county.code}/{name}_{year}.xlsx"
        if collection.merged.get(name) != digest or not (data / file).is_file():
            _put(content, file, county, name, year, collection, data)
            collection.merged[name] = digest
            collection.save()
        lines.append(message("collect_merged", file=file, rows=len(rows), table=table(name).title["zh"]))
    return lines


def _rows(name: str, collection: Collection, books: dict[str, Returned]) -> Iterable[dict[str, Any]]:
    words = collecting.declared()["words"]
    for school, receipt in collection.latest().items():
        book = books[school]
        origin = f"{FOLDER}/{collection.folder.parent.name}/{collection.folder.name}/{receipt.file}"
        for row, place in zip(book.rows.get(name, []), book.places.get(name, []), strict=True):
            named = {"name": collection.schools[school]} if "name" in table(name).columns else {}
            yield named | row | {words["file"]["zh"]: origin, words["place"]["zh"]: place}


def _check(name: str, collection: Collection, county: County, year: int, catalogue: Catalogue) -> None:
    """Raise RequestError where a table of the year is another's: neither merged here, nor blank, nor a mere list."""
    for source in catalogue.of(county.code):
        there = catalogue.folder / source.file
        if (source.table, source.year) != (name, year) or filing.is_blank(there, name, year):
            continue
        ours = source.file == f"{county.code}/{name}_{year}.xlsx" and name in collection.merged
        if not ours and not (name == "schools" and is_list(catalogue, source)):
            raise RequestError("collect_in_the_way", file=source.file, table=name, year=year)


def is_list(catalogue: Catalogue, source: Source) -> bool:
    """Tell whether a table of schools only lists them: no column of numbers holds anything."""
    for sheet in read_source(catalogue, source):
        for binding in sheet.layout.bindings:
            column = sheet.table.columns[binding.column]
            if column.kind in ("count", "amount") and sheet.data[f"c{binding.position}"].drop_nulls().len():
                return False
    return True


def _put(content: bytes, file: str, county: County, name: str, year: int, collection: Collection, data: Path) -> None:
    """Write a merged table where it belongs and enter it; what is there and is not as it was merged is set aside."""
    there = data / file
    if there.is_file() and storage.digest_of_file(there) == collection.merged.get(name):
        storage.write_whole(there, content)
        return
    with TemporaryDirectory(prefix="junheng-") as work:
        merged = Path(work) / there.name
        merged.write_bytes(content)
        last = max((receipt.day for receipt in collection.latest().values()), default="")
        entry = {"county": county.code, "table": name, "year": year, "title": table(name).title["zh"]}
        entry |= {"publisher": message("collect_publisher", "zh", county=county.zh), "date": last}
        filing.file(merged, entry, data, "replace")


def with_origins(rows: pl.DataFrame, data: Path) -> pl.DataFrame:
    """Return rows (columns file and row) with the school's file and place that each was merged from.

    The columns school_file and school_place are added only where some row was merged.
    """
    origins = [origin for file in rows["file"].drop_nulls().unique().sort() for origin in _origins(data, file)]
    if not origins:
        return rows
    merged = pl.DataFrame(origins, schema=["file", "row", "school_file", "school_place"], orient="row")
    return rows.join(merged.cast({"row": rows.schema["row"]}), on=["file", "row"], how="left")


def _origins(data: Path, file: str) -> Iterable[tuple[str, int, str, str]]:
    """Yield file, row, and the school's file and place for each row of a merged table; nothing for other files."""
    words = collecting.declared()["words"]
    heads = words["file"]["zh"], words["place"]["zh"]
    if not (data / file).is_file() or not file.endswith(".xlsx"):
        return
    book = Book((data / file).read_bytes(), file)
    cells = book.of(next(iter(book.names()), ""))
    if len(cells) <= template.HEAD or not set(heads) <= {text(cell) for cell in cells[template.HEAD]}:
        return
    first, second = (cells[template.HEAD].index(head) for head in heads)
    for number, row in enumerate(cells[template.HEAD + 2 :], start=template.HEAD + 3):
        yield file, number, text(row[first]), text(row[second])


def written(of: Table, year: int, rows: list[dict[str, Any]]) -> bytes:
    """Return the workbook of a table with rows: by columns of the table, and what else they have, at the right."""
    content = BytesIO()
    more = [name for name in rows[0] if name not in of.columns and not name.startswith("_")]
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False, "strings_to_numbers": False}) as book:
        book.set_properties({"created": _WRITTEN})
        page = template.page(book, of, year)
        plain = book.add_format({"num_format": "@"})
        for place, name in enumerate(more, start=len(of.columns)):
            page.merge_range(template.HEAD, place, template.HEAD + 1, place, name)
        for number, row in enumerate(rows, start=template.HEAD + 2):
            for place, name in enumerate([*of.columns, *more]):
                value = row.get(name, "")
                if isinstance(value, float | int) and not isinstance(value, bool):
                    page.write_number(number, place, value)
                elif text(value):
                    page.write_string(number, place, text(value), plain)
    return content.getvalue()
