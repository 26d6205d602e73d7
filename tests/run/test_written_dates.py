"""A day is read as offices write it wherever one is typed in, and what is none is refused by its place."""

from pathlib import Path

import openpyxl
import pytest

from analysis import decisions
from analysis.entries import iso_date
from analysis.errors import DataError, RequestError
from analysis.render.decisions import lay
from analysis.run.request import resolve

COUNTY = "510116"
WRITTEN = {
    "2024年11月2日": "2024-11-02",
    "2024 年 11 月 2 日": "2024-11-02",
    "2024.11.2": "2024-11-02",
    "2024/11/02": "2024-11-02",
    "２０２４年11月": "2024-11",
    "2024-11": "2024-11",
}
NONE = ("2024.1", "2.11.2024", "2024年13月", "2024年2月30日", "11月2日", "2024", "20241102", "今天")


def test_days_and_months_are_read_as_they_are_written() -> None:
    assert {text: iso_date(text) for text in (*WRITTEN, *NONE)} == WRITTEN | dict.fromkeys(NONE, "")


def test_the_day_of_signing_is_a_whole_day() -> None:
    assert resolve("990101", date="2025年1月15日").date == "2025-01-15"
    with pytest.raises(RequestError):
        resolve("990101", date="2025年1月")


@pytest.mark.parametrize("written", ["2024年11月5日", "11月5日"])
def test_a_correction_is_of_a_day(tmp_path: Path, written: str) -> None:
    book = openpyxl.load_workbook(lay(tmp_path, COUNTY))
    book["更正"].append(["a.xlsx", "", "C4", 1, 2, "多录", "张科长", written])
    book.save(decisions.path_of(tmp_path, COUNTY))
    if iso_date(written):
        assert "张科长 2024-11-05" in repr(decisions.of_county(tmp_path, COUNTY))
    else:
        with pytest.raises(DataError, match=written):
            decisions.of_county(tmp_path, COUNTY)
