"""Counties cleaned together come out as each alone."""

from pathlib import Path

import pytest

from analysis import clean, sources
from analysis.errors import DataError
from analysis.read.fields import tables
from analysis.sample import write
from analysis.sample.bulk import FORMATS
from tests.workbooks import HEADER, school, text

TABLES = tuple(name for name in tables() if name != "scores")
ALIKE = ("990101", "990102")
PUPILS = ["考生号", "学校代码", "年级", "学科", "成绩"]


def _same(folder: Path, counties: tuple[str, ...]) -> dict[str, clean.Records]:
    """Clean counties together, hold each to what it is alone, and return them."""
    catalogue = sources.load(folder)
    together = clean.clean_counties(catalogue, counties, folder.parent / "processed")
    assert tuple(together) == counties
    for county, records in together.items():
        assert isinstance(records, clean.Records)
        alone = clean.clean(catalogue, county).frames()
        for name, frame in records.frames().items():
            assert frame.equals(alone[name]), (county, name)
            assert frame.schema == alone[name].schema, (county, name)
    return {county: records for county, records in together.items() if isinstance(records, clean.Records)}


@pytest.mark.slow
def test_sample_counties_with_all_tables_and_much_dirt(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    write(raw, counties=4, years=(2022, 2023, 2024), tables=TABLES, formats=FORMATS, dirt=0.02)
    told = _same(raw, tuple(sorted(sources.load(raw).counties)))
    for name in ("schools", "quarantine", "notices"):
        assert all(records.frames()[name].height for records in told.values()), name


def test_each_county_keeps_its_rows_its_totals_and_its_faults(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    for number, county in enumerate(ALIKE):
        rows = [HEADER, *(school(at, 100 * number + at, code=f"{county}000{at}") for at in (1, 2, 3))]
        rows += [school(4, "x", code=f"{county}0004")] if number else []
        text(raw / county / "schools_2024.csv", [*rows, ["合计", None, None, 7, None]])
    first, second = _same(raw, ALIKE).values()
    assert (first.schools["pupils_primary"].to_list(), second.schools["pupils_primary"].to_list()) == (
        [1, 2, 3],
        [101, 102, 103],
    )
    assert (first.quarantine["row"].to_list(), second.quarantine["row"].to_list()) == ([], [5])
    assert first.notices.filter(rule="totals_differ")["after"].to_list() == ["6"]
    assert second.notices.filter(rule="text_in_number").select("county", "row").rows() == [("990102", 5)]


def test_pupils_are_numbered_county_by_county(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    for county in ALIKE:
        text(raw / county / "schools_2024.csv", [HEADER, school(1, code=f"{county}0001")])
        text(raw / county / "scores_2024.csv", [PUPILS, ["20240001", f"{county}0001", "八年级", "数学", 500]])
    one, other = (records.scores["pupil"].to_list() for records in _same(raw, ALIKE).values())
    assert one == other == ["1"]


def test_a_county_that_cannot_be_read_spoils_no_other(tmp_path: Path) -> None:
    raw, processed = tmp_path / "raw", tmp_path / "processed"
    for county in ALIKE:
        text(raw / county / "schools_2024.csv", [HEADER, school(1, code=f"{county}0001")])
    (raw / ALIKE[0] / "schools_2024.csv").write_bytes(b"")
    broken, good = clean.clean_counties(sources.load(raw), ALIKE, processed).values()
    assert isinstance(broken, DataError)
    assert isinstance(good, clean.Records)
    assert good.schools["school"].to_list() == ["9901020001"]
    assert [path.name for path in processed.iterdir()] == [ALIKE[1]]


def test_corrections_that_cannot_be_understood_stop_every_county(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    for county in ALIKE:
        text(raw / county / "schools_2024.csv", [HEADER, school(1, code=f"{county}0001")])
    (raw / "corrections.yml").write_text("- {file: x}\n", encoding="utf-8")
    told = clean.clean_counties(sources.load(raw), ALIKE, tmp_path / "processed")
    assert all(isinstance(one, DataError) for one in told.values())
    with pytest.raises(DataError):
        clean.clean_county(sources.load(raw), ALIKE[0], tmp_path / "processed")
