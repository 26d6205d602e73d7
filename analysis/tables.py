"""The four kinds of table that carry everything: their columns and types; docs/architecture.md says what each means."""

from enum import StrEnum
from io import BytesIO
from typing import Any

import polars as pl

Schema = dict[str, Any]


class Stage(StrEnum):
    """School stages that are judged (senior pupils only weigh in the split of shared assets)."""

    PRIMARY = "primary"
    JUNIOR = "junior"


class Verdict(StrEnum):
    """The seven verdicts; what each means and how they combine stands in judge.verdicts."""

    MET = "met"
    NOT_MET = "not_met"
    UNDECIDABLE = "undecidable"
    NO_DATA = "no_data"
    NOT_IN_FORCE = "not_in_force"
    TARGET_NOT_SET = "target_not_set"
    NOT_APPLICABLE = "not_applicable"


#: The verdicts that say whether a target is reached.
DECIDED = frozenset({Verdict.MET, Verdict.NOT_MET})


class Field(StrEnum):
    """The four fields of a judgement, the whole, and what stands beside: entry conditions and vetoes, a local plan."""

    RESOURCES = "resources"
    GOVERNMENT = "government"
    QUALITY = "quality"
    RECOGNITION = "recognition"
    OVERALL = "overall"
    ENTRY = "entry"
    PLAN = "plan"


#: The fields of a judgement, in their order.
FIELDS = (Field.RESOURCES, Field.GOVERNMENT, Field.QUALITY, Field.RECOGNITION)


class Kind(StrEnum):
    """What a finding's item is: one of the standard's own, or one that is made from its indicators, groups and rules.

    analysis.ids says how the id of an item of each kind looks.
    """

    ITEM = "item"
    FLOOR = "floor"
    CV = "cv"
    SCHOOL_RULE = "school_rule"
    SCHOOLS = "schools"
    ROWS_SET_ASIDE = "rows_set_aside"
    LEVEL = "level"
    RATE = "rate"
    RATE_OWN = "rate_own"
    RECOGNITION = "recognition"
    RECOGNITION_GROUP = "recognition_group"
    THREE_YEARS = "three_years"
    ALL = "all"


#: One row is one value of one indicator: of a school (`school` set; statistic `value`), or of all schools in scope of a
#: county and stage (`school` null; statistics `mean`, `cv`, `schools`). `amount` and `pupils` are the sums behind it.
MEASUREMENTS: Schema = {
    "county": pl.String,
    "year": pl.Int32,
    "stage": pl.String,
    "school": pl.String,
    "indicator": pl.String,
    "statistic": pl.String,
    "amount": pl.Float64,
    "pupils": pl.Float64,
    "value": pl.Float64,
    "share": pl.Float64,  # of the stage's S squared, school rows only; sums to 1
    "note": pl.String,  # short id, empty when all is well
}

#: One row is one judged item. `id` is stable from year to year: field.item[.stage][.subject][.grade][.school];
#: `kind` is that of the item (Kind); `computed` what the rows of schools or the county's counts come to, of an item
#: that is reported, and `computed_by` which of them: rows or counts.
FINDINGS: Schema = {
    "id": pl.String,
    "county": pl.String,
    "year": pl.Int32,
    "field": pl.String,
    "item": pl.String,
    "kind": pl.String,
    "stage": pl.String,
    "subject": pl.String,
    "grade": pl.Int8,
    "school": pl.String,
    "data_year": pl.Int32,
    "value": pl.Float64,
    "computed": pl.Float64,
    "computed_by": pl.String,
    "target": pl.Float64,
    "margin": pl.Float64,
    "verdict": pl.String,
    "reason": pl.String,
    "evidence": pl.String,
}

#: The columns of FINDINGS that results.json holds: `kind` can be read off the item.
WRITTEN = tuple(name for name in FINDINGS if name != "kind")

#: One row is one rejected source row as it stood: `cells` is a JSON object header -> text, `rules` a list of check ids.
QUARANTINE: Schema = {
    "county": pl.String,
    "year": pl.Int32,
    "table": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "row": pl.Int32,
    "cells": pl.String,
    "rules": pl.List(pl.String),
}

#: One row is one sheet of one source file: read = kept + quarantined + other (totals and notes) counts rows,
#: cells = used + unused the cells that hold something; what is unused is named in the notices.
ACCOUNTS: Schema = {
    "county": pl.String,
    "year": pl.Int32,
    "table": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "read": pl.Int32,
    "kept": pl.Int32,
    "quarantined": pl.Int32,
    "other": pl.Int32,
    "cells": pl.Int32,
    "used": pl.Int32,
    "unused": pl.Int32,
}

ORIGIN: Schema = {"file": pl.String, "sheet": pl.String, "row": pl.Int32}


def packed(frame: pl.DataFrame) -> bytes:
    """Return a frame as Parquet, without statistics, for it is only read whole.

    It is made in memory, so that a full disk is a fault of the file like any other.
    """
    written = BytesIO()
    frame.write_parquet(written, statistics=False)
    return written.getvalue()
