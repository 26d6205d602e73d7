"""Which school is which: codes that a spreadsheet damaged, codes and names that changed over the years.

What people know stands in identity.yml in the folder of raw statistics, a list of entries:

    - {kind: county, old: "990100", new: "990101", year: 2021, note: 撤县设区}
    - {kind: code, county: "990101", old: "9901010007", new: "9901010107", year: 2023}
    - {kind: renamed, county: "990101", school: "9901010005", year: 2022}
    - {kind: merged, county: "990101", old: ["9901010011", "9901010012"], new: "9901010005", year: 2022}
    - {kind: split, county: "990101", old: "9901010013", new: ["9901010013", "9901010098"], year: 2023}
    - {kind: closed, county: "990101", school: "9901010014", year: 2022}

`code` moves a school's earlier rows to its new code; `county` is applied by analysis.sources; the others explain what
the checks between years would ask about. Without an entry nothing is joined: a likely match is told with its certainty.
"""

import difflib
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from analysis.clean.checks import checks
from analysis.clean.failed_cells import Parsed, normal
from analysis.registered import decided_identities

KINDS = ("county", "code", "renamed", "merged", "split", "closed")


@dataclass(frozen=True)
class Change:
    """One entry of identity.yml: what happened to which codes, from which year on."""

    kind: str
    county: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    year: int


def load(folder: Path, county: str) -> list[Change]:
    """Return a county's entries; DataError names what can't be understood."""
    changes = map(_change, decided_identities(folder, county))
    return [change for change in changes if change.county == county]


def _change(entry: dict[str, Any]) -> Change:
    school = entry.get("school")
    old, new = _codes(entry.get("old", school)), _codes(entry.get("new", school))
    return Change(
        entry["kind"], str(entry["new"] if entry["kind"] == "county" else entry["county"]), old, new, int(entry["year"])
    )


def _codes(value: Any) -> tuple[str, ...]:
    return tuple(str(code) for code in (value if isinstance(value, list) else [value]) if code is not None)


def moved(rows: pl.DataFrame, changes: list[Change]) -> pl.DataFrame:
    """Return rows with the codes of earlier years replaced by those that follow them."""
    if "school" not in rows.columns:
        return rows
    for change in sorted((change for change in changes if change.kind == "code"), key=lambda change: change.year):
        earlier = (pl.col("school") == change.old[0]) & (pl.col("year") < change.year)
        rows = rows.with_columns(pl.when(earlier).then(pl.lit(change.new[0])).otherwise("school").alias("school"))
    return rows


def certain_codes(schools: pl.DataFrame) -> pl.DataFrame:
    """Return columns name, school: the names that mean one school only, over all years.

    Codes that differ in leading zeros alone are one code, the longest.
    """
    named = schools.filter(pl.col("school").is_not_null() & pl.col("name").is_not_null())
    named = named.select(
        normal(pl.col("name")).alias("name"), "school", pl.col("school").str.strip_chars_start("0").alias("core")
    )
    longest = named.sort(pl.col("school").str.len_chars(), descending=True).unique(["name", "core"], keep="first")
    return longest.filter(pl.col("core").n_unique().over("name") == 1).select("name", "school").sort("name")


def recovered(parsed: Parsed, raw: pl.Series, names: pl.Series, known: pl.DataFrame) -> Parsed:
    """Return codes with those recovered that lost digits (5.10E+11) or leading zeros, where the name makes it certain:

    the name means one school, and what is left of the code agrees with that school's code.
    """
    frame = pl.DataFrame(
        [parsed.values.alias("value"), *(parsed.dense(name).alias(name) for name in ("broken", "mended"))]
    )
    frame = frame.with_columns(raw.alias("raw"))
    frame = frame.with_columns(names.alias("name")).with_columns(normal(pl.col("name")).alias("name"))
    frame = frame.join(known, on="name", how="left", maintain_order="left")
    text, code = normal(pl.col("raw")).str.to_uppercase(), pl.col("school")
    mantissa = text.str.extract(r"^(\d(?:\.\d+)?)E", 1)
    places = (mantissa.str.len_chars().cast(pl.Int64) - 2).clip(0)
    power = text.str.extract(r"E\+?(\d+)$", 1).cast(pl.Int64, strict=False)
    shown = code.cast(pl.Float64, strict=False) / 10.0 ** power.cast(pl.Float64)
    close = (shown - mantissa.cast(pl.Float64, strict=False)).abs() <= 0.5 * 10.0 ** -places.cast(pl.Float64) + 1e-12
    lost = (pl.col("broken") == "code_damaged") & close & (code.str.len_chars() == power + 1)
    short = (code.str.len_chars() > pl.col("value").str.len_chars()) & (
        code.str.strip_chars_start("0") == pl.col("value").str.strip_chars_start("0")
    )
    certain = (lost.fill_null(False) | short.fill_null(False)).alias("certain")
    frame = frame.with_columns(certain).with_columns(
        pl.when("certain").then("school").otherwise("value").alias("value"),
        pl.when("certain").then(None).otherwise("broken").alias("broken"),
        pl.when("certain").then(pl.lit("code_recovered")).otherwise("mended").alias("mended"),
    )
    odd = frame.with_row_index("place").select("place", "broken", "mended")
    return Parsed(frame["value"], odd.filter(pl.col("broken").is_not_null() | pl.col("mended").is_not_null()))


