import re
from itertools import product

import polars as pl
import pytest

from analysis.clean import cell_numbers, typed_cells
from analysis.clean.failed_cells import BLANKS
from analysis.read.fields import Column, Unit, table, tables, units

BOOKS = table("schools").columns["books"]
MONEY = table("schools").columns["equipment_value"]
LAND = table("schools").columns["land_area"]
RATE = table("monitoring").columns["rate"]
SCORE = table("scores").columns["score"]
CODE = table("schools").columns["school"]
KIND = table("schools").columns["school_type"]
BUILT = table("schools").columns["built"]
GRADE = table("classes").columns["grade"]
LEVEL = table("monitoring").columns["level"]
YEAR = table("monitoring").columns["year"]
ITEM = table("government").columns["value"]
NAME = table("schools").columns["name"]


def one(text: str | None, column: Column, unit: Unit | None = None) -> tuple[object, str | None]:
    parsed = typed_cells.parse(pl.Series([text, None], dtype=pl.String), column, unit)
    assert parsed.values[1] is None
    return parsed.values[0], parsed.dense("broken")[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("23226", 23226),
        ("23226.0", 23226),
        (" 23226 ", 23226),
        ("２３２２６", 23226),
        ("23,226", 23226),
        ("2３，226", 23226),
        ("1,123,226", 1123226),
        ("1.123.226", 1123226),
        ("1'123'226", 1123226),
        ("23 226", 23226),
        ("'23226", 23226),
        ("23226册", 23226),
        ("2.3226万册", 23226),
        ("+5", 5),
        ("0", 0),
    ],
)
def test_a_count_is_read_however_it_is_written(text: str, value: int) -> None:
    assert one(text, BOOKS) == (value, None)


def test_of_capitals_and_digits_only_powers_of_ten_are_no_codes() -> None:
    texts = ["".join(signs) for size in range(1, 6) for signs in product("01EA", repeat=size)]
    powers = [re.fullmatch(r"[0-9]E[0-9]+", text) is not None for text in texts]
    (parsed,) = typed_cells.parse_columns([pl.Series(texts)], [typed_cells.Shape(CODE)])
    for found in (parsed, typed_cells.parse(pl.Series(texts), CODE)):
        assert found.values.to_list() == [None if power else text for text, power in zip(texts, powers, strict=True)]
        assert found.dense("broken").to_list() == ["code_damaged" if power else None for power in powers]


@pytest.mark.parametrize(
    "column", [BOOKS, MONEY, RATE, CODE, KIND, BUILT, GRADE, LEVEL, NAME], ids=lambda one: one.kind
)
def test_what_stands_for_nothing_is_missing_not_zero(column: Column) -> None:
    texts = [*BLANKS, "  ", "\u3000", " — ", "－", "／"]
    assert {text: told for text in texts if (told := one(text, column)) != (None, None)} == {}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("约300", "text_in_number"),
        ("3OO", "text_in_number"),
        ("23,22", "text_in_number"),
        ("1,2345", "text_in_number"),
        ("十二", "text_in_number"),
        ("300元", "text_in_number"),
        ("12%", "text_in_number"),
        ("nan5", "text_in_number"),
        ("inf", "text_in_number"),
        ("1e999", "text_in_number"),
        ("#DIV/0!", "formula"),
        ("=A1+1", "formula"),
        ("-1", "negative"),
        ("(1,234)", "negative"),
        ("（12）", "negative"),
        ("12.5", "not_whole"),
        (str(2**53), "text_in_number"),
        ("999,999,999,999,999,999,999", "text_in_number"),
        ("1e21", "text_in_number"),
    ],
)
def test_a_count_that_is_none_is_not_guessed(text: str, rule: str) -> None:
    assert one(text, BOOKS) == (None, rule)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1.1", "万元", 11000.0),
        ("1234.5678", "万元", 12345678.0),
        ("1.5", "千元", 1500.0),
        ("30元", "万元", 30.0),
        ("3万元", None, 30000.0),
        ("1.234,5", None, 1234.5),
        ("1,234.5", "万元", 12345000.0),
    ],
)
def test_money_comes_in_yuan(text: str, unit: str | None, value: float) -> None:
    assert one(text, MONEY, units()[unit] if unit else None) == (value, None)


