"""Rows that share a key: which are set aside, and where the row stands that they share it with."""

import polars as pl

from analysis.clean import classes
from analysis.clean.checks import checks
from analysis.clean.failed_cells import normal
from analysis.clean.records import PLACE
from analysis.read import RawSheet
from analysis.read.fields import Table, header_words
from analysis.read.header_names import plain
from analysis.tables import Schema

#: Rules of rows that share a key with another.
RULES = ("duplicate", "repeated", "sheets_conflict")
_BROKEN: Schema = {"place": pl.UInt32, "rule": pl.String}
_SHEET = ["file", "sheet"]


def broken(rows: pl.DataFrame, wanted: Table) -> pl.DataFrame:
    """Return the rows that share a key, by place and rule: of rows that say the same the later, of others all.

    Where two sheets of a file contradict each other as a whole that is the rule of their rows.
    """
    rows = _comparable(rows, wanted)
    if not _may_be(rows, wanted):
        return pl.DataFrame(schema=_BROKEN)
    key = _key(wanted)
    whole = pl.all_horizontal(pl.col(_names(wanted)).is_not_null())
    several = rows.select(pl.struct(key).is_duplicated() & whole).to_series()
    if not several.any():
        return pl.DataFrame(schema=_BROKEN)
    compared = [_compared(name, wanted) for name in wanted.columns if name not in _names(wanted)]
    alike = rows.with_row_index("place").filter(several)
    content = pl.struct(compared) if compared else pl.lit(0)
    differ = content.n_unique().over(key) > 1
    later = pl.int_range(pl.len()).over(key) > 0
    rule = pl.when(differ).then(pl.lit("duplicate")).when(later).then(pl.lit("repeated"))
    doubled = alike.with_columns(rule.alias("rule"))
    against = _sheets(rows, doubled.filter(rule="duplicate"), key)
    if against.height:
        doubled = doubled.join(
            against.select("place", pl.lit("sheets_conflict").alias("whole")), on="place", how="left"
        )
        doubled = doubled.with_columns(pl.coalesce("whole", "rule").alias("rule"))
    return doubled.select(pl.col("place").cast(pl.UInt32), "rule").drop_nulls()


def told_apart(doubled: pl.DataFrame, rows: pl.DataFrame, wanted: Table, raws: list[RawSheet]) -> pl.DataFrame:
    """Return rows that share a key (place, rule), those that say the same as contradictions where a column that is not
    read tells them apart: a stage, a class within what the key numbers.

    A school by itself has one row, whatever else stands beside it.
    """
    if wanted.key == ("school",) or doubled.filter(rule="repeated").is_empty():
        return doubled
    rows = _comparable(rows, wanted)
    key = _key(wanted)
    again = rows[doubled.filter(rule="repeated")["place"]].select(pl.struct(key).alias("key")).unique()
    alike = rows.with_row_index("place").select("place", *PLACE, pl.struct(key).alias("key"))
    alike = alike.join(again, on="key", how="semi", nulls_equal=True)
    apart = [pl.Series(dtype=pl.UInt32)]
    for raw in raws:
        mine = alike.filter((pl.col("file") == raw.source.file) & (pl.col("sheet") == raw.name))
        places = [f"c{place}" for place, head in enumerate(raw.layout.texts) if _may_tell(place, head, raw)]
        if mine.height and places:
            mine = mine.join(raw.rows.select("row", *places), on="row", maintain_order="left")
            told = pl.struct(normal(pl.col(places))).n_unique().over("key") > 1
            apart.append(mine.filter(told)["place"].cast(pl.UInt32))
    contradicted = pl.DataFrame({"place": pl.concat(apart)}).with_columns(rule=pl.lit("duplicate"))
    return pl.concat([doubled.join(contradicted, on="place", how="anti"), contradicted])


def _may_tell(place: int, head: str, raw: RawSheet) -> bool:
    """Tell whether a column that is not read may tell rows apart: one with a header that is no note."""
    notes = {plain(word) for word in header_words()["notes"]}
    return (
        bool(head) and place not in raw.layout.positions and not all(plain(part) in notes for part in head.split("/"))
    )