def questions(schools: pl.DataFrame, changes: list[Change]) -> pl.DataFrame:
    """Return what the years leave open, one row per school row in question.

    Columns file, sheet, row, rule, before, after: `name_changed` where a code bears another name than the year before;
    `code_changed` where a new code bears the name, or nearly, of one that ended; `after` shows the certainty.
    """
    declared = {(change.kind, code, change.year) for change in changes for code in (*change.old, *change.new)}
    question_rows = []
    years = schools["year"].unique().sort().to_list()
    if len(years) < 2:  # the first year of all asks nothing
        return (
            schools.clear()
            .select("file", "sheet", "row")
            .with_columns(pl.lit(None, pl.String).alias(name) for name in ("rule", "before", "after"))
        )
    rows = schools.select("year", "school", "name").with_row_index("place").unique(["year", "school"], keep="last")
    last = rows.with_columns(pl.col("year").replace_strict(dict(pairwise(years)), default=None, return_dtype=pl.Int32))
    key = ["year", "school"]
    both = rows.filter(pl.col("year") != years[0])
    both = both.join(last.select(*key, before="name", known=True), on=key, how="left")
    asked = both.filter(pl.col("name").ne_missing(pl.col("before")) | pl.col("known").is_null()).sort("year", "place")
    fresh = asked.filter(pl.col("known").is_null())["year"].unique().to_list()
    gone: dict[int, dict[str, str]] = {year: {} for year in years}
    if fresh:
        ended = last.filter(pl.col("year").is_in(fresh)).join(rows, on=key, how="anti")
        for year, code, name in ended.select(*key, "name").iter_rows():
            gone[year] |= {code: name} if name else {}
    for place, year, code, name, before in asked.select("place", *key, "name", "before").iter_rows():
        question = _question(code, name, before, gone[year], declared, year)
        if question:
            question_rows.append((place, *question))
    schema = {"place": pl.UInt32, **dict.fromkeys(("rule", "before", "after"), pl.String)}
    asked = pl.DataFrame(question_rows, schema=schema, orient="row")
    return schools[asked["place"]].select("file", "sheet", "row").hstack(asked.drop("place"))


def _question(
    code: str,
    name: str | None,
    before: str | None,
    gone: dict[str, str],
    declared: set[tuple[str, str, int]],
    year: int,
) -> tuple[str, str, str] | None:
    """Return rule, before and after where a school's name does not follow from the year before."""
    if not name or name == before:
        return None
    if before is not None:
        if _plain(before) == _plain(name) or ("renamed", code, year) in declared:
            return None
        return "name_changed", before, f"{name} ({_like(before, name):.0%})"
    if not gone or any((kind, code, year) in declared for kind in KINDS):
        return None
    near = max(gone, key=lambda likeness: (_like(gone[likeness], name), likeness))
    like = _like(gone[near], name)
    if like < checks()["code_changed"].like:
        return None
    return "code_changed", f"{near} {gone[near]}", f"{code} {name} ({like:.0%})"


def _plain(name: str) -> str:
    """Return a name as it is compared: one width of brackets and digits, no spaces."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def _like(name: str, other: str) -> float:
    return difflib.SequenceMatcher(None, _plain(name), _plain(other)).ratio()