def test_land_in_mu_and_hectares() -> None:
    assert one("3", LAND, units()["亩"])[0] == pytest.approx(2000)
    assert one("0.5", LAND, units()["公顷"]) == (5000.0, None)


@pytest.mark.parametrize(
    ("text", "percent", "value"),
    [
        ("0.1496", False, 0.1496),
        ("14.96%", False, 0.1496),
        ("14.96％", True, 0.1496),
        ("14.96", True, 0.1496),
        ("15", True, 0.15),
        ("85.3", True, 0.853),
        ("0", False, 0.0),
        ("1", False, 1.0),
        ("100", True, 1.0),
    ],
)
def test_a_share_is_a_fraction_of_one(text: str, percent: bool, value: float) -> None:
    assert one(text, RATE, units()["%"] if percent else None) == (value, None)


def test_a_share_above_one_without_percent_is_not_guessed() -> None:
    assert one("14.96", RATE) == (None, "share_above_one")
    assert one("101", RATE, units()["%"]) == (None, "share_above_one")
    assert one("-0.1", RATE) == (None, "negative")


@pytest.mark.parametrize(
    ("text", "value", "mended"),
    [
        ("96.5%", 0.965, None),
        ("９６.５％", 0.965, "number_written"),
        ("100%", 1.0, None),
        ("90.8%", 0.908, None),
        ("96.5", 96.5, None),
        ("0.965", 0.965, None),
        ("6,000", 6000.0, "number_written"),
    ],
)
def test_an_item_may_be_written_in_percent(text: str, value: float, mended: str | None) -> None:
    parsed = typed_cells.parse(pl.Series([text]), ITEM)
    assert (parsed.values[0], parsed.dense("broken")[0], parsed.dense("mended")[0]) == (value, None, mended)


def test_what_is_written_in_percent_is_no_score() -> None:
    assert one("96.5%", SCORE) == (None, "text_in_number")
    assert one("96.5%%", ITEM) == (None, "text_in_number")


def test_a_unit_of_another_kind_does_not_scale() -> None:
    assert one("3", BOOKS, units()["万元"]) == (3, None)


def test_a_score_may_be_negative() -> None:
    assert one("(1.5)", SCORE) == (-1.5, None)
    assert one("-1.5", SCORE) == (-1.5, None)


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("9901010001", "9901010001", None),
        ("9901010001.0", "9901010001", None),
        ("0012", "0012", None),
        ("９９０１", "9901", None),
        ("'9901010001", "9901010001", None),
        ("ab12", "AB12", None),
        ("5.10E+11", None, "code_damaged"),
        ("5E+11", None, "code_damaged"),
        ("第一小学", None, "code_unreadable"),
        ("#N/A", None, "formula"),
    ],
)
def test_codes_stay_text(text: str, value: str | None, rule: str | None) -> None:
    assert one(text, CODE) == (value, rule)


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("九年一贯制学校", "nine_year", None),
        ("九年一贯制", "nine_year", None),
        (" 完全 小学", "primary", None),
        ("primary", "primary", None),
        ("幼儿园", None, "choice_unknown"),
    ],
)
def test_choices(text: str, value: str | None, rule: str | None) -> None:
    assert one(text, KIND) == (value, rule)


@pytest.mark.parametrize(
    "text",
    ["2018-09", "2018.9", "2018.09", "2018/9", "2018年9月", "2018年09月", "201809", "2018-9-1", "2018-09-01 00:00:00",
     "2018年9月1日", "43344", "２０１８年９月", "2018.9.30"],
)  # fmt: skip
def test_months(text: str) -> None:
    assert one(text, BUILT) == ("2018-09", None)


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("2018.10", "2018-10", None),
        ("2018.1", None, "month_uncertain"),
        ("2018-1", "2018-01", None),
        ("2018.11", "2018-11", None),
        ("2018", None, "month_missing"),
        ("1984.0", None, "month_missing"),
        ("2018.13", None, "date_unreadable"),
        ("2018年", None, "month_missing"),
        ("2018年9月①", "2018-09", None),
        ("2018.1¹", None, "month_uncertain"),
        ("9月", None, "date_unreadable"),
        ("43344.5", "2018-09", None),
    ],
)
def test_a_month_is_never_guessed(text: str, value: str | None, rule: str | None) -> None:
    assert one(text, BUILT) == (value, rule)


