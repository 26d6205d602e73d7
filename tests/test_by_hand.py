"""The whole way from raw workbook to finding, against the same arithmetic done as a person would, cell by cell.

Nothing of `analysis` reads or computes the expected side: openpyxl, plain loops, the formulas of the rule book, and the
limits as they are printed in 教督〔2017〕6号.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from analysis import sources, standards
from analysis.clean import clean_county
from analysis.judge import judge
from analysis.measure import measure
from analysis.project import raw

YEAR = 2024
INDICATORS = {  # id: (header, per, floor primary, floor junior)
    "advanced_degree_teachers": ("高于规定学历教师数", 100, 4.2, 5.3),
    "backbone_teachers": ("县级以上骨干教师数", 100, 1, 1),
    "pe_arts_teachers": ("体育艺术专任教师数", 100, 0.9, 0.9),
    "teaching_area": ("教学及辅助用房面积", 1, 4.5, 5.8),
    "sports_area": ("体育运动场馆面积", 1, 7.5, 10.2),
    "equipment_value": ("教学仪器设备值", 1, 2000, 2500),
    "multimedia_rooms": ("网络多媒体教室数", 100, 2.3, 2.4),
}
LIMIT = {"primary": 0.50, "junior": 0.45}
WEIGHTS = {
    "小学": {"小学": 1.0},
    "小学教学点": {"小学": 1.0},
    "初级中学": {"初中": 1.0},
    "九年一贯制学校": {"小学": 1.0, "初中": 1.1},
    "十二年一贯制学校": {"小学": 1.0, "初中": 1.1, "高中": 1.32},
    "完全中学": {"初中": 1.0, "高中": 1.2},
}
STAGES = {"primary": "小学", "junior": "初中"}


def number(cell: Any) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the school rows of one workbook as {header: cell}, money in yuan."""
    lines = list(openpyxl.load_workbook(path).active.values)
    at = next(i for i, line in enumerate(lines) if line[0] == "学校代码")
    names, group = [], ""
    for over, under in zip(lines[at], lines[at + 1], strict=True):
        group = over or group
        names.append(f"{group.split('（')[0]}/{under}" if under else group)
    for line in lines[at + 2 :]:
        if str(line[0]).isdigit():
            found = {}
            for name, cell in zip(names, line, strict=True):
                money = 10_000 if name.endswith("（万元）") else 1
                bare = name.split("（")[0]
                found[bare] = number(cell) * money if bare.endswith(("设备值", "预算", "经费")) else cell
            yield found


def by_hand(path: Path, stage: str) -> dict[str, dict[str, Any]]:
    """Return {indicator: {values: {school: value}, mean, cv}} of one stage."""
    zh, expected = STAGES[stage], {}
    schools = [row for row in rows(path) if row["办学类型"] in WEIGHTS]
    schools = [row for row in schools if zh in WEIGHTS[row["办学类型"]] and number(row[f"在校学生数/{zh}"]) > 0]
    schools = [row for row in schools if not (row["办学类型"] == "小学教学点" and number(row["在校学生数/小学"]) < 50)]
    for indicator, (header, per, *_) in INDICATORS.items():
        amounts, pupils = {}, {}
        for row in schools:
            weights = WEIGHTS[row["办学类型"]]
            weighted = {name: weight * number(row[f"在校学生数/{name}"]) for name, weight in weights.items()}
            part = weighted[zh] / sum(weighted.values())
            by_stage = row.get(f"{header}/{zh}")
            whole = row.get(header, row.get(f"{header}/全校"))
            amounts[row["学校代码"]] = number(by_stage) if by_stage is not None else number(whole) * part
            pupils[row["学校代码"]] = number(row[f"在校学生数/{zh}"])
        total = sum(pupils.values())
        mean = sum(amounts.values()) / total
        spread = math.sqrt(sum(pupils[s] / total * (amounts[s] / pupils[s] - mean) ** 2 for s in amounts))
        values = {school: per * amounts[school] / pupils[school] for school in amounts}
        expected[indicator] = {"values": values, "mean": per * mean, "cv": spread / mean}
    return expected


@pytest.fixture(scope="module", params=["990102", "990104", "990106", "990109"])
def county(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, pl.DataFrame]:
    code = str(request.param)
    standard = standards.load("national-2017")
    records = clean_county(sources.load(raw()), code, tmp_path_factory.mktemp("processed"))
    return code, judge(measure(records, standard), records, standard, code, YEAR)


@pytest.mark.parametrize("stage", STAGES)
def test_coefficients_and_their_verdicts(county: tuple[str, pl.DataFrame], stage: str) -> None:
    code, findings = county
    for indicator, expected in by_hand(raw() / code / f"schools_{YEAR}.xlsx", stage).items():
        row = findings.row(by_predicate=pl.col("id") == f"resources.cv_{indicator}.{stage}", named=True)
        assert row["value"] == pytest.approx(expected["cv"], rel=1e-12)
        if len(expected["values"]) == 1:
            assert row["verdict"] == "not_applicable"
        else:
            assert row["verdict"] == ("met" if expected["cv"] <= LIMIT[stage] else "not_met")


@pytest.mark.parametrize("stage", STAGES)
def test_every_school_against_every_floor(county: tuple[str, pl.DataFrame], stage: str) -> None:
    code, findings = county
    expected = by_hand(raw() / code / f"schools_{YEAR}.xlsx", stage)
    floors = {name: parts[2 + list(STAGES).index(stage)] for name, parts in INDICATORS.items()}
    for indicator, found in expected.items():
        judged = findings.filter(pl.col("item") == f"floor_{indicator}", pl.col("stage") == stage)
        judged = judged.filter(pl.col("verdict") != "not_applicable")
        assert dict(judged.select("school", "value").iter_rows()) == pytest.approx(found["values"], rel=1e-12)
        verdicts = {s: "met" if value >= floors[indicator] else "not_met" for s, value in found["values"].items()}
        assert dict(judged.select("school", "verdict").iter_rows()) == verdicts


@pytest.mark.parametrize("stage", STAGES)
def test_the_school_rule(county: tuple[str, pl.DataFrame], stage: str) -> None:
    code, findings = county
    expected = by_hand(raw() / code / f"schools_{YEAR}.xlsx", stage)
    floors = {name: parts[2 + list(STAGES).index(stage)] for name, parts in INDICATORS.items()}
    verdicts = {}
    for school in next(iter(expected.values()))["values"]:
        parts = sorted(expected[name]["values"][school] / floors[name] for name in INDICATORS)
        verdicts[school] = "met" if parts[1] >= 1 and parts[0] >= 0.85 else "not_met"
    judged = findings.filter(pl.col("item") == "school_rule", pl.col("stage") == stage)
    judged = judged.filter(pl.col("verdict") != "not_applicable")
    assert dict(judged.select("school", "verdict").iter_rows()) == verdicts
    share = findings.row(by_predicate=pl.col("id") == f"resources.schools.{stage}", named=True)
    assert share["value"] == pytest.approx(sum(v == "met" for v in verdicts.values()) / len(verdicts), rel=1e-12)
