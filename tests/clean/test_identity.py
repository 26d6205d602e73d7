from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis import sources
from analysis.clean import Records
from analysis.errors import DataError
from tests.workbooks import COUNTY, HEADER, Rows, cleaned, school, text


def two_years(folder: Path, before: Rows, after: Rows, entries: str = "") -> Records:
    text(folder / COUNTY / "schools_2023.csv", [HEADER, *before])
    text(folder / COUNTY / "schools_2024.csv", [HEADER, *after])
    if entries:
        (folder / "identity.yml").write_text(entries, encoding="utf-8")
    return cleaned(folder)


def told(records: Records, *rules: str) -> list[tuple[Any, ...]]:
    return records.notices.filter(pl.col("rule").is_in(rules)).select("row", "rule", "before", "after").rows()


@pytest.mark.parametrize("written", ["5.10E+11", "5.101E+11", "5.1010100E+11", "5E+11"])
def test_a_code_in_scientific_notation_is_recovered_by_its_name(tmp_path: Path, written: str) -> None:
    good, damaged = school(1, code="510101000001"), school(1, code=written)
    records = two_years(tmp_path, [good], [damaged])
    assert records.schools["school"].to_list() == ["510101000001"] * 2
    assert told(records, "code_recovered") == [(2, "code_recovered", written, "510101000001")]


@pytest.mark.parametrize(
    "damaged",
    [
        school(1, code="5.20E+11"),  # other digits
        school(1, code="5.10E+10"),  # another length
        school(2, code="5.10E+11"),  # another name
    ],
)
def test_a_damaged_code_is_not_guessed(tmp_path: Path, damaged: list[Any]) -> None:
    records = two_years(tmp_path, [school(1, code="510101000001")], [damaged])
    assert records.schools["year"].to_list() == [2023]
    assert records.quarantine["rules"].to_list() == [["code_damaged"]]


def test_a_name_of_two_schools_recovers_nothing(tmp_path: Path) -> None:
    before = [school(1, code="510101000001", name="中心小学"), school(2, code="510101000002", name="中心小学")]
    records = two_years(tmp_path, before, [school(1, code="5.10E+11", name="中心小学")])
    assert records.quarantine["rules"].to_list() == [["code_damaged"]]


def test_stripped_zeros_come_back_with_the_name_alone(tmp_path: Path) -> None:
    before = [school(1, code="0101"), school(2, code="0102")]
    after = [school(1, code="101"), school(9, code="102")]
    records = two_years(tmp_path, before, after)
    assert records.schools["school"].to_list() == ["0101", "0102", "0101", "102"]
    assert told(records, "code_recovered") == [(2, "code_recovered", "101", "0101")]


def test_codes_of_other_tables_are_recovered_too(tmp_path: Path) -> None:
    header = ["学校代码", "学校名称", "年级", "班级", "学生数"]
    text(tmp_path / COUNTY / "classes_2024.csv", [header, ["5.10E+11", "第1小学", 1, "1班", 40]])
    text(tmp_path / COUNTY / "schools_2024.csv", [HEADER, school(1, 40, code="510101000001")])
    assert cleaned(tmp_path).classes["school"].to_list() == ["510101000001"]


def test_a_renamed_school_is_asked_about_until_it_is_told(tmp_path: Path) -> None:
    before, after = [school(1, name="东门小学")], [school(1, name="东门实验小学")]
    asked = told(two_years(tmp_path, before, after), "name_changed")
    assert asked == [(2, "name_changed", "东门小学", "东门实验小学 (80%)")]
    entry = f"- {{kind: renamed, county: '{COUNTY}', school: '9901010001', year: 2024}}"
    assert told(two_years(tmp_path, before, after, entry), "name_changed") == []


def test_a_school_under_a_new_code_is_asked_about_and_never_joined_in_silence(tmp_path: Path) -> None:
    before, after = [school(1, name="东门小学")], [school(77, name="东门小学")]
    records = two_years(tmp_path, before, after)
    assert told(records, "code_changed") == [(2, "code_changed", "9901010001 东门小学", "9901010077 东门小学 (100%)")]
    assert records.schools["school"].to_list() == ["9901010001", "9901010077"]


def test_a_told_new_code_takes_the_history_along(tmp_path: Path) -> None:
    before, after = [school(1, name="东门小学")], [school(77, name="东门小学")]
    entry = f"- {{kind: code, county: '{COUNTY}', old: '9901010001', new: '9901010077', year: 2024}}"
    records = two_years(tmp_path, before, after, entry)
    assert records.schools["school"].to_list() == ["9901010077"] * 2
    assert told(records, "code_changed") == []


def test_schools_that_merged_raise_no_question(tmp_path: Path) -> None:
    before = [school(1, name="东门小学"), school(2, name="东门二小")]
    after = [school(3, name="东门小学")]
    entry = f"- {{kind: merged, county: '{COUNTY}', old: ['9901010001', '9901010002'], new: '9901010003', year: 2024}}"
    assert told(two_years(tmp_path, before, after, entry), "code_changed") == []


def test_a_county_that_became_a_district_keeps_its_history(tmp_path: Path) -> None:
    text(tmp_path / "990199" / "schools_2023.csv", [HEADER, school(1)])
    text(tmp_path / COUNTY / "schools_2024.csv", [HEADER, school(1)])
    (tmp_path / "identity.yml").write_text(f"- {{kind: county, old: '990199', new: '{COUNTY}', year: 2024}}")
    catalogue = sources.load(tmp_path)
    assert catalogue.years(COUNTY) == [2023, 2024]
    assert list(catalogue.counties) == [COUNTY]
    assert sources.find_county(catalogue, "990199").code == COUNTY
    assert cleaned(tmp_path).schools.select("county", "year").rows() == [(COUNTY, 2023), (COUNTY, 2024)]


@pytest.mark.parametrize(
    "entry", ["a: b", "- 5", "- {kind: moved, county: '1', school: '2', year: 3}", "- {kind: code}"]
)
def test_a_faulty_identity_file_is_told(tmp_path: Path, entry: str) -> None:
    with pytest.raises(DataError) as fault:
        two_years(tmp_path, [school(1)], [school(1)], entry)
    assert fault.value.key == "entries_faulty"
