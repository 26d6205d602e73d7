"""Codes, names and shares that may mean something else than they say."""

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
import xlwt

from analysis.clean import cell_numbers, typed_cells
from analysis.clean.failed_cells import barred
from analysis.read import grid
from analysis.read.fields import Column, Unit, table, units
from tests.read.by_hand import BASE, hold_the_law, read, told
from tests.read.test_ods import document, number, row, text
from tests.workbooks import COUNTY, cleaned

CODE = table("schools").columns["school"]
CLASS = table("classes").columns["class"]
NAME = table("classes").columns["name"]
SHARE = table("monitoring").columns["share_1"]
GONE = "1\u0336"


def one(said: str, column: Column) -> tuple[object, str | None]:
    parsed = typed_cells.parse_columns([pl.Series([said])], [typed_cells.Shape(column)])[0]
    return parsed.values[0], parsed.dense("broken")[0]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("99000l0006", (None, "code_slip")),
        ("99000O0006", (None, "code_slip")),
        ("9900o1000I", (None, "code_slip")),
        ("9900010oo6", (None, "code_slip")),
        ("990001000o", (None, "code_slip")),
        ("3132000LA1", ("3132000LA1", None)),
        ("L0006", ("L0006", None)),
        ("99000010006L", ("99000010006L", None)),
        ("12a", ("12A", None)),
        ("9900010001\n9900010002", (None, "code_several")),
        ("9900010001 9900010002", (None, "code_several")),
        ("9900010001\n", ("9900010001", None)),
        ("990001 0005", ("9900010005", None)),
        ("990001-0005", ("9900010005", None)),
        ("990001-005", ("990001-005", None)),
        ("2024-0001-0005", ("2024-0001-0005", None)),
        (f"99000{GONE}0006", (None, "struck_out")),
    ],
)
def test_what_is_one_code(said: str, read: tuple[object, str | None]) -> None:
    assert one(said, CODE) == read


@pytest.mark.parametrize(
    ("said", "column", "read"),
    [
        ("2024-02-02 00:00:00", CLASS, (None, "text_dated")),
        ("2024-02-02", CLASS, (None, "text_dated")),
        ("2月2日", CLASS, (None, "text_dated")),
        ("2-Feb", CLASS, (None, "text_dated")),
        ("2-2", CLASS, ("2-2", None)),
        ("2024级1班", CLASS, ("2024级1班", None)),
        ("2024-02-02", NAME, ("2024-02-02", None)),
        (f"{GONE}班", CLASS, (None, "struck_out")),
        (f"一{GONE}小", NAME, (None, "struck_out")),
        ("〃", NAME, (None, "text_ditto")),
        ("同上", NAME, (None, "text_ditto")),
        ("同上路小学", NAME, ("同上路小学", None)),
    ],
)
def test_what_is_a_name(said: str, column: Column, read: tuple[object, str | None]) -> None:
    assert one(said, column) == read


PERCENT = units()["%"]


@pytest.mark.parametrize(
    ("said", "unit", "values", "rule"),
    [
        (["12", "8.5", "0.9"], None, [None] * 3, "share_uncertain"),
        (["12", "0.9"], None, [None] * 2, "share_uncertain"),
        (["12", "0.9%", "0", "0.9"], None, [None, 0.009, 0.0, None], "share_uncertain"),
        (["58.38", "0.59", "0.61"], None, [None, 0.59, 0.61], None),
        (["58.38", "59", *["0.6"] * 18], None, [None, None, *[0.6] * 18], None),
        (["58.38", "59", *["0.6"] * 17], None, [None] * 19, "share_uncertain"),
        (["0.12", "0.09"], None, [0.12, 0.09], None),
        (["12", "8.5%", "0.12"], PERCENT, [0.12, 0.085, None], "share_small"),
        (["12", "8.5", "0.9"], PERCENT, [0.12, 0.085, 0.009], None),
        (["12", "8.5", "0.12%"], PERCENT, [0.12, 0.085, 0.0012], None),
        (["12", "8.5", "2", "0.12"], PERCENT, [0.12, 0.085, 0.02, 0.0012], None),
        (["12", "8.5", "0.01"], PERCENT, [0.12, 0.085, 0.0001], None),
        (["12", "8.5", "0"], PERCENT, [0.12, 0.085, 0.0], None),
        (["0.2", "0.1"], PERCENT, [None, None], "share_all_small"),
        (["0.2", "0.1%", "0"], PERCENT, [None, 0.001, 0.0], "share_all_small"),
    ],
)
def test_shares_beside_others(said: list[str], unit: Unit | None, values: list[float | None], rule: str | None) -> None:
    raw = pl.Series(said)
    parsed = typed_cells.parse(raw, SHARE, unit)
    places, why = cell_numbers.uncertain_shares(parsed, raw, unit)
    kept = barred(parsed, places, why)
    assert kept.values.to_list() == values
    assert {why for why in kept.dense("broken") if why} - {"share_above_one"} == ({rule} if rule else set())


