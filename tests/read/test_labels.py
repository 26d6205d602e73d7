"""What texts say of a row: totals by any name, years, and one name in two spellings."""

import polars as pl
import pytest

from analysis.read import labels

TOTALS = [
    "合计",
    "全县合计",
    "全县合计：",
    "甲镇小计",
    "合计（4所）",
    "汇总",
    "全县",
    "全市",
    "共4所",
    "共12所学校",
    "总共4所",
    "平均",
    "平均分",
    "平均值",
    "全县平均",
    "校均",
    "其中：女",
    "Total",
    "TOTAL:",
    "subtotal",
    "mean",
    "Average",
    "合計",
    "ＴＯＴＡＬ合计",
    "总 计",
    "全 县",
    "Sub total",
    "grand total",
    "极差",
    "变异系数",
    "标准误",
    "去年",
    "标准值（0.65）",
    "Max",
    "North average",
    "School A - Total",
    "A小学: mean",
    "Total of North",
    "Mean for all",
]
SCHOOLS = [
    "全南县第一小学",
    "共青城小学",
    "会计学校",
    "均安小学",
    "总校",
    "全县第一小学",
    "汇文中学",
    "平均镇小学",
    "合计小学",
    "共和4所村小学",
    "Totalschool",
    "Summit",
    "1",
    "县1",
    "红岩寄宿",
    "上年新建",
    "最大的学校",
    "SE",
    "CV",
    "Meanwood Primary",
    "Allen School",
    "Yasmin",
    "La Grange",
    "Total Learning Academy",
    "",
]


@pytest.mark.parametrize("text", TOTALS)
def test_totals_and_means_by_their_names(text: str) -> None:
    assert labels.totals(pl.Series([text, None])).to_list() == [True, False]


@pytest.mark.parametrize("text", SCHOOLS)
def test_schools_are_no_totals(text: str) -> None:
    assert labels.totals(pl.Series([None, text])).to_list() == [False, False]


@pytest.mark.parametrize("texts", [["男", "女"], ["寄宿", "走读", "寄宿"], ["SE", "NO", "DK"], ["", "上年新建", ""]])
def test_what_pupils_schools_and_countries_are_is_no_total(texts: list[str]) -> None:
    assert labels.first_total(pl.LazyFrame({"kind": texts}), ["kind"]).collect().item() is None


@pytest.mark.parametrize(
    ("level", "place"),
    [(["全县"] * 3, None), (["a", "全县", "b"], 1), (["全县", "a", "b"], 0), (["a", "合计", "平均", "小计"], 1)],
)
def test_a_column_that_says_the_same_of_most_rows_tells_none_apart(level: list[str], place: int | None) -> None:
    assert labels.first_total(pl.LazyFrame({"level": level}), ["level"]).collect().item() == place


@pytest.mark.parametrize(
    ("header", "year"), [("年度", True), ("学年", True), ("Year", True), ("年级", False), ("建校年份", False)]
)
def test_columns_of_years(header: str, year: bool) -> None:
    assert labels.is_year(header) == year


@pytest.mark.parametrize(
    ("texts", "are_damaged"),
    [(["5.1E+09", "b"], 1), (["5,1e+9"], 1), (["51E+17 "], 1), (["1E10", "E+5", "a5E+3"], 0), ([None, ""], 0)],
)
def test_codes_in_scientific_notation_are_damaged(texts: list[str | None], are_damaged: int) -> None:
    assert len(labels.damaged(pl.Series(texts, dtype=pl.String))) == are_damaged


def test_names_in_two_spellings_have_the_first() -> None:
    rows = pl.DataFrame({"s": ["学校1", "学校 1", "学校１", "学校2", None, ""], "n": [1, 2, 3, 4, 5, 6]})
    assert labels.one_spelling(rows, ["s", "n"]) == {"s": {"学校 1": "学校1", "学校１": "学校1"}}


@pytest.mark.parametrize(
    ("one", "other"), [("第1 1班", "第11班"), ("学校1", "学校2"), ("a", "A"), ("第一小学", "第一小學")]
)
def test_names_that_differ_otherwise_are_two(one: str, other: str) -> None:
    assert labels.one_spelling(pl.DataFrame({"s": [one, other]}), ["s"]) == {}
