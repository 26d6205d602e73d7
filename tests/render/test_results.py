"""results.json: flat, whole, unrounded, as its schema says."""

import dataclasses
import json

import jsonschema
import polars as pl
import pytest

from analysis.render import results
from analysis.tell import Report


@pytest.fixture(scope="module")
def written(report: Report, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    path = tmp_path_factory.mktemp("results") / "results.json"
    results.write(report, path)
    loaded: dict[str, object] = json.loads(
        path.read_text(encoding="utf-8"), parse_constant=lambda name: pytest.fail(name)
    )
    return loaded


def test_it_keeps_to_its_schema(written: dict[str, object]) -> None:
    jsonschema.Draft202012Validator.check_schema(results.schema())
    jsonschema.validate(written, results.schema())


def test_every_finding_is_there_unrounded(written: dict[str, object], report: Report) -> None:
    findings = {row["id"]: row for row in written["findings"]}  # type: ignore[attr-defined]
    assert len(findings) == report.findings.height
    for one in report.now:
        assert findings[one.id]["value"] == one.value
        assert findings[one.id]["verdict"] == one.verdict


def test_coefficients_agree_with_their_findings(written: dict[str, object], report: Report) -> None:
    rows = written["coefficients"]
    assert isinstance(rows, list)
    now = [row for row in rows if row["year"] == report.year]
    assert len(now) == len(report.stage_ids) * len(report.standard.indicators)
    for row in now:
        finding = report.finding(f"resources.cv_{row['indicator']}.{row['stage']}")
        assert finding is not None
        assert (row["cv"], row["limit"], row["verdict"]) == (finding.value, finding.target, finding.verdict)
    assert {row["year"] for row in rows} == set(report.years)


def test_rows_are_accounted_for(written: dict[str, object]) -> None:
    quality = written["data_quality"]
    assert isinstance(quality, dict)
    assert quality["read"] == quality["kept"] + quality["quarantined"] + quality["other"]


def test_sources_carry_their_hash(written: dict[str, object]) -> None:
    sources = written["sources"]
    assert isinstance(sources, list)
    assert sources
    assert all(len(row["sha256"]) == 64 for row in sources)


def test_the_public_sees_no_figure_of_a_tiny_school(report: Report) -> None:
    code = report.rows.filter("in_scope")["school"][0]
    tiny = report.stages.with_columns(
        pl.when(pl.col("school") == code).then(9.0).otherwise(pl.col("pupils")).alias("pupils")
    )
    public = dataclasses.replace(report, stages=tiny, audience="public")
    assert [row for row in results.results(report)["findings"] if row["school"] == code]
    assert not [row for row in results.results(public)["findings"] if row["school"] == code]
    assert any(row["value"] is not None for row in results.results(public)["findings"] if row["school"])
