"""What the texts of a row say of it in a table of one's own: a total, a year, one school under two spellings."""

import re
from collections.abc import Iterable

import polars as pl

from analysis.read import row_words
from analysis.read.fields import table
from analysis.read.header_names import plain

#: What a row is called that is none of the schools'.
_NO_SCHOOL = ("totals", "summaries", "foreign_totals")
#: A column more of whose rows than this say the same total tells a kind of table, and no row apart from others.
_MOST = 0.5
#: Of fewer rows without a text none is said to go on from the row above.
_BLANK = 2


def totals(texts: pl.Series) -> pl.Series:
    """Tell which texts say that their row is a total or a mean."""
    are_totals = pl.repeat(value=False, n=len(texts), dtype=pl.Boolean, eager=True)
    likely = texts.str.contains_any(row_words.marks(), ascii_case_insensitive=True).fill_null(value=False).arg_true()
    if not len(likely):
        return are_totals
    spaced = texts.gather(likely).str.normalize("NFKC").str.strip_chars().str.replace_all(r"\s+", " ")
    spaced = spaced.str.to_lowercase()
    said = spaced.str.replace_all(" ", "", literal=True).str.contains(row_words.pattern(*_NO_SCHOOL))
    said |= spaced.str.contains(row_words.pattern("foreign_totals_of"))
    return are_totals.scatter(likely.filter(said), True)


def first_total(rows: pl.LazyFrame, names: Iterable[str]) -> pl.LazyFrame:
    """Return, a column each, the place of the first row that says total in one of these columns, else null."""
    flags = {name: pl.col(name).map_batches(totals, return_dtype=pl.Boolean, is_elementwise=True) for name in names}
    flagged = rows.with_columns(flag.alias(f"{name} says") for name, flag in flags.items())
    said = {name: pl.col(f"{name} says") for name in flags}
    return flagged.select(
        pl.when(flag.any() & ((flag.mean() <= _MOST) | (pl.col(name).filter(flag).n_unique() > 1)))
        .then(flag.arg_true().first())
        .alias(name)
        for name, flag in said.items()
    )


def is_year(name: str) -> bool:
    """Tell whether a header names the year that a row is of."""
    return plain(name) in row_words.headers("year_columns") | row_words.headers("foreign_year_columns")


def is_subject(name: str) -> bool:
    """Tell whether a header names the subject that a score is of."""
    headers = table("scores").columns["subject"].headers
    return plain(name) in row_words.headers("subject_columns") | set(map(plain, headers))


