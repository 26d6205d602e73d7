"""Survey tables with several columns for what was asked once: which of them is read, and which is told."""

from pathlib import Path

import pytest

from analysis.clean import Records
from analysis.errors import DataError
from tests.read.by_hand import hold_the_law, told
from tests.workbooks import COUNTY, Rows, book, cleaned


def read(folder: Path, *rows: list[object], entry: str = "") -> Records:
    file = f"{COUNTY}/survey_2024.xlsx"
    page: Rows = [list(row) for row in rows]
    path = book(folder / file, page)
    line = f'  - {{file: {file}, county: "{COUNTY}", table: survey, year: 2024{entry}}}\n'
    (folder / "sources.yml").write_text(f"sources:\n{line}", encoding="utf-8")
    records = cleaned(folder)
    hold_the_law(records, path)
    return records


@pytest.mark.parametrize(
    "header",
    [
        ["非常满意", "满意人数"],
        ["满意人数", "基本满意人数"],
        ["比较满意（人）", "满意人数（人）"],
    ],
)
def test_a_degree_beside_may_make_another_of_it(header: list[object], tmp_path: Path) -> None:
    rows = (["调查对象", "有效问卷数", *header], ["学生", 100, 40, 50], ["家长", 200, 90, 95])
    with pytest.raises(DataError) as fault:
        read(tmp_path, *rows)
    letter = "D" if str(header[1]).startswith("满意") else "C"
    assert (fault.value.key, fault.value.values["entry"]) == ("header_of_degrees", f"columns: {{satisfied: {letter}}}")
    records = read(tmp_path, *rows, entry=f", columns: {{satisfied: {letter}}}")
    assert records.survey["satisfied"].to_list() == ([50, 95] if letter == "D" else [40, 90])


@pytest.mark.parametrize(
    ("header", "satisfied"),
    [
        (["非常满意", "满意", "满意人数"], [90, 185]),  # 40 + 50, 90 + 95
        (["满意人数", "不满意人数", "备注"], [40, 90]),
        (["非常满意", "基本满意", "认可人数"], [90, 185]),
        (["满意人数", "非常满意率", "备注"], [40, 90]),
    ],
)
def test_the_sum_is_known_by_its_name_or_by_adding_up(
    header: list[object], satisfied: list[int], tmp_path: Path
) -> None:
    records = read(tmp_path, ["调查对象", "有效问卷数", *header], ["学生", 100, 40, 50, 90], ["家长", 200, 90, 95, 185])
    assert records.survey["satisfied"].to_list() == satisfied


def test_a_sum_that_does_not_add_up_in_one_row_is_none(tmp_path: Path) -> None:
    with pytest.raises(DataError) as fault:
        read(
            tmp_path,
            ["调查对象", "有效问卷数", "非常满意", "满意", "满意人数"],
            ["学生", 100, 40, 50, 90],
            ["家长", 200, 90, 95, 95],
        )
    assert fault.value.key == "header_of_degrees"


def test_those_asked_give_way_to_valid_forms(tmp_path: Path) -> None:
    records = read(tmp_path, ["调查对象", "调查人数", "有效问卷数", "认可人数"], ["学生", 110, 100, 90])
    assert records.survey["asked"].to_list() == [100]
    assert told(records) == [("column_narrower", "B2", 1)]


def test_those_asked_are_read_where_they_stand_alone(tmp_path: Path) -> None:
    records = read(tmp_path, ["调查对象", "调查人数", "认可人数"], ["学生", 110, 90])
    assert records.survey["asked"].to_list() == [110]
    assert told(records) == []


def test_a_form_is_of_one_person(tmp_path: Path) -> None:
    records = read(tmp_path, ["调查对象", "有效问卷数（人）", "满意人数（份）"], ["学生", 110, 90])
    assert records.survey.select("asked", "satisfied").rows() == [(110, 90)]
    assert told(records) == []


def test_a_header_that_may_mean_it_is_offered(tmp_path: Path) -> None:
    with pytest.raises(DataError) as fault:
        read(tmp_path, ["调查对象", "有效问卷数", "满意", "不满意"], ["学生", 100, 90, 10])
    assert (fault.value.key, fault.value.values["nearest"]) == ("header_near", "满意")
