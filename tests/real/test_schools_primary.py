"""2,668 real primary schools in 22 counties and cities become school records by entries of fields.yml alone."""

import csv
import gzip
import os
import shutil
from pathlib import Path

import polars as pl
import pytest

from analysis import sources
from analysis.clean import Records, clean

FILE = "schools_primary_2024.csv.gz"
SHARED = Path(os.environ.get("JUNHENG_SHARED") or Path(__file__).parent.parent.parent.parent / "shared")
CITY = "新北市"

pytestmark = pytest.mark.skipif(not (SHARED / "data" / FILE).is_file(), reason=f"shared/data/{FILE} is not here")


def printed() -> list[dict[str, str]]:
    with gzip.open(SHARED / "data" / FILE, "rt", encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("raw")
    (made / "990301").mkdir()
    shutil.copy(SHARED / "data" / FILE, made / "990301" / "schools_2024.csv.gz")
    about = "file: 990301/schools_2024.csv.gz, table: schools, year: 2024"
    entries = [f"{{{about}, county: '990301'}}", f"{{{about}, county: '990302', where: {{縣市名稱: {CITY}}}}}"]
    (made / "sources.yml").write_text(f"sources: [{', '.join(entries)}]", encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def records(folder: Path) -> Records:
    return clean(sources.load(folder), "990301")


def test_every_school_is_a_record(records: Records) -> None:
    assert records.schools.height == 2668
    assert records.quarantine.is_empty()
    assert records.accounts.select("read", "kept", "other").row(0) == (2668, 2668, 0)


def test_values_are_those_printed(records: Records) -> None:
    rows = {row["學校代碼"]: row for row in printed()}
    for one in records.schools.sample(200, seed=1).iter_rows(named=True):
        row = rows[one["school"]]
        pupils = sum(int(row[f"{grade}年級{sex}學生數"]) for grade in range(1, 7) for sex in "男女")
        classes = sum(int(row[f"{grade}年級班級數"]) for grade in range(1, 7))
        teachers = int(row["男專任教師"]) + int(row["女專任教師"])
        assert (one["pupils_primary"], one["classes_primary"], one["teachers"]) == (pupils, classes, teachers)
        assert (one["name"], one["township"], one["school_type"]) == (row["學校名稱"], row["鄉鎮市區"], "primary")


def test_a_county_of_a_file_of_many_is_picked_by_name(folder: Path) -> None:
    one = clean(sources.load(folder), "990302")
    expected = [row["學校代碼"] for row in printed() if row["縣市名稱"] == CITY]
    assert one.schools["school"].to_list() == expected
    assert one.accounts["read"].to_list() == [len(expected)]
    assert one.schools["county"].unique().to_list() == ["990302"]


def test_what_the_file_does_not_hold_is_missing(records: Records) -> None:
    absent = ["pupils_junior", "teaching_area", "books", "run_by", "built"]
    assert records.schools.select(pl.col(absent).is_null().all()).row(0) == (True,) * len(absent)
