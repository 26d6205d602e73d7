"""Write what a layout lays out into a file."""

from pathlib import Path

from analysis.sample.layouts import books, respell, texts
from analysis.sample.layouts.draw import Made


def write(made: Made, folder: Path, stem: str) -> Path:
    """Write the file into a folder and return its path; what LibreOffice is to save is a workbook to convert."""
    layout = made.layout
    if layout.writer == "csv":
        path = folder / f"{stem}.csv"
        made.dialect = texts.write(made.pages[0], path, layout.features, made.refused, layout.rng("text"))
        return path
    path = folder / f"{stem}.xlsx"
    if layout.writer == "pandas":
        books.pandas_book(made.pages, path)
    elif layout.writer == "openpyxl" or "bare_formula" in layout.features:
        books.openpyxl_book(made.pages, path)
    else:
        books.xlsxwriter_book(made.pages, path)
    if layout.writer == "respelled":
        respell.respell(path, respell.drawn(layout.rng("spelling")))
    return path
