"""Provinces and cities by the digits of their counties' codes."""

from pathlib import Path

import pytest

from analysis import regions, sources
from analysis.errors import DataError, RequestError

YAML = """
province: {zh: 示例省, en: Example Province}
cities:
  "9901": {zh: 云川市, en: Yunchuan City}
counties:
  "990101": {zh: 青溪县, acceptance: 2027}
  "990102": {zh: 明河县}
  "990201": {zh: 远山县}
  "340103": {zh: 庐阳区, published: true}
published:
  - {file: cv.csv, counties: ["340103"], standard: national-2012, year: 2012}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources.yml").write_text(YAML, encoding="utf-8")
    (tmp_path / "990101").mkdir()
    for year in (2022, 2024):
        (tmp_path / "990101" / f"schools_{year}.csv").write_text("", encoding="utf-8")
    return tmp_path


def test_each_county_has_a_province_and_a_city(folder: Path) -> None:
    found = {
        one.code: (one.zh, [county.code for county in one.counties]) for one in regions.regions(sources.load(folder))
    }
    assert found == {
        "34": ("安徽省", ["340103"]),  # GB/T 2260
        "3401": ("合肥市", ["340103"]),
        "99": ("示例省", ["990101", "990102", "990201"]),
        "9901": ("云川市", ["990101", "990102"]),
        "9902": ("990200", ["990201"]),  # without a name it is called by its code
    }


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("99", "99"), ("990000", "99"), ("9901", "9901"), ("990100", "9901"), ("云川市", "9901"), ("云", "9901"),
        ("yunchuan", "9901"), ("示例", "99"), (" 安徽省 ", "34"), ("340000", "34"),
    ],
)  # fmt: skip
def test_a_region_is_found_by_code_name_or_prefix(folder: Path, asked: str, code: str) -> None:
    assert regions.find_region(sources.load(folder), asked).code == code


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("98", "region_unknown"), ("9", "region_unknown"), ("99010", "region_unknown"), ("云山", "region_unknown"),
        ("990101", "region_is_county"), ("", "region_missing"), ("$(id)", "region_unknown"),
        ("甲\n乙", "region_unknown"),
    ],
)  # fmt: skip
def test_anything_else_is_told_in_one_line(folder: Path, asked: str, key: str) -> None:
    with pytest.raises(RequestError) as fault:
        regions.find_region(sources.load(folder), asked)
    assert fault.value.key == key
    assert "\n" not in str(fault.value)


def test_its_year_is_the_latest_of_its_counties(folder: Path) -> None:
    catalogue = sources.load(folder)
    province, city, real = (regions.find_region(catalogue, code) for code in ("99", "9902", "34"))
    assert regions.year_of(catalogue, province) == 2024
    assert regions.year_of(catalogue, province, 2023) == 2023
    assert regions.year_of(catalogue, real) == 2012
    for region, year, key in (
        (city, None, "region_without_data"),
        (province, 2021, "region_year"),
        (real, 2011, "region_year"),
    ):
        with pytest.raises(RequestError) as fault:
            regions.year_of(catalogue, region, year)
        assert fault.value.key == key


def test_the_planned_year_of_acceptance_is_read(folder: Path) -> None:
    counties = sources.load(folder).counties
    assert counties["990101"].acceptance == 2027
    assert counties["990102"].acceptance is None


@pytest.mark.parametrize(
    "line", ['cities: {"990": {zh: 甲}}', "cities: [甲]", 'counties: {"990101": {zh: 甲, acceptance: 明年}}']
)
def test_a_wrong_entry_is_told(tmp_path: Path, line: str) -> None:
    (tmp_path / "sources.yml").write_text(line, encoding="utf-8")
    with pytest.raises(DataError) as fault:
        sources.load(tmp_path)
    assert fault.value.key == "entries_faulty"
