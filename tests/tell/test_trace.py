"""`junheng trace`: every row behind a figure, so that the figure can be worked out from them by hand."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner

from analysis.clean.corrections import Correction
from analysis.cli import app, main
from analysis.errors import RequestError
from analysis.tell import Report
from analysis.tell.facts.trace import trace
from tests.tell.conftest import school, small

FILE = "990999/schools_2024.xlsx"


def rows_of(report: Report, id: str) -> list[dict[str, Any]]:
    return trace(report, id).rows.to_dicts()


def county() -> Report:
    """Two schools of 100 pupils with 500 and 2,000 m2: 5 and 20 a head, mean 12.5, coefficient 0.6."""
    place = {"file": FILE, "sheet": "2024年"}
    schools = [
        place | {"row": 4} | school("1", sports_area=500.0),
        place | {"row": 5} | school("2", sports_area=2000.0),
    ]
    about = place | {"county": "990999", "year": 2024, "table": "schools", "row": 4, "column": "sports_area"}
    report = small(schools, {"notices": [about | {"rule": "corrected", "before": "5000", "after": "500"}]})
    return replace(report, corrections=(Correction(FILE, "sports_area", "5000", "500", "多录一个零", "", row=4),))


def test_a_coefficient_can_be_worked_out_from_its_rows() -> None:
    first, second = rows_of(county(), "resources.cv_sports_area.primary")
    assert (first["school"], first["amount"], first["pupils"], first["value"]) == ("1", 500, 100, 5)
    assert (second["school"], second["weight"], second["share"]) == ("2", 0.5, 0.5)
    assert (first["file"], first["sheet"], first["row"]) == (FILE, "2024年", 4)
    assert first["correction"] == "5000 → 500 (多录一个零)"
    assert second["correction"] is None
    assert "体育运动场馆面积" in first["column"]


def test_a_floor_shows_its_school_alone_with_its_weight_among_all() -> None:
    (row,) = rows_of(county(), "resources.floor_sports_area.primary.2")
    assert (row["school"], row["value"], row["weight"]) == ("2", 20, 0.5)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("standard", ["national-2017", "national-2012"])
def test_every_finding_of_a_county_can_be_traced(sample: Callable[..., Report], standard: str) -> None:
    report = sample("990101", standard)
    every = list(report.now)
    for finding in (*(each for each in every if not each.school), *every[::25]):
        found = trace(report, finding.id)
        assert found.formula
        assert found.document == report.standard.document
        if finding.value is not None and finding.kind not in ("all", "three_years"):
            assert found.rows.height, finding.id


def test_the_rows_of_each_coefficient_give_it(sample: Callable[..., Report]) -> None:
    report = sample("990101")
    coefficients = report.now.where(kind="cv")
    assert len(coefficients) == 14
    for finding in coefficients:
        rows = [row for row in rows_of(report, finding.id) if row["counted"]]
        pupils = sum(row["pupils"] for row in rows)
        mean = sum(row["value"] * row["pupils"] for row in rows) / pupils
        spread = math.sqrt(sum(row["pupils"] * (row["value"] - mean) ** 2 for row in rows) / pupils)
        assert spread / mean == pytest.approx(finding.value, rel=1e-12)


def test_an_unknown_finding_is_told_with_those_near_it() -> None:
    with pytest.raises(RequestError, match=r"resources\.cv_sports_area\.primary"):
        trace(county(), "resources.cv_sports_area.juniors")
    with pytest.raises(RequestError, match="-"):
        trace(county(), "x")


def test_the_command_prints_it_in_each_format(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["trace", "990102", "recognition.recognition"]
    told = CliRunner().invoke(app, words).stdout
    assert "认可问卷 ÷ 有效问卷" in told
    assert "教督〔2017〕6号" in told
    rows = json.loads(CliRunner().invoke(app, [*words, "--format", "json"]).stdout)
    assert {row["finding"] for row in rows} == {"recognition.recognition"}
    assert sum(row["amount"] for row in rows) / sum(row["pupils"] for row in rows) == pytest.approx(0.9, abs=0.1)
    assert all(row["file"] and row["row"] for row in rows)
    assert {row["rule"] for row in rows} == {"不低于 0.85"}
    # What the command's users build on.
    face = "school amount pupils weight value file sheet row column correction formula rule document article"
    assert set(face.split()) <= set(rows[0])
    assert main(["trace", "990102"]) == 2
    assert "overall.all" in capsys.readouterr().err


def test_levels_and_rates_are_those_of_their_row(sample: Callable[..., Report]) -> None:
    report = sample("990101")
    known = [each for kind in ("level", "rate") for each in report.now.where(kind=kind) if each.value is not None]
    assert len(known) > 10
    for finding in known:
        (row,) = rows_of(report, finding.id)
        assert row["value"] == finding.value


def test_groups_of_a_survey_have_their_part(sample: Callable[..., Report]) -> None:
    for row in rows_of(sample("990101"), "recognition.recognition"):
        assert row["value"] == pytest.approx(row["amount"] / row["pupils"], rel=1e-12)


def test_an_item_worked_out_from_counts_shows_them() -> None:
    counts = {"teachers_certified": 40.0, "teachers_full_time": 44.0}
    rows = [{"county": "990999", "year": 2024, "item": item, "value": value} for item, value in counts.items()]
    report = small([school("1"), school("2")], {"government": rows})
    finding = next(each for each in report.now if each.item == "certificates")
    assert finding.value == pytest.approx(40 / 44)
    assert {row["part"]: row["value"] for row in rows_of(report, finding.id)} == counts