@pytest.mark.parametrize(
    ("text", "value"),
    [("8", 8), ("八年级", 8), ("初二", 8), ("8年级", 8), ("八", 8), ("４", 4), ("小学四年级", 4), ("高三", 12),
     ("4.0", 4), ("4.00", 4), ("初中二年级", 8), ("十二年级", 12)],
)  # fmt: skip
def test_grades(text: str, value: int) -> None:
    assert one(text, GRADE) == (value, None)


@pytest.mark.parametrize("text", ["0", "13", "初四", "小学八年级", "大班", "4.5"])
def test_what_is_no_grade(text: str) -> None:
    assert one(text, GRADE) == (None, "grade_unreadable")


@pytest.mark.parametrize(
    "text", ["Ⅲ", "III", "iii", "3", "3级", "Ⅲ级", "三级", "水平Ⅲ", "３", "Level 3", "3.0", "3.00"]
)
def test_levels_in_every_form(text: str) -> None:
    assert one(text, LEVEL) == (3, None)


@pytest.mark.parametrize("text", ["0", "9", "IIII", "优秀", "3.5"])
def test_what_is_no_level(text: str) -> None:
    assert one(text, LEVEL) == (None, "level_unreadable")


def test_years() -> None:
    assert one("2024年", YEAR) == (2024, None)
    assert one("2024", YEAR) == (2024, None)
    assert one("24", YEAR) == (None, "year_unreadable")


def test_only_odd_cells_are_told_as_mended() -> None:
    raw = pl.Series(["1", "１", "—", "1,000", None])
    assert typed_cells.parse(raw, BOOKS).dense("mended").to_list() == [
        None,
        "number_written",
        "blank_mark",
        "number_written",
        None,
    ]
    assert typed_cells.parse(pl.Series(["2018年9月", "２０１８年9月"]), BUILT).dense("mended").to_list() == [
        None,
        "date_written",
    ]
    assert typed_cells.parse(pl.Series(["Ⅲ", "III"]), LEVEL).odd.is_empty()


WRITTEN = [
    *[
        "0",
        "7",
        "12",
        "9.5",
        "85.3%",
        "0.85",
        "-3",
        "1,234",
        "１２",
        "—",
        "",
        "  ",
        "nan",
        "inf",
        "1e3",
        "=A1",
        "#REF!",
    ],
    *[
        "2018-09",
        "2018年9月",
        "2018.1",
        "43344",
        "5.10E+11",
        "510123000001",
        "a1",
        "小学",
        "小 学",
        "城区",
        "第一小学 ",
    ],
    *["八年级", "Ⅲ", "III级", "2024", "2024年", "1.2万元", "3亩", "(5)", "+5", "66.7", "999999999999999999999"],
]
COLUMNS = {f"{told.name}.{name}": column for told in tables().values() for name, column in told.columns.items()}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("styled", [True, False])
@pytest.mark.parametrize("unit", [None, "万元", "亩", "%", "万册"])
def test_columns_read_at_once_are_as_columns_read_alone(unit: str | None, styled: bool) -> None:
    shapes = [typed_cells.Shape(column, units()[unit] if unit else None, styled) for column in COLUMNS.values()]
    texts = [*WRITTEN, None]
    raw = [
        pl.Series(texts[turn:] + texts[:turn], dtype=pl.String) for turn in (n % len(texts) for n in range(len(shapes)))
    ]
    for name, text, shape, found in zip(COLUMNS, raw, shapes, typed_cells.parse_columns(raw, shapes), strict=True):
        alone = typed_cells.parse(text, *shape.arguments())
        assert found.values.to_list() == alone.values.to_list(), name
        assert found.odd.rows() == alone.odd.rows(), name
        assert found.values.dtype == alone.values.dtype


def test_right_cells_are_not_looked_at_closer(monkeypatch: pytest.MonkeyPatch) -> None:
    closer: list[int] = []
    monkeypatch.setattr(typed_cells, "parse", lambda raw, *_: closer.append(len(raw)))
    right = {"count": "12", "amount": "9.5", "code": "5101", "text": "第一小学", "date": "2018-09", "choice": "小学"}
    shapes = [typed_cells.Shape(column) for column in (BOOKS, MONEY, CODE, NAME, BUILT, KIND)]
    typed_cells.parse_columns([pl.Series([right[shape.column.kind], None]) for shape in shapes], shapes)
    assert closer == []


