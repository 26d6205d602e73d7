"""Write what a layout lays out into a file."""

from pathlib import Path

from analysis.sample.layouts import books, respell, texts
from analysis.sample.layouts.draw import Drawn


def write(drawn: Drawn, folder: Path, stem: str) -> Path:
    """Write the file into a folder and return its path; what LibreOffice is to save is a workbook to convert."""
    layout = drawn.layout
    if layout.writer == "csv":
        path = folder / f"{stem}.csv"
        drawn.dialect = texts.write(drawn.pages[0], path, layout.features, drawn.refused, layout.rng("text"))
        return path
    path = folder / f"{stem}.xlsx"
    if layout.writer == "pandas":
        books.pandas_book(drawn.pages, path)
    elif layout.writer == "openpyxl" or "bare_formula" in layout.features:
        books.openpyxl_book(drawn.pages, path)
    else:
        books.xlsxwriter_book(drawn.pages, path)
    if layout.writer == "respelled":
        respell.respell(path, respell.drawn(layout.rng("spelling")))
    return path