def is_per_head(name: str) -> bool:
    """Tell whether a header says that its amounts are so much a head, and no whole of a school."""
    words = re.sub(r"[\s_-]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)).lower()
    latin = "|".join(map(re.escape, row_words.listed("foreign_per_head")))
    return any(word in name for word in row_words.listed("per_head")) or bool(re.search(rf"\b(?:{latin})\b", words))


def is_school(name: str) -> bool:
    """Tell whether a header surely names a school's code or name."""
    columns = table("schools").columns
    headers = (*columns["school"].headers, *columns["name"].headers)
    return plain(name) in row_words.headers("school_columns") | set(map(plain, headers))


def is_identity(name: str) -> bool:
    """Tell whether a header names a school's code or name."""
    return is_school(name) or plain(name) in row_words.headers("identity_columns")


def pupil_columns(names: Iterable[str], kind: str = "pupil_columns") -> list[str]:
    """Return the headers that tell pupils apart; `kind` is a list of row_words.yml."""
    return [name for name in names if plain(name) in row_words.headers(kind)]


def is_filled_down(texts: pl.Series) -> bool:
    """Tell whether texts stand in the first row of a group alone: most are followed by rows without, then by another.

    What is missing here and there lies within a group, or follows few of them.
    """
    texts = texts.fill_null("")
    blank = texts == ""
    if blank.sum() < _BLANK or blank.all():
        return False
    run = (texts != texts.shift()).fill_null(value=True).cum_sum()
    runs = pl.DataFrame({"text": texts, "blank": blank, "run": run})
    runs = runs.group_by("run", maintain_order=True).agg(pl.len(), pl.col("text", "blank").first())
    alone = ~pl.col("blank") & (pl.col("len") == 1) & pl.col("blank").shift(-1).fill_null(value=False)
    another = (pl.col("text").shift(-2) != pl.col("text")).fill_null(value=True)
    followed = runs.select((alone & another).sum()).item()
    return bool(2 * followed > (~blank).sum())


def one_spelling(rows: pl.DataFrame, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return, for columns with texts that differ in width, spaces or a .0 alone, what each is called first.

    A space between two figures tells them apart: 第1 1班 is not 第11班. A whole number may bear .0 where a program took
    codes for numbers: 1.0 is 1.
    """
    spellings: dict[str, dict[str, str]] = {}
    for name in names:
        if rows.schema[name] != pl.String:
            continue
        texts = rows[name].drop_nulls().unique(maintain_order=True).alias("text").to_frame()
        normal = pl.col("text").str.normalize("NFKC").str.replace_all(r"(\d)\s+(\d)", "$1\u0001$2")
        normal = normal.str.replace_all(r"\s+", "").str.replace(r"^(\d+)\.0+$", "$1")
        texts = texts.with_columns(normal.alias("normal")).filter(pl.col("normal") != "")
        if texts["normal"].n_unique() == texts.height:
            continue
        first = texts.with_columns(pl.col("text").first().over("normal").alias("first"))
        spellings[name] = dict(first.filter(pl.col("first") != pl.col("text")).select("text", "first").rows())
    return spellings


def damaged(codes: pl.Series) -> list[str]:
    """Return the texts that were codes before a spreadsheet took them for numbers: 5.1E+17."""
    if codes.dtype != pl.String:
        return []
    return codes.filter(codes.str.contains(r"^\s*\d+(?:[.,]\d+)?[eE]\+\d+\s*$")).to_list()


def no_names(names: pl.Series) -> list[str]:
    """Return the texts that are no name of anything: -, /, ..."""
    if names.dtype != pl.String:
        return []
    return names.filter(names.str.contains(r"^[^\p{L}\p{N}]+$")).unique(maintain_order=True).to_list()


def perhaps_none(names: pl.Series) -> list[str]:
    """Return the texts by which programs and people say that there is none, which may be a code: NA, NULL, 未知."""
    if names.dtype != pl.String:
        return []
    return [
        name for name in names.drop_nulls().unique(maintain_order=True) if plain(name) in row_words.headers("unnamed")
    ]


def alike_letters(rows: pl.DataFrame, names: Iterable[str]) -> dict[str, tuple[str, str, int]]:
    """Return, for columns with texts that differ in capitals alone (s1, S1), the first two and how many there are."""
    alike: dict[str, tuple[str, str, int]] = {}
    for name in names:
        if rows.schema[name] != pl.String:
            continue
        texts = rows[name].drop_nulls().unique(maintain_order=True).alias("text").to_frame()
        texts = texts.with_columns(pl.col("text").str.to_lowercase().alias("low"))
        several = texts.filter(pl.len().over("low") > 1)
        if several.height:
            pair = several.filter(pl.col("low") == several["low"][0])["text"]
            alike[name] = pair[0], pair[1], several["low"].n_unique()
    return alike


def alike_numbers(rows: pl.DataFrame, names: Iterable[str]) -> dict[str, tuple[str, str, int]]:
    """Return, for columns with texts that are the same number with and without zeros before it (1, 001), the first two
    and how many there are."""
    alike: dict[str, tuple[str, str, int]] = {}
    for name in names:
        if rows.schema[name] != pl.String:
            continue
        texts = rows[name].drop_nulls().unique(maintain_order=True).alias("text").to_frame()
        bare = texts.filter(pl.col("text").str.contains(r"^\d+$")).with_columns(
            pl.col("text").str.strip_chars_start("0").alias("bare")
        )
        several = bare.filter(pl.len().over("bare") > 1)
        if several.height:
            pair = several.filter(pl.col("bare") == several["bare"][0])["text"]
            alike[name] = pair[0], pair[1], several["bare"].n_unique()
    return alike