NOTES = [
    "①",
    "¹",
    "²",
    "⁴",
    "*",
    "＊",
    "[1]",
    "［注1］",
    "（注1）",
    "(注)",
    "注2",
    "^1)",
    "⑴",
    "❶",
    "₂",
    "※",
    " ①",
    "①②",
    "*²",
]


@pytest.mark.parametrize("note", NOTES)
def test_a_note_is_never_a_digit(note: str) -> None:
    parsed = typed_cells.parse(pl.Series([f"1234{note}"]), BOOKS)
    assert (parsed.values[0], parsed.dense("mended")[0]) == (1234, "note_mark")
    assert one(f"1,234册{note}", BOOKS) == (1234, None)
    assert one(f"9990010001{note}", CODE) == ("9990010001", None)
    assert one(f"4{note}", GRADE) == (4, None)
    assert one(f"Ⅲ{note}", LEVEL) == (3, None)
    assert one(f"小学{note}", KIND) == ("primary", None)
    assert one(f"96.5%{note}", RATE) == (0.965, None)


@pytest.mark.parametrize("text", ["1234(1)", "1234（2）", "1234^1", "10²", "1.5×10⁴", "12½", "①1234", "1²34", "²", "①"])
def test_what_may_be_more_than_a_note_is_not_guessed(text: str) -> None:
    assert one(text, BOOKS)[0] is None
    assert one(text, MONEY) == (None, "text_in_number")


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("4000㎡", LAND, 4000.0),
        ("4000 m²", LAND, 4000.0),
        ("4000m2", LAND, 4000.0),
        ("4,000 M2", LAND, 4000.0),
        ("4000m^2", LAND, 4000.0),
        ("4000m²①", LAND, 4000.0),
        ("4000平米", LAND, 4000.0),
        ("0.4万平方米", LAND, 4000.0),
        ("0.004 km²", LAND, 4000.0),
        ("12亩", LAND, 8000.0),
        ("1.2公顷", LAND, 12000.0),
        ("3.5万元", MONEY, 35000.0),
        ("0.2百万元", MONEY, 200000.0),
        ("1,500册", BOOKS, 1500),
        ("1.5千册", BOOKS, 1500),
    ],
)
def test_units_in_a_cell(text: str, column: Column, value: float) -> None:
    assert one(text, column)[0] == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["约7000", "7000左右", "6000-7000", "6000~7000", ">5000", "≥5000", "7000余", "7000+", "近7000"]
)
def test_what_is_near_a_number_is_none(text: str) -> None:
    assert one(text, BOOKS) == (None, "text_in_number")


@pytest.mark.parametrize("text", ["500 600", "12 34", "500\n600", "1 2 3", "12\n345"])
def test_two_numbers_in_a_cell_are_not_one(text: str) -> None:
    expected = 500600 if text == "500 600" else None  # as thousands are set apart in print
    assert one(text, BOOKS)[0] == expected


def test_a_code_that_csv_keeps_as_text() -> None:
    assert one('="9990010001"', CODE) == ("9990010001", None)
    assert one('="1234"', BOOKS) == (1234, None)
    assert one('="青溪小学"', NAME) == ("青溪小学", None)
    assert one("=A1+1", NAME) == (None, "formula")
    assert one("#REF!", NAME) == (None, "formula")
    assert one("#1", NAME) == ("#1", None)


@pytest.mark.parametrize("word", ["缺考", " 缺 考 ", "（缺考）", "免考", "缓考", "请假"])
def test_an_absent_pupil_is_no_fault(word: str) -> None:
    parsed = typed_cells.parse(pl.Series([word, "88"]), SCORE)
    assert parsed.values.to_list() == [None, 88.0]
    assert (parsed.dense("broken")[0], parsed.dense("mended")[0]) == (None, "absent_mark")
    assert one(word, BOOKS) == (None, "text_in_number")


