"""The workbook in which people fill in measures, holder and date of the ledger: written once, then only read."""

from pathlib import Path

import xlsxwriter

from analysis.errors import language, message
from analysis.read.ledger import columns, entries
from analysis.run.request import resolve
from analysis.tell import Report, open_report

_WIDE = {"id": 44, "school": 24, "item": 30, "measure": 40}
_HEAD, _OWN = "#ECEEF0", "#F7EFD9"


def run(county: str, plan: str = "", data: str = "") -> str:
    """Write a county's workbook where there is none, and return the line that tells what was done.

    An existing one is only read: the line says how many of its entries match no line of the ledger, and which.
    Raises RequestError and DataError as run.request.resolve and tell.open_report do.
    """
    from analysis import project

    request = resolve(county, plan=plan, data=data)
    path = request.data / "ledger" / f"{request.county.code}.xlsx"
    report = open_report(
        request.county.code, plan=request.plan or None, lang=language(), data=request.data,
        processed=project.processed(request.data),
    )  # fmt: skip
    if path.exists():
        number = entries(path).height
        lost = ", ".join(report.ledger.lost)
        return message("ledger_lost" if lost else "ledger_kept", file=path, number=number, lost=lost)
    number = write(report, path)
    return message("ledger_written", file=path, number=number)


def write(report: Report, path: Path) -> int:
    """Write the workbook of a report's open lines to `path`, whole or not at all; return how many there are."""
    from analysis.tell.tables.ledger import missing, where

    lang = report.lang
    lines = [one for one in report.ledger.lines.iter_rows(named=True) if one["state"] != "closed"]
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    with xlsxwriter.Workbook(str(unfinished), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": _HEAD})
        own = book.add_format({"bg_color": _OWN, "border": 1, "text_wrap": True, "num_format": "@"})
        for column, (name, told) in enumerate(columns().items()):
            sheet.write_string(0, column, told[lang], head)
            sheet.set_column(column, column, _WIDE.get(name, 14))
        for row, line in enumerate(lines, start=1):
            shown = {
                "id": line["id"],
                "school": where(report, line),
                "item": report.label(line["item"], short=True),
                "missing": missing(report, line),
                "opened": line["opened"],
                "holder": line["holder"],
                "due": line["due"],
            }
            for column, (name, told) in enumerate(columns().items()):
                if told.get("own"):
                    sheet.write_blank(row, column, None, own)
                elif shown[name] is not None:
                    sheet.write(row, column, shown[name])
        sheet.freeze_panes(1, 1)
    unfinished.replace(path)
    return len(lines)
