"""Each rule of computed items on both sides of its boundary, on paper: cases/rules/<rule>.yml, or a case of a plan.

A case gives the parameters of an item (and its target, where that is not all), and by the verdict that they must have
the rows of one county's tables, of school 1 where they name no other.
"""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis import standards
from analysis.clean import values
from analysis.clean.records import of_frames
from analysis.judge import county_items
from analysis.standards import rules
from analysis.standards.items import Item
from tests.standards.inputs import loaded, plan_of

FOLDER = Path(__file__).parent / "cases"
COUNTY, YEAR = "990101", 2024
CASES = {path.stem: loaded(path) for path in sorted((FOLDER / "rules").glob("*.yml"))}
VERDICTS = ("met", "not_met", "no_data")
SCHOOL = {"name": "1", "school_type": "primary", "run_by": "county", "area": "rural", "pupils_primary": 100}


def item(rule: str, parameters: dict[str, Any], target: float = 1) -> Item:
    told = {"field": "government", "label": {"zh": rule, "en": rule}, "kind": "computed", "rule": rule}
    return Item.model_validate(
        told
        | {"parameters": parameters, "number": 1, "article": "", "schools": [{"school_type": ["primary", "nine_year"]}]}
        | {"target": {"sense": "at_least", "unit": "share", "values": [{"from": date(2017, 1, 1), "value": target}]}}
    )


def verdict(rule: str, parameters: dict[str, Any], tables: dict[str, list[dict[str, Any]]], target: float = 1) -> str:
    base = {"county": COUNTY, "year": YEAR}
    of_school = {"school": "1"}
    rows = {
        name: pl.DataFrame(
            [
                base | (of_school if name != "government" else {}) | (SCHOOL if name == "schools" else {}) | row
                for row in given
            ]
        )
        for name, given in tables.items()
    }
    records = of_frames(COUNTY, rows)
    asked = item(rule, parameters, target)
    standard = standards.load("national-2017").model_copy(update={"items": {"asked": asked}})
    frames = {
        name: values.marked(frame, records.notices, name) for name, frame in records.frames().items() if name in DUTIES
    }
    cells = pl.DataFrame({"county": [COUNTY], "year": [YEAR]}, schema={"county": pl.String, "year": pl.Int32})
    found = county_items.findings(
        frames | {"quarantine": records.quarantine}, standard, cells, {YEAR: date(YEAR, 12, 31)}
    )
    return str(found.filter((pl.col("item") == "asked") & pl.col("school").is_null())["verdict"].item())


DUTIES = ("schools", "classes", "rooms", "teachers", "government", "monitoring")


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_holds_on_both_sides_of_its_boundary(rule: str) -> None:
    case = CASES[rule]
    assert {"met", "not_met"} <= set(case)
    for expected in VERDICTS:
        if expected in case:
            assert verdict(rule, case["parameters"], case[expected], case.get("target", 1)) == expected, expected


def test_every_rule_has_a_case() -> None:
    of_plans = {
        item.rule
        for path in FOLDER.glob("*.yml")
        for case in loaded(path)
        if (item := plan_of(path.stem).standard.items.get(case["item"]))
    }
    assert set(rules.names()) <= of_plans | set(CASES)


def test_every_reason_that_a_rule_gives_is_its_own_or_a_common_one() -> None:
    own = {reason: name for name, rule in rules.every().items() for reason in rule.reasons}
    assert set(own) <= set(standards.vocabulary()["reasons"])
    for reason, name in own.items():
        text = (Path(rules.__file__).parents[1] / "judge" / "rules" / f"{name}.py").read_text(encoding="utf-8")
        assert f'"{reason}"' in text, reason