@pytest.mark.parametrize(
    ("text", "column", "unit", "value"),
    [
        ("1.5万", BOOKS, None, 15000),
        ("3千", BOOKS, None, 3000),
        ("1.5万", MONEY, None, 15000),
        ("1.5万", MONEY, units()["万元"], None),
        ("1.5万元", MONEY, units()["万元"], 15000),
        ("￥1,700,000.00", MONEY, None, 1_700_000),
        ("¥300", MONEY, None, 300),
        ("RMB 1.5万元", MONEY, None, 15000),
        ("¥170", MONEY, units()["万元"], None),
        ("¥170", BOOKS, None, None),
        ("1.5万", RATE, None, None),
        ("92分", SCORE, None, 92),
        ("92分", BOOKS, None, None),
    ],
)
def test_a_multiple_stands_for_the_unit_of_its_column(
    text: str, column: Column, unit: Unit | None, value: float | None
) -> None:
    assert one(text, column, unit)[0] == value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1.0001", (10_001, None)),
        ("1.00005", (None, "not_whole")),
        ("-0.0001", (None, "negative")),
        # 2^53 - 1 is exact as a float, 2^53 may stand for what is one more.
        ("900719925474.0991", (2**53 - 1, None)),
        ("900719925474.0992", (None, "text_in_number")),
    ],
)
def test_a_count_under_a_header_in_ten_thousands_is_whole_and_exact(
    text: str, found: tuple[int | None, str | None]
) -> None:
    assert one(text, BOOKS, units()["万册"]) == found


def test_the_greatest_count_is_the_last_exact_one() -> None:
    assert one(str(2**53 - 1), BOOKS) == (2**53 - 1, None)
    assert one("9,007,199,254,740,991", BOOKS) == (2**53 - 1, None)
    assert one("9,007,199,254,740,992", BOOKS) == (None, "text_in_number")


@pytest.mark.parametrize(
    ("column", "inside", "outside"),
    [
        (YEAR, ("1800", "2100"), ("1799", "2101")),
        (GRADE, ("1", "12"), ("0", "13")),
        (LEVEL, ("1", "5"), ("0", "6")),
    ],
)
def test_years_grades_and_levels_end_somewhere(
    column: Column, inside: tuple[str, str], outside: tuple[str, str]
) -> None:
    assert [one(text, column) for text in inside] == [(int(text), None) for text in inside]
    assert [one(text, column) for text in outside] == [(None, f"{column.kind}_unreadable")] * 2


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("1800.02", "1800-02"),
        ("1799.02", None),
        ("2100.12", "2100-12"),
        ("2101.01", None),
        ("2018.13", None),
        ("2018.0", None),
        # Day numbers of a spreadsheet: 1927-05-18 and 2064-04-08, and what lies beyond.
        ("10000", "1927-05"),
        ("60000", "2064-04"),
        ("60001", None),
    ],
)
def test_months_end_somewhere(text: str, month: str | None) -> None:
    assert one(text, BUILT)[0] == month


def uncertain(unit: str | None, *texts: str) -> tuple[list[int], str]:
    raw, known = pl.Series(texts, dtype=pl.String), units()[unit] if unit else None
    places, rule = cell_numbers.uncertain_shares(cell_numbers.numbers(raw, RATE, known), raw, known)
    return places.to_list(), rule


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        # Others from 20 to 30 %: as a fraction it would be within three times of them, from 6.67 to 90 %.
        ("0.0667", True),
        ("0.0666", False),
        ("0.9", True),
        ("0.91", False),
    ],
)
def test_what_is_a_fraction_among_percentages_is_like_them(text: str, odd: bool) -> None:
    assert uncertain("%", "20", "30", text) == ([2] if odd else [], "share_small")


def test_what_is_not_twenty_times_below_the_others_is_no_fraction() -> None:
    assert uncertain("%", "18", "30", "0.89") == ([2], "share_small")
    assert uncertain("%", "18", "30", "0.9") == ([], "share_small")
    # Nothing is above 1: all may be fractions, but for 0.
    assert uncertain("%", "1", "0.4", "0") == ([0, 1], "share_all_small")


def test_a_column_without_a_unit_is_one_of_fractions_where_few_cells_are_above_one() -> None:
    assert uncertain(None, "0.5", "12") == ([0], "share_uncertain")
    assert uncertain(None, "0.5", "1", "12") == ([], "share_uncertain")
    # Two of twenty are one in ten, and a slip each; two of nineteen are more.
    assert uncertain(None, *["0.5"] * 18, "12", "8") == ([], "share_uncertain")
    assert uncertain(None, *["0.5"] * 17, "12", "8") == (list(range(17)), "share_uncertain")
