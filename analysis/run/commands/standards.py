"""`junheng standards check`: what is wrong with a standard's file, its source columns among it."""

from pathlib import Path

import polars as pl

from analysis.errors import language
from analysis.measure.stages import columns_of
from analysis.read.fields import table, tables
from analysis.standards import vocabulary
from analysis.standards.load import named, read
from analysis.standards.show import faults as in_file

#: Kinds of columns that a rule may add up.
_NUMBERS = ("count", "amount")


def faults(name: str | Path) -> pl.DataFrame:
    """Return every fault of a standard's file (key, value, fault, mend): those of standards.show, and amounts and
    columns of rules that no source table holds.

    Raises RequestError where the file can't be read at all.
    """
    columns = table("schools").columns
    mend = vocabulary()["mends"]["column_unknown"].text(language())
    declared = read(name)
    indicators = declared.get("indicators")
    rows = [
        {
            "key": f"indicators.{indicator}.amount",
            "value": repr(entry["amount"]),
            "fault": "no column of the schools table",
            "mend": mend,
        }
        for indicator, entry in (indicators.items() if isinstance(indicators, dict) else ())
        if isinstance(entry, dict) and isinstance(entry.get("amount"), str)
        if any(each not in columns for each in columns_of(entry["amount"], bool(entry.get("by_stage"))))
    ]
    rows += [
        {
            "key": key,
            "value": repr(column),
            "fault": f"no column of numbers in the {rule.table} table",
            "mend": vocabulary()["mends"]["term_unknown"].text(language()).format(expected=", ".join(numbers)),
        }
        for key, column, rule in named(declared, "column")
        for numbers in [[each for each, column in tables()[rule.table].columns.items() if column.kind in _NUMBERS]]
        if column not in numbers
    ]
    in_model = in_file(name)
    return pl.concat([in_model, pl.DataFrame(rows, schema=in_model.schema)])
