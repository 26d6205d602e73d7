"""Characters that turn the order of letters around or steer a terminal: lost where text is read, and told."""

import json
import re
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from analysis import cli, plaintext
from analysis.errors import message
from analysis.read import text as separated
from analysis.run.commands.show import Format, show
from analysis.tell.language import escape
from tests.workbooks import COUNTY, HEADER, cleaned, school, text

TURNED = "\u202e第1小学"


def test_a_name_that_turns_the_line_around_is_read_without_and_told(tmp_path: Path) -> None:
    text(tmp_path / COUNTY / "schools_2024.csv", [HEADER, school(1, name=TURNED), school(2)])
    records = cleaned(tmp_path)
    assert records.schools["name"].to_list() == ["第1小学", "第2小学"]
    (notice,) = records.notices.filter(rule="text_controls").rows(named=True)
    assert (notice["place"], notice["before"], notice["after"]) == ("B2", "U+202E", "第1小学")


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200f", "\x1b", "\x7f", "\x9b"])
def test_every_such_character_is_lost_in_any_format(tmp_path: Path, mark: str) -> None:
    path = tmp_path / COUNTY / "schools_2024.xlsx"
    path.parent.mkdir(parents=True)
    with xlsxwriter.Workbook(path) as book:
        for row, cells in enumerate([HEADER, school(1, 3, name=f"第{mark}1小学", kind=f"小{mark}学"), school(2)]):
            book.get_worksheet_by_name("a") or book.add_worksheet("a")
            book.get_worksheet_by_name("a").write_row(row, 0, cells)
    records = cleaned(tmp_path)
    assert records.schools.select("name", "school_type", "pupils_primary").row(0) == ("第1小学", "primary", 3)
    assert records.notices.filter(rule="text_controls").height == 2
    text(tmp_path / "other" / COUNTY / "schools_2024.csv", [HEADER, school(1, name=f"第1{mark}小学")], "gb18030")
    assert cleaned(tmp_path / "other").schools["name"].to_list() == ["第1小学"]


def test_a_cell_of_nothing_else_is_missing(tmp_path: Path) -> None:
    text(tmp_path / COUNTY / "schools_2024.csv", [HEADER, school(1, pupils="\u202e"), school(2)])
    assert cleaned(tmp_path).schools["pupils_primary"].to_list() == [None, 300]


def test_plain_text_is_read_as_ever_and_nothing_is_told(tmp_path: Path) -> None:
    text(tmp_path / COUNTY / "schools_2024.csv", [HEADER, school(1, name="Schule «Süd» 𠮷"), school(2)])
    records = cleaned(tmp_path)
    assert records.schools["name"].to_list() == ["Schule «Süd» 𠮷", "第2小学"]
    assert records.notices.filter(pl.col("rule") != "unregistered").is_empty()


def test_neither_messages_nor_texts_of_reports_carry_them() -> None:
    for way in (plaintext.harmless, escape.plain, escape.cell, escape.markdown):
        assert plaintext.misleading(way(f"a{TURNED}\x1b[2J")) == ""
    said = message("county_unknown", county=f"{TURNED}\x1b[2J", names="\u202e")
    assert plaintext.misleading(said) == ""
    assert "第1小学" in said


@pytest.mark.parametrize("form", list(Format))
def test_a_terminal_is_steered_by_no_table(form: Format) -> None:
    frame = pl.DataFrame({"town\x1b": ["\u202e甲\x9b", "乙"], "n": [1.5, None]})
    said = show(frame, form)
    assert plaintext.misleading(said) == ""
    if form is Format.JSON:
        assert json.loads(said) == frame.to_dicts()
    else:
        assert "甲" in said


def test_csv_to_be_opened_in_a_spreadsheet_has_no_formula() -> None:
    cells = ["=1+1", "+cmd", "-x", "@sum", "-5", "+1.5", "甲", "a=b", None]
    said = show(pl.DataFrame({"=name": cells, "n": range(-4, 5)}), Format.CSV)
    assert said.splitlines() == [
        "'=name,n", "'=1+1,-4", "'+cmd,-3", "'-x,-2", "'@sum,-1", "-5,0", "+1.5,1", "甲,2", "a=b,3", ",4",
    ]  # fmt: skip


def test_a_label_of_a_researchers_table_steers_no_terminal(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = text(
        tmp_path / "a.csv", [["town", "school", "books", "pupils"], *[["\x1b[2J甲", n, n, 1] for n in range(1, 5)]]
    )
    assert cli.main(["cv", str(path), "--amount", "books", "--pupils", "pupils", "--by", "town"]) == 0
    out, err = capfdbinary.readouterr()
    assert b"\x1b" not in out + err
    assert "甲".encode() in out


def test_text_at_hand_as_bytes_is_looked_through_as_text_is() -> None:
    for code in (*range(0x3000), 0xFEFF, 0x1F600):
        letter = chr(code)
        assert separated.is_misleading(f"校{letter}9".encode()) is bool(re.search(plaintext.MISLEADING, letter)), hex(
            code
        )
    assert not separated.is_misleading("学校代码,面积（m²）\r\n1\t“甲”①·\n".encode())
