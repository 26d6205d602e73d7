"""Findings found: by item, by kind, by any other field, in their order."""

from typing import Any

import polars as pl
import pytest

from analysis.ids import parse
from analysis.tables import FINDINGS, Field
from analysis.tell.findings import Finding, Findings

ROWS = [
    ("a", "cv_books", "primary", "met", "resources"),
    ("b", "cv_books", "junior", "not_met", "resources"),
    ("c", "cv", "junior", "met", "resources"),
    ("d", "cvs_books", "junior", "met", "resources"),
    ("e", "rate", None, "no_data", "quality"),
    ("f", "cv_area", "primary", "met", Field.PLAN.value),
]
BLANK = dict.fromkeys(FINDINGS) | {"county": "990101", "year": 2024}


@pytest.fixture
def findings() -> Findings:
    names = ("id", "item", "stage", "verdict", "field")
    rows = [BLANK | dict(zip(names, row, strict=True)) | {"kind": parse(row[1]).kind.value} for row in ROWS]
    return Findings(pl.DataFrame(rows, schema=FINDINGS))


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({}, "abcde"),
        ({"item": "cv_books"}, "ab"),
        ({"item": "cv"}, "c"),
        ({"item": "nothing"}, ""),
        ({"kind": "cv"}, "ab"),  # neither `cv` alone nor `cvs_books`
        ({"kind": "cv", "stage": "junior"}, "b"),
        ({"item": "cv_books", "kind": "cv", "verdict": "met"}, "a"),
        ({"item": "rate", "kind": "cv"}, ""),
        ({"stage": None}, "e"),
    ],
)
def test_findings_are_found_by_their_fields(findings: Findings, asked: dict[str, Any], ids: str) -> None:
    assert "".join(one.id for one in findings.where(**asked)) == ids


def test_what_is_found_may_be_changed_without_harm(findings: Findings) -> None:
    findings.where(item="cv_books").clear()
    findings.where().clear()
    assert len(findings.where(kind="cv")) == 2
    assert len(findings) == 5


def test_a_finding_is_its_row_and_stays_so(findings: Findings) -> None:
    found = findings.get("b")
    values: dict[str, Any] = BLANK | {
        "id": "b",
        "item": "cv_books",
        "kind": "cv",
        "stage": "junior",
        "verdict": "not_met",
        "field": "resources",
    }
    assert found == Finding(**values)
    with pytest.raises(AttributeError):
        found.verdict = "met"  # type: ignore[misc]
