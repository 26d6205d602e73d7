"""The workbook in which people fill in measures, holder and date of the ledger: written once, then only read."""

import polars as pl

from analysis import sources
from analysis.errors import language, listed, message
from analysis.judge.ledger import CLOSED
from analysis.read.ledger import OWN_LINE, entries, ids, last_day
from analysis.render.ledger import write
from analysis.run.build import placing
from analysis.run.build.placing import near
from analysis.run.request import resolve
from analysis.tell import open_report
from analysis.tell.facts.ledger import ledger_of
from analysis.tell.parts.tables.ledger import cells

#: Lines that have opened since the workbook was written, beside the county's report.
NEW = "ledger_new.xlsx"


def _beside(filled: pl.DataFrame) -> list[str]:
    """Return the lines on what people added of their own, and on dates in words, from which no deadline follows."""
    own = [id_.removeprefix(OWN_LINE) for id_ in filled["id"] if id_.startswith(OWN_LINE)]
    worded = [text for text in filled["date"] if text and last_day(text) is None]
    lines = [message("ledger_own", number=len(own), rows=", ".join(own))] if own else []
    if worded:
        lines.append(message("ledger_worded", number=len(worded), dates=listed(dict.fromkeys(worded))))
    return lines


def run(county: str, plan: str = "", data: str = "", out: str = "") -> str:
    """Write a county's workbook where there is none, and return the line that tells what was done.

    An existing one is only read: the lines say how many of its entries match no line of the ledger, and which; and
    which lines have opened since it was written. Those are written to ledger_new.xlsx beside the county's report, in
    the same columns, for people to copy over. Raises RequestError and DataError as run.request.resolve and
    tell.open_report do.
    """
    from analysis import project

    request = resolve(county, plan=plan, data=data, out=out)
    path = sources.filled_folder(request.data, request.county) / "ledger" / f"{request.county.code}.xlsx"
    if path.exists():
        placing.check(request.folder)
    report = open_report(
        request.county.code, plan=request.plan or None, lang=language(), data=request.data,
        processed=project.processed(request.data),
    )  # fmt: skip
    lines = ledger_of(report).lines.filter(pl.col("state") != CLOSED)
    if not path.exists():
        write(report, path, lines)
        return message("ledger_written", file=near(path), number=lines.height)
    filled = entries(path)
    number = filled.filter(pl.any_horizontal(pl.col("measure", "person", "date") != "")).height
    lost = ", ".join(ledger_of(report).lost)
    sentence = message("ledger_lost" if lost else "ledger_kept", file=near(path), number=number, lost=lost)
    sentence = "\n".join([sentence, *_beside(filled)])
    new = lines.filter(~pl.col("id").is_in(list(ids(path))))
    aside = request.folder / NEW
    if new.is_empty():
        aside.unlink(missing_ok=True)
        return sentence
    write(report, aside, new)
    shown = [" ".join(cells(report, line)[name] for name in ("id", "school", "item")) for line in new.to_dicts()]
    return "\n".join([sentence, message("ledger_new", number=new.height, file=near(aside), into=near(path)), *shown])
