"""What the findings of items come to: each field's verdict, and the whole."""

import polars as pl

from analysis import ids
from analysis.judge import frames
from analysis.judge.verdicts import combined
from analysis.tables import FIELDS, Field, Kind, Verdict

#: Entry conditions and vetoes stop a county where one is not met, and otherwise stand beside.
BESIDE = (Field.ENTRY,)


def whole_fields(findings: pl.DataFrame) -> pl.DataFrame:
    """Return the finding `all` of each field of each county and year: evidence = ids of the findings that decide.

    A field that stands beside (entry conditions and vetoes) has one where it has findings.
    """
    counting = findings.filter(ids.counts())
    keys = [*frames.KEYS, "field"]
    beside = [field.value for field in BESIDE if not findings.filter(field=field.value).is_empty()]
    grid = (
        findings.select(frames.KEYS)
        .unique(maintain_order=True)
        .join(pl.DataFrame({"field": [*(field.value for field in FIELDS), *beside]}), how="cross")
    )
    verdicts = counting.group_by(keys, maintain_order=True).agg(combined(pl.col("verdict")).alias("verdict"))
    decided = (
        counting.join(verdicts.rename({"verdict": "whole"}), on=keys)
        .filter((pl.col("verdict") == pl.col("whole")) & (pl.col("verdict") != Verdict.MET.value))
        .group_by(keys, maintain_order=True)
        .agg(pl.col("id").str.join(frames.LIST).alias("evidence"))
    )
    rows = grid.join(verdicts, on=keys, how="left", maintain_order="left").join(
        decided, on=keys, how="left", maintain_order="left"
    )
    return frames.shaped(as_all(rows.with_columns(pl.col("verdict").fill_null(Verdict.NOT_APPLICABLE.value))))


def as_all(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows of fields with the item `all`, and the reason that goes with the verdict."""
    return rows.with_columns(
        pl.lit(Kind.ALL.value).alias("item"),
        pl.when(pl.col("verdict").is_in([Verdict.MET.value, Verdict.NOT_APPLICABLE.value]))
        .then(pl.lit(""))
        .otherwise(pl.lit("decided_by"))
        .alias("reason"),
    )


def overall(fields: pl.DataFrame) -> pl.DataFrame:
    """Return `overall.all` of each county and year: evidence = ids of the fields that decide."""
    stops = pl.col("verdict") == Verdict.NOT_MET.value
    fields = fields.filter(~pl.col("field").is_in([field.value for field in BESIDE]) | stops)
    whole = fields.group_by(frames.KEYS, maintain_order=True).agg(combined(pl.col("verdict")).alias("whole"))
    rows = (
        fields.join(whole, on=frames.KEYS, maintain_order="left")
        .group_by([*frames.KEYS, "whole"], maintain_order=True)
        .agg(
            pl.col("id")
            .filter((pl.col("verdict") == pl.col("whole")) & (pl.col("verdict") != Verdict.MET.value))
            .str.join(frames.LIST)
            .alias("evidence")
        )
        .rename({"whole": "verdict"})
        .with_columns(pl.lit(Field.OVERALL.value).alias("field"))
    )
    return frames.shaped(as_all(rows))
