"""The evidence list (佐证材料清单): which document or which rows of a source show each item, and what has none yet."""

from typing import Any

import polars as pl

from analysis.clean.records import Records
from analysis.standards import Standard
from analysis.tables import Field, Schema, Verdict

#: One row is one item. `basis` is reported, computed, monitoring or survey; `document` the text that the county gave;
#: `file` and `sheet` where its rows lie (several files joined by "; "), `row` the one that holds it, `rows` how many.
EVIDENCE: Schema = {
    "id": pl.String,
    "basis": pl.String,
    "document": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "row": pl.Int32,
    "rows": pl.Int32,
    "state": pl.String,
}
HAVE, LACK, NOT_ASKED = "have", "lack", "not_asked"
#: Tables that a rule of computed items counts, beside those of schools.
COUNTED = {
    "special_rooms": "rooms",
    "class_size": "classes",
    "teacher_share": "teachers",
    "pupils_per_teacher": "teachers",
    "monitoring_round": "monitoring",
    "score": "government",
}
#: Items of a monitored subject: one row for both.
LEVEL = "level"
_UNASKED = [Verdict.NOT_IN_FORCE.value, Verdict.TARGET_NOT_SET.value]


def listed(found: pl.DataFrame, records: Records, standard: Standard, year: int) -> pl.DataFrame:
    """Return EVIDENCE of the FINDINGS of one county and year, in their order: one row per item that is asked of it.

    Indicators stand as their coefficients, a monitored subject as its level. What a county reports has its document,
    or lacks it; what is computed, monitored or asked has the rows of its source, or lacks them. Supplements, sums and
    single schools are no items.
    """
    own = found.filter(
        pl.col("school").is_null()
        & (pl.col("field") != Field.PLAN.value)
        & (
            pl.col("item").is_in([*standard.items, LEVEL, "recognition"])
            | (pl.col("item").str.starts_with("cv_") & (pl.col("item") != "cv_composite"))
        )
    )
    rows = [_row(one, records, standard, year) for one in own.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=EVIDENCE)


def _row(one: dict[str, Any], records: Records, standard: Standard, year: int) -> dict[str, Any]:
    name, item, document = one["item"], standard.items.get(one["item"]), ""
    if name == LEVEL:
        basis, results = "monitoring", records.monitoring.filter(pl.col("year") == (one["data_year"] or 0))
        rows = results.filter(subject=one["subject"], grade=one["grade"])
    elif name == "recognition":
        basis, rows = "survey", records.survey.filter(year=year)
    elif item is None:
        basis, rows = "computed", records.schools.filter(year=year)
    elif item.kind == "computed":
        table = COUNTED.get(item.rule or "", "schools")
        basis, rows = "computed", records.frames()[table].filter(year=year)
    else:
        basis, rows = "reported", records.government.filter(year=year, item=name)
        document = next(iter(rows["evidence"].drop_nulls()), "")
    held = bool(document) if basis == "reported" else not rows.is_empty()
    state = NOT_ASKED if one["verdict"] in _UNASKED else HAVE if held else LACK
    files, sheets = (rows[column].drop_nulls().unique().sort() for column in ("file", "sheet"))
    return {
        "id": one["id"],
        "basis": basis,
        "document": document,
        "file": "; ".join(files),
        "sheet": "; ".join(sheets),
        "row": rows["row"][0] if rows.height == 1 else None,
        "rows": rows.height,
        "state": state,
    }