def test_a_sheet_makes_its_own_shares_doubtful_and_no_others(tmp_path: Path) -> None:
    head = "年级,学科,结果等级,校际差异率"
    for year, said in ((2023, ["12", "0.9"]), (2024, ["0.12", "0.9"])):
        rows = [f"{4 + place},数学,3,{cell}" for place, cell in enumerate(said)]
        path = tmp_path / COUNTY / f"monitoring_{year}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join([head, *rows]), encoding="utf-8")
    records = cleaned(tmp_path)
    assert records.monitoring["rate"].to_list() == [None, None, 0.12, 0.9]
    assert told(records, "share_above_one_value", "share_uncertain_value") == [
        ("share_above_one_value", "D2", 1),
        ("share_uncertain_value", "D3", 1),
    ]


LONG = "99000100010000000"
SEEN = "9.900010001E+16"


def test_a_number_too_long_to_be_exact_is_no_code(tmp_path: Path) -> None:
    path = tmp_path / COUNTY / "schools_2024.xlsx"
    path.parent.mkdir()
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("学校")
        page.write_row(0, 0, BASE)
        for at, (code, store) in enumerate(
            [(LONG, page.write_number), (LONG, page.write_string), ("990001000100000", page.write_number)], 1
        ):
            store(at, 0, float(code) if store == page.write_number else code)
            page.write_row(at, 1, ["一小", "小学"])
    records = cleaned(tmp_path)
    hold_the_law(records, path)
    assert records.schools["school"].to_list() == [LONG, "990001000100000"]
    assert told(records, "code_damaged") == [("code_damaged", "A2", 3)]


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        (number(int(LONG)), SEEN),
        (text(LONG), LONG),
        (number(990001000100000), "990001000100000"),
        (number(1.5), "1.5"),
    ],
)
def test_long_numbers_of_open_documents(cell: str, seen: str, tmp_path: Path) -> None:
    path = document(tmp_path / "a.ods", row(text("x"), cell))
    assert grid.read(path, "a.ods")[0].cells.row(0) == ("x", seen)


@pytest.mark.parametrize(("stored", "seen"), [(float(LONG), SEEN), (LONG, LONG), (990001000100000, "990001000100000")])
def test_long_numbers_of_old_workbooks(stored: float | str, seen: str, tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("学校").write(0, 0, stored)
    book.save(str(tmp_path / "a.xls"))
    assert grid.read(tmp_path / "a.xls", "a.xls")[0].cells.row(0) == (seen,)


@pytest.mark.parametrize(
    ("area", "books"), [("4.000,50", None), ("4000,5", None), ("4.000", 10), ("4000.5", 10), ("4,000", 10)]
)
def test_a_decimal_comma_in_one_column_makes_points_doubtful_in_another(
    tmp_path: Path, area: str, books: int | None
) -> None:
    rows = [[*BASE, "图书册数", "体育运动场馆面积"], [f"{COUNTY}0001", "一小", "小学", "10.000", area]]
    assert read(tmp_path, rows).schools["books"].to_list() == [books]