def _sheets(rows: pl.DataFrame, alike: pl.DataFrame, key: list[pl.Expr]) -> pl.DataFrame:
    """Return the rows whose sheet contradicts another of its file as a whole, and the sheets in question: place, one,
    other; `alike` are those that contradict another."""
    if alike.select(pl.struct(_SHEET).n_unique()).item() < 2:
        return pl.DataFrame(schema={"place": pl.UInt32, "one": pl.String, "other": pl.String})
    sides = alike.select("place", *_SHEET, pl.struct(key).alias("key"))
    pairs = sides.join(sides, on=["file", "key"], suffix=" other").filter(pl.col("sheet") != pl.col("sheet other"))
    sizes, check = rows.group_by(_SHEET).agg(pl.len().alias("size")), checks()["sheets_conflict"]
    overlapping = pairs.group_by("file", "sheet", "sheet other").agg(pl.col("place").n_unique().alias("number"))
    overlapping = overlapping.join(sizes, on=_SHEET).filter(
        (pl.col("number") > check.beyond * pl.col("size")) & (pl.col("number") >= check.rows)
    )
    order = alike.select(_SHEET).unique(maintain_order=True).with_row_index("nth").select("nth", *_SHEET)
    both = pl.concat(
        [
            overlapping.select("file", "sheet", "sheet other"),
            overlapping.select("file", sheet="sheet other", **{"sheet other": "sheet"}),
        ]
    ).unique()
    sheet_pairs = pairs.join(both, on=["file", "sheet", "sheet other"], how="semi")
    sheet_pairs = sheet_pairs.join(order, on=_SHEET).join(
        order.select("file", other="sheet", last="nth"), left_on=["file", "sheet other"], right_on=["file", "other"]
    )
    swapped = pl.col("nth") > pl.col("last")
    return sheet_pairs.select(
        "place",
        pl.when(swapped).then("sheet other").otherwise("sheet").alias("one"),
        pl.when(swapped).then("sheet").otherwise("sheet other").alias("other"),
    ).unique("place", keep="first", maintain_order=True)


def said(rows: pl.DataFrame, doubled: pl.DataFrame, wanted: Table) -> pl.DataFrame:
    """Return place, before and after for rows that share a key (place, rule): where the other row stands, its sheet
    (its file, where it is another or has no sheets) and its number; of whole sheets the two, and an entry.
    """
    key = _key(wanted)
    rows = _comparable(rows, wanted)
    mine = rows.with_row_index("place").select("place", *PLACE, *key)
    names = [name for name in mine.columns if name not in ("place", *PLACE)]
    alike = mine.join(doubled.select("place"), on="place", how="semi")
    alike = mine.join(alike.select(names).unique(), on=names, how="semi", nulls_equal=True)
    first, second = (pl.col("place").sort().get(n, null_on_oob=True).over(names) for n in (0, 1))
    other = alike.with_columns(pl.when(pl.col("place") == first).then(second).otherwise(first).alias("at"))
    there = alike.select(at="place", **{f"{name} there": name for name in PLACE})
    other = other.join(doubled, on="place").join(there, on="at", how="left")
    same = (pl.col("file") == pl.col("file there")) & (pl.col("sheet there").fill_null("") != "")
    others = other.with_columns(
        before=pl.when(same).then("sheet there").otherwise("file there"), after=pl.col("row there").cast(pl.String)
    )
    sheets = _sheets(
        rows, rows.with_row_index("place").join(doubled.filter(rule="sheets_conflict"), on="place", how="semi"), key
    )
    others = others.join(sheets, on="place", how="left")
    both = pl.col("rule") == "sheets_conflict"
    return others.select(
        "place",
        pl.when(both).then(pl.concat_str("one", "other", separator="、")).otherwise("before").alias("before"),
        pl.when(both).then(pl.format("sheet: {}", "one")).otherwise("after").alias("after"),
    )


def _names(wanted: Table) -> list[str]:
    return ["year", *[name for name in wanted.key if name != "year"]]


def _key(wanted: Table) -> list[pl.Expr]:
    return [_compared(name, wanted) for name in _names(wanted)]


def _comparable(rows: pl.DataFrame, wanted: Table) -> pl.DataFrame:
    """Return rows with the names of classes as they are compared."""
    return rows.with_columns(classes.alike(rows)) if "class" in wanted.key and rows.height else rows


def _may_be(rows: pl.DataFrame, wanted: Table) -> bool:
    """Tell whether keys may be shared: where a part of the key is never the same, the whole is not."""
    return rows.height not in rows.select(name.n_unique() for name in _key(wanted)).row(0)


def _compared(name: str, wanted: Table) -> pl.Expr:
    """Return a column as rows are compared by it: text in one width and without spaces."""
    column = wanted.columns.get(name)
    return normal(pl.col(name)) if column and column.kind == "text" else pl.col(name)
