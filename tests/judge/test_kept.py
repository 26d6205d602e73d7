"""What was judged once is kept, and judged anew when what it is made from changes."""

from pathlib import Path

import pytest

from analysis import sources
from analysis.judge import kept
from analysis.sample import write

COUNTY = "990101"


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("raw"), counties=1, years=(2023, 2024)).folder


def test_findings_are_judged_once(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = sources.load(raw)
    records, first = kept.open_county(catalogue, COUNTY, tmp_path, "national-2017")
    assert first is not None
    assert set(first.findings["year"]) == {2023, 2024}
    assert first.findings.equals(kept.of_records(records, "national-2017").findings)
    monkeypatch.setattr(kept, "of_records", lambda *_: pytest.fail("judged again"))
    _, again = kept.open_county(catalogue, COUNTY, tmp_path, "national-2017")
    assert again is not None
    assert again.findings.equals(first.findings)
    assert again.measurements.equals(first.measurements)


def test_another_standard_plan_or_source_is_judged_anew(raw: Path, tmp_path: Path) -> None:
    catalogue = sources.load(raw)
    _, first = kept.open_county(catalogue, COUNTY, tmp_path, "national-2017")
    _, other = kept.open_county(catalogue, COUNTY, tmp_path, "national-2012")
    _, planned = kept.open_county(catalogue, COUNTY, tmp_path, "national-2017", "plan-3")
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
    kept.open_county(catalogue, COUNTY, tmp_path, "national-2017")
    judged: list[str] = []
    whole = kept.of_records
    monkeypatch.setattr(kept, "_made_by", lambda: "another version")
    monkeypatch.setattr(kept, "of_records", lambda *words: judged.append("again") or whole(*words))  # type: ignore[func-returns-value]
    kept.open_county(catalogue, COUNTY, tmp_path, "national-2017")
    assert judged == ["again"]
