"""Scores and county items that can hardly be what is meant, as plausible.yml declares them: told, never taken away."""

import difflib
import re
import unicodedata

import polars as pl

from analysis.clean import classes
from analysis.clean.items import known
from analysis.clean.plausibility import declared
from analysis.clean.plausible import found_of
from analysis.clean.records import PLACE
from analysis.clean.relations import FOUND


def find(rows: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Return scores far above their scale, and items that no standard and no plan knows (relations.FOUND).

    `rows` holds each table's rows that were kept. Of an item `after` is the nearest known one, null where none is near.
    """
    parts = [pl.DataFrame(schema=FOUND)]
    if "scores" in rows and rows["scores"].height:
        for column in declared()["scores"]["columns"]:
            parts += [_scores(rows["scores"], column), _zeros(rows["scores"], column)]
    if "classes" in rows and rows["classes"].height:
        parts.append(classes.of_other_grades(rows["classes"]))
    if "government" in rows and rows["government"].height:
        parts.append(_unknown(rows["government"]))
    return pl.concat(parts)


def _scores(scores: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return the scores above what the scale of their grade and subject allows, and the negative ones.

    `after` is the median of the grade and subject. Of too many one of each value is told.
    """
    said = declared()["scores"]
    if not scores.select(
        (pl.col(column) > min(scale["most"] for scale in said["scales"])).any() | (pl.col(column) < 0).any()
    ).item():
        return pl.DataFrame(schema=FOUND)
    middle = pl.col(column).median().over("year", "grade", "subject")
    most = pl.lit(None, pl.Float64)
    for scale in reversed(said["scales"]):
        most = pl.when(middle <= scale["median"]).then(scale["most"]).otherwise(most)
    odd = scores.select(
        "file", "sheet", "row", pl.col(column).alias("before"), middle.alias("after"), most.alias("most")
    ).filter((pl.col("before") > pl.col("most")) | (pl.col("before") < 0))
    if odd.height > declared()["told"]:
        odd = odd.unique("before", keep="first", maintain_order=True)
    return found_of(odd, "scores", pl.lit(column), pl.lit("score_unlikely"))


def _zeros(scores: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return the first 0 of a grade and subject that has several of them, and none or few between them and the others.

    `before` is their number, `after` the median of the others.
    """
    said, value = declared()["zeros"], pl.col(column)
    zeros = scores.filter(value == 0)
    if zeros.height < said["pupils"]:
        return pl.DataFrame(schema=FOUND)
    each = ["year", "grade", "subject"]
    others = scores.join(zeros.select(each).unique(), on=each, how="semi").filter(value > 0)
    middle = others.group_by(each).agg(value.median().alias("after"), value.alias("others"))
    low = (pl.col("others").explode() <= said["low"] * pl.col("after").first()).sum()
    few = middle.group_by(each).agg(pl.col("after").first(), low.alias("low"))
    counted = zeros.group_by(each, maintain_order=True).agg(pl.col(PLACE).first(), pl.len().alias("before"))
    odd = counted.join(few, on=each, maintain_order="left").filter(
        (pl.col("before") >= said["pupils"]) & (pl.col("before") >= said["times"] * pl.col("low"))
    )
    odd = odd.with_columns(pl.col("before").cast(pl.Float64))
    return found_of(odd, "scores", pl.lit(column), pl.lit("zeros_unlikely"))


def _unknown(government: pl.DataFrame) -> pl.DataFrame:
    """Return items that no standard and no plan knows."""
    own = re.compile("|".join(declared()["items"]))
    names = government.select("item", "name").unique(maintain_order=True)
    near = {
        (item, name): _nearest(item, name)
        for item, name in names.iter_rows()
        if item and item not in known() and not own.fullmatch(item)
    }
    if not near:
        return pl.DataFrame(schema=FOUND)
    nearest = pl.DataFrame(
        [(*pair, label) for pair, label in near.items()], schema=["item", "name", "after"], orient="row"
    )
    nearest = nearest.cast(pl.String)
    rows = government.join(nearest, on=["item", "name"], nulls_equal=True, maintain_order="left")
    return rows.select(
        pl.lit("government").alias("table"),
        *("file", "sheet", "row"),
        pl.lit("item").alias("column"),
        pl.lit("item_unknown").alias("rule"),
        pl.col("item").alias("before"),
        "after",
    )


def _nearest(item: str, name: str | None) -> str | None:
    """Return the known item that an unknown one, or its name, is most like: `senior_places 优质高中招生名额`."""
    texts = {_plain(name): name for name in known()} | {_plain(label): item for item, label in known().items()}
    best, likeness = None, float(declared()["likeness"])
    for said in (item, name or ""):
        for text in difflib.get_close_matches(_plain(said), texts, n=1, cutoff=likeness):
            like = difflib.SequenceMatcher(None, text, _plain(said)).ratio()
            if like >= likeness:
                best, likeness = texts[text], like
    return f"{best} {known()[best]}" if best else None


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold().replace("_", "")
