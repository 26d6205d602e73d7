"""`junheng standards check`: what is wrong with a standard's file, its source columns among it."""

from pathlib import Path

import polars as pl

from analysis.errors import language
from analysis.measure.stages import columns_of
from analysis.read.fields import table
from analysis.standards import vocabulary
from analysis.standards.load import read
from analysis.standards.show import faults as in_file


def faults(name: str | Path) -> pl.DataFrame:
    """Return every fault of a standard's file (key, value, fault, mend): those of standards.show, and amounts that no
    source table holds.

    Raises RequestError where the file can't be read at all.
    """
    columns = table("schools").columns
    mend = vocabulary()["mends"]["column_unknown"].text(language())
    indicators = read(name).get("indicators")
    rows = [
        {
            "key": f"indicators.{indicator}.amount",
            "value": repr(one["amount"]),
            "fault": "no column of the schools table",
            "mend": mend,
        }
        for indicator, one in (indicators.items() if isinstance(indicators, dict) else ())
        if isinstance(one, dict) and isinstance(one.get("amount"), str)
        if any(each not in columns for each in columns_of(one["amount"], bool(one.get("by_stage"))))
    ]
    found = in_file(name)
    return pl.concat([found, pl.DataFrame(rows, schema=found.schema)])
