"""Names of classes and rooms that may stand for several: 7、8班, 1-2班; one grade's may be 1-1, 1-2 and so on."""

import polars as pl

from analysis.clean.failed_cells import Parsed, barred, normal
from analysis.clean.records import PLACE
from analysis.read.fields import grade_names
from analysis.read.numbering import HAN

#: What tells of a cell that its row may stand for several classes.
RULE = "several_in_one"
_NUMBER = r"(?:[0-9]{1,4}|[一二三四五六七八九十]{1,2})"
_GRADE = r"(?:[一二三四五六七八九1-9]年级|初[一二三])?"
_ONE = rf"[(（]?{_NUMBER}[)）]?班?"
_LISTED = rf"{_GRADE}{_ONE}(?:[、，,和及与＋+&]{_ONE})+"
_SPANNED = rf"{_GRADE}[(（]?({_NUMBER})[)）]?班?[-—–~～至到/][(（]?({_NUMBER})[)）]?班?"
#: So many, at most, are written in one row: 3-201 is a room of the third building.
_MOST = 20
#: A name that begins with its grade: 一年级（1）班, 初二3班.
_GRADED = r"^\s*(初|高)?中?(?:([一二三四五六七八九])(?:年级|[(（]|\d)|([1-9])(?:年级|[(（]))"
#: Of a text that has neither the first character says so.
SEVERAL = rf"^(?:{_LISTED}|{_SPANNED})$"

#: The name of a class by its number alone, and one that begins with its grade.
_ALONE = rf"^[(]?({_NUMBER})[)]?班?$"
_OF_GRADE = r"^([一二三四五六七八九1-9])(?:年级|[(])(.+)$"
#: What a name has that is no total's: a number, a letter, 甲.
_NUMBERED = r"[0-9０-９一二三四五六七八九十甲乙丙丁戊己庚辛壬癸A-Za-zＡ-Ｚ①-⑳]"
#: A row that is the sum of so few others may be so by chance.
_ADDENDS = 2


def sure(parsed: Parsed, text: pl.Series, beside: list[pl.Series]) -> Parsed:
    """Return names without those of several; `beside` are the texts of the columns within which they number things.

    7、8班 is two classes. So is 1-2班, but where all such names of a school and grade, several, begin with the
    same number: 1-1班, 1-2班.
    """
    marked = parsed.odd["mended"] == RULE
    if not marked.any():
        return parsed
    places = parsed.odd.filter(marked)["place"]
    numbered = pl.DataFrame({"place": places, "text": text.gather(places).str.strip_chars()}).with_columns(
        series.gather(places).alias(f"of {number}") for number, series in enumerate(beside)
    )
    begin, end = (_number(pl.col("text").str.extract(f"^{_SPANNED}$", part)) for part in (1, 2))
    of = [pl.col(f"of {number}") for number in range(len(beside))]
    numbered = numbered.with_columns(begin=begin, end=end)
    alike = (pl.len() > 1) & (pl.col("begin").n_unique() == 1)
    falls = (pl.col("begin") >= pl.col("end")) | (pl.col("end") - pl.col("begin") > _MOST)
    named = pl.col("begin").is_not_null() & (falls | (alike.over(of) if of else alike))
    several = numbered.filter(~named)["place"]
    said = None if parsed.texts is None else parsed.texts.filter(~marked)
    return barred(Parsed(parsed.values, parsed.odd.filter(~marked), said), several, RULE)


def of_other_grades(rows: pl.DataFrame) -> pl.DataFrame:
    """Return classes (FOUND) whose name tells another grade than their row: 一年级（1）班 in grade 2.

    A school of one stage may count its grades from one: 一年级 is grade 7 too, and 10. Where primary school has five
    grades 初一 is grade 6.
    """
    stage, *digits = (pl.col("class").str.extract(_GRADED, part) for part in (1, 2, 3))
    named = rows.select(*PLACE, "grade", "class").with_columns(named=_number(pl.coalesce(digits)), stage=stage)
    named = named.drop_nulls("named")
    names = grade_names()
    after = {begins: names[begins].after for begins in ("初", "高")}
    first = pl.col("stage").replace_strict(after, default=0, return_dtype=pl.Int64)
    of_stage = names["初"].grades
    low = (first == 0) & (pl.col("named") <= of_stage)
    fits = pl.col("grade") == pl.col("named") + first
    fits |= (pl.col("stage") == "初").fill_null(value=False) & (pl.col("grade") == pl.col("named") + first - 1)
    above = pl.col("grade") > names["小学"].last
    fits |= low & above & ((pl.col("grade") - 1) % of_stage + 1 == pl.col("named"))
    return named.filter(~fits).select(
        pl.lit("classes").alias("table"),
        *PLACE,
        pl.lit("class").alias("column"),
        pl.lit("class_of_other_grade").alias("rule"),
        pl.col("class").alias("before"),
        pl.col("grade").cast(pl.String).alias("after"),
    )


def sums_others(rows: pl.DataFrame) -> pl.Series:
    """Return the places of rows (UInt32) without a number in their name, and with the pupils of all other classes of
    their school and grade: hardly a class."""
    grade = ["year", "school", "grade"]
    nameless = rows.with_row_index("place").filter(~pl.col("class").str.contains(_NUMBERED).fill_null(value=True))
    if nameless.is_empty():
        return nameless["place"]
    sums = rows.join(nameless.select(grade), on=grade, how="semi")
    sums = sums.group_by(grade).agg(pl.len(), pl.col("pupils").sum().alias("all"))
    several = (pl.col("len") > _ADDENDS) & (2 * pl.col("pupils") == pl.col("all"))
    return nameless.join(sums, on=grade, maintain_order="left").filter(several)["place"]


def alike(rows: pl.DataFrame) -> pl.Series:
    """Return the names of classes as they are compared: 1班, (1)班, 一班, 01 are 1, and so is 一年级1班 in grade 1."""
    read = pl.DataFrame({"class": rows["class"].unique()}).with_columns(normal=normal(pl.col("class")))
    of, rest = (pl.col("normal").str.extract(_OF_GRADE, part) for part in (1, 2))
    bare = pl.coalesce(rest, "normal")
    read = read.with_columns(of=_number(of), number=_number(bare.str.extract(_ALONE, 1)).cast(pl.String))
    known = rows.select("class", "grade").join(read, on="class", how="left", maintain_order="left", nulls_equal=True)
    own = pl.col("of").is_null() | (pl.col("of") == pl.col("grade"))
    return known.select(pl.coalesce(pl.when(own).then("number"), "normal")).to_series().alias("class")


def _number(text: pl.Expr) -> pl.Expr:
    """Return a number up to 20 in digits of either kind."""
    words = {han: number for number, han in enumerate(HAN)} | {
        f"十{HAN[number]}": 10 + number for number in range(1, 10)
    }
    return text.cast(pl.Int64, strict=False).fill_null(text.replace_strict(words, default=None, return_dtype=pl.Int64))
