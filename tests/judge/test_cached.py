"""What was judged once is kept, and judged anew when what it is made from changes."""

from pathlib import Path

import pytest

from analysis import sources
from analysis.errors import DataError
from analysis.judge import cached
from analysis.sample import write

COUNTY = "990101"


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("raw"), counties=1, years=(2023, 2024)).folder


def test_findings_are_judged_once(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = sources.load(raw)
    records, first = cached.open_county(catalogue, COUNTY, tmp_path, "national-2017")
    assert first is not None
    assert set(first.findings["year"]) == {2023, 2024}
    assert first.findings.equals(cached.of_records(records, "national-2017").findings)
    monkeypatch.setattr(cached, "of_records", lambda *_: pytest.fail("judged again"))
    _, again = cached.open_county(catalogue, COUNTY, tmp_path, "national-2017")
    assert again is not None
    assert again.findings.equals(first.findings)
    assert again.measurements.equals(first.measurements)


def test_another_standard_plan_or_source_is_judged_anew(raw: Path, tmp_path: Path) -> None:
    catalogue = sources.load(raw)
    _, first = cached.open_county(catalogue, COUNTY, tmp_path, "national-2017")
    _, other = cached.open_county(catalogue, COUNTY, tmp_path, "national-2012")
    _, planned = cached.open_county(catalogue, COUNTY, tmp_path, "national-2017", "plan-3")
    assert first is not None
    assert other is not None
    assert planned is not None
    assert set(first.findings["item"]) != set(other.findings["item"])
    assert "plan" in planned.findings["field"].to_list()
    assert "plan" not in first.findings["field"].to_list()
    assert {path.name for path in (tmp_path / COUNTY).iterdir() if path.is_dir()} == {
        "national-2017",
        "national-2012",
        "national-2017-plan-3",
    }


def test_code_that_judges_otherwise_makes_findings_stale(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = sources.load(raw)
    cached.open_county(catalogue, COUNTY, tmp_path, "national-2017")
    judged: list[str] = []
    whole = cached.of_records
    monkeypatch.setattr(cached, "made_by", lambda: "another version")
    monkeypatch.setattr(cached, "of_records", lambda *words: judged.append("again") or whole(*words))  # type: ignore[func-returns-value]
    cached.open_county(catalogue, COUNTY, tmp_path, "national-2017")
    assert judged == ["again"]


@pytest.mark.slow
def test_counties_opened_together_are_what_each_is_alone(tmp_path: Path) -> None:
    tables = ("schools", "classes", "rooms", "teachers", "government", "survey", "monitoring")
    many = write(tmp_path / "raw", counties=3, years=(2022, 2023, 2024), dirt=0.01, tables=tables).folder
    catalogue = sources.load(many)
    for standard, plan in (
        ("national-2017", None),
        ("national-2012", None),
        ("plan-1", None),
        ("national-2017", "plan-7"),
    ):
        opened = cached.open_counties(catalogue, catalogue.counties, tmp_path / "together", standard, plan)
        assert list(opened) == list(catalogue.counties)
        for county, one in opened.items():
            assert not isinstance(one, DataError)
            records, together = one
            alone = cached.of_records(records, standard, plan)
            assert together is not None
            assert together.findings.equals(alone.findings)
            assert together.measurements.equals(alone.measurements)
            assert set(together.findings["county"]) == {county}


def test_a_county_that_cannot_be_read_leaves_the_others(tmp_path: Path) -> None:
    many = write(tmp_path / "raw", counties=3, years=(2024,)).folder
    broken, *others = sources.load(many).counties
    next((many / broken).glob("schools_*")).write_bytes(b"")
    opened = cached.open_counties(sources.load(many), [broken, *others], tmp_path, "national-2017")
    assert isinstance(opened[broken], DataError)
    for county in others:
        one = opened[county]
        assert not isinstance(one, DataError)
        assert one[1] is not None
        assert one[1].findings.height
    with pytest.raises(DataError):
        cached.open_county(sources.load(many), broken, tmp_path, "national-2017")
