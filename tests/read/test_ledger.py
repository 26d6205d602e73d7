"""The workbook of the ledger: days as people write them, and which rows are read."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis.errors import DataError
from analysis.read import ledger
from tests.workbooks import book

HEADS: list[Any] = [
    "学校或范围",
    "项目",
    "现值",
    "缺额",
    "责任单位",
    "期限年份",
    "整改措施",
    "责任人",
    "完成日期",
    "台账编号",
]
LINE: dict[str, Any] = dict.fromkeys(HEADS, "") | {"项目": "体育场馆", "缺额": "310", "台账编号": "a.1"}


def read(folder: Path, *rows: dict[str, Any]) -> pl.DataFrame:
    cells = [[(LINE | row)[head] for head in HEADS] for row in rows]
    return ledger.entries(book(folder / "990101.xlsx", [HEADS, *cells]))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-06-30", date(2025, 6, 30)),
        ("2025.6.3", date(2025, 6, 3)),
        ("2025年6月3日前", date(2025, 6, 3)),
        ("20250603", date(2025, 6, 3)),
        ("2025年6月底前", date(2025, 6, 30)),
        ("2024年2月", date(2024, 2, 29)),
        ("2025.2", date(2025, 2, 28)),
        ("2025", date(2025, 12, 31)),
        ("2025年底", date(2025, 12, 31)),
        ("２０２５ 年", date(2025, 12, 31)),
        ("2025年13月", None),
        ("2025-02-29", None),
        ("20251301", None),
        ("长期坚持", None),
    ],
)
def test_the_last_day_that_a_date_means(text: str, day: date | None) -> None:
    assert ledger.last_day(text) == day


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("2025年6月", True),
        ("2025年秋季学期", True),  # words
        ("2024-2-29", True),
        ("2025-2-29", False),
        ("20250229", False),
        ("2025年13月", False),
        ("6月30日", False),  # of no year
        ("30", False),
    ],
)
def test_a_date_of_completion_is_a_day_that_there_is_or_words(tmp_path: Path, text: str, fits: bool) -> None:
    if fits:
        assert read(tmp_path, {"完成日期": text})["date"].to_list() == [text]
    else:
        with pytest.raises(DataError) as fault:
            read(tmp_path, {"责任人": "张"}, {"完成日期": text, "台账编号": "a.2"})
        assert (fault.value.key, fault.value.values["row"]) == ("ledger_date", 3)


def test_a_year_in_which_a_line_is_due_is_a_date(tmp_path: Path) -> None:
    assert read(tmp_path, {"期限年份": "2027年底前"})["due"].to_list() == ["2027年底前"]
    for text in ("2025年秋季学期", "2027年13月"):
        with pytest.raises(DataError) as fault:
            read(tmp_path, {"期限年份": text})
        assert (fault.value.key, fault.value.values["row"]) == ("ledger_due", 2)


def test_a_line_is_read_where_people_wrote_into_it_and_one_of_their_own_wherever(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {"现值": "7.2"},  # as it was written
        {"责任人": "张", "台账编号": "a.2"},
        {"台账编号": "", "项目": "", "缺额": ""},  # nothing at all
        {"台账编号": "", "项目": "围墙", "缺额": ""},  # one of one's own
        {"台账编号": "a.3", "完成日期": "2025-06-30 00:00:00"},
    )
    assert found.select("id", "item", "person", "date").rows() == [
        ("a.2", "体育场馆", "张", ""),
        ("own.5", "围墙", "", ""),
        ("a.3", "体育场馆", "", "2025-06-30"),
    ]
    assert ledger.ids(tmp_path / "990101.xlsx") == {"a.1", "a.2", "a.3"}
    assert ledger.ids(tmp_path / "none.xlsx") == set()
    assert ledger.entries(tmp_path / "none.xlsx").is_empty()


def test_two_rows_of_one_line_say_the_same_or_are_told(tmp_path: Path) -> None:
    assert read(tmp_path, {"责任人": "张"}, {"责任人": "张", "缺额": "9"})["id"].to_list() == ["a.1"]
    with pytest.raises(DataError) as fault:
        read(tmp_path, {"责任人": "张"}, {"责任人": "李", "台账编号": "a.2"}, {"责任人": "王"})
    assert (fault.value.key, fault.value.values["rows"]) == ("ledger_twice", "2, 4")


@pytest.mark.parametrize("text", ["#N/A", "#REF!"])
def test_what_is_no_text_is_told_by_its_cell(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError) as fault:
        read(tmp_path, {}, {"责任人": text})
    assert (fault.value.key, fault.value.values["place"]) == ("form_cell", "H3")


def test_what_stands_beside_the_heads_is_told_by_its_cell(tmp_path: Path) -> None:
    path = book(tmp_path / "990101.xlsx", [["台账"], HEADS, [""] * len(HEADS), ["", *[""] * (len(HEADS) - 1), "旁注"]])
    with pytest.raises(DataError) as fault:
        ledger.entries(path)
    assert (fault.value.key, fault.value.values["place"]) == ("form_beside", "K4")
    with pytest.raises(DataError) as fault:
        ledger.entries(book(tmp_path / "990102.xlsx", [HEADS[:-1], ["1"]]))
    assert fault.value.key == "ledger_heads"
