"""Rows of separated text that have fewer fields than their header, where most have as many."""

from pathlib import Path

import pytest

from analysis import sources
from analysis.clean import Records, clean
from tests.workbooks import COUNTY

HEAD = "学校代码,学校名称,办学类型,小学在校学生数,图书册数,计算机台数"
SCHOOLS = ["9901010001,一校,小学,300,4000,20", "9901010002,二校,小学,200,3000,10", "9901010003,三校,小学,250,3500,12"]


def read(folder: Path, lines: list[str]) -> Records:
    (folder / COUNTY).mkdir()
    (folder / COUNTY / "schools_2024.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    entry = f"{{file: {COUNTY}/schools_2024.csv, county: '{COUNTY}', table: schools, year: 2024}}"
    (folder / "sources.yml").write_text(f"sources: [{entry}]", encoding="utf-8")
    return clean(sources.load(folder), COUNTY)


def short(records: Records) -> list[tuple[str, int]]:
    told = records.notices.filter(rule="row_too_short")
    return list(zip(told["place"], told["unused"], strict=True))


@pytest.mark.parametrize("above", [[], ["2024年学校统计表"]])
def test_a_row_that_lacks_a_field_is_told_and_kept(tmp_path: Path, above: list[str]) -> None:
    # Books left out without their separator: 20 computers are read as books.
    records = read(tmp_path, [*above, HEAD, "9901010001,一校,小学,300,20", *SCHOOLS[1:]])
    assert records.schools["books"].to_list() == [20, 3000, 3500]
    row = 2 + len(above)
    assert short(records) == [(f"{row}:{row}", 0)]


def test_rows_as_wide_as_their_header_are_not(tmp_path: Path) -> None:
    assert short(read(tmp_path, ["2024年学校统计表", HEAD, *SCHOOLS])) == []


def test_a_blank_end_with_its_separator_is_none(tmp_path: Path) -> None:
    assert short(read(tmp_path, [HEAD, "9901010001,一校,小学,300,4000,", *SCHOOLS[1:]])) == []


def test_where_most_rows_end_earlier_it_is_how_the_file_was_written(tmp_path: Path) -> None:
    rows = [line.rpartition(",")[0] for line in SCHOOLS[:2]]
    assert short(read(tmp_path, [HEAD, *rows, SCHOOLS[2]])) == []


def test_a_note_below_is_no_row_that_lacks_fields(tmp_path: Path) -> None:
    assert short(read(tmp_path, [HEAD, *SCHOOLS, "填表人：王某"])) == []


def test_fields_within_quotation_marks_count_as_one(tmp_path: Path) -> None:
    quoted = SCHOOLS[0].replace("一校", '"一校,东区"')
    assert short(read(tmp_path, [HEAD, quoted, *SCHOOLS[1:]])) == []


def test_beside_quoted_fields_a_row_that_lacks_one_is_told(tmp_path: Path) -> None:
    quoted = SCHOOLS[0].replace("一校", '"一校,东区"')
    assert short(read(tmp_path, [HEAD, quoted, "9901010002,二校,小学,200,10", SCHOOLS[2]])) == [("3:3", 0)]
