"""What a report says of a county that an office keeps itself, and does not say of one that it has no need to."""

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from analysis.tell import Report
from analysis.tell.case.setting import SourceFile
from analysis.tell.documents.opening import used
from analysis.tell.facts.ledger import ledger_of
from analysis.tell.parts.chapters.government import unproven
from tests.tell.conftest import school, small, told

FILE = "990999/schools_2024.xlsx"
PLACE = {"county": "990999", "year": 2024, "table": "schools", "file": FILE, "sheet": "表"}


def report(**tables: list[dict[str, Any]]) -> Report:
    return small([PLACE | {"row": number} | school(f"99099900{number}") for number in (2, 3)], tables)


SAID = {
    ("", "720"): {"zh": "原为空缺，更正为“720”", "en": "from a blank to “720”"},
    ("72", "720"): {"zh": "由“72”更正为“720”", "en": "from “72” to “720”"},
    ("72", ""): {"zh": "由“72”更正为空缺", "en": "from “72” to a blank"},
}


@pytest.mark.parametrize("cells", SAID)
def test_a_cell_that_was_blank_or_is_cleared_is_said_to_be(cells: tuple[str, str]) -> None:
    notice = {"row": 2, "column": "pupils_primary", "rule": "corrected", "before": cells[0], "after": cells[1]}
    mended = report(notices=[PLACE | notice])
    for chapter in ("method", "data"):
        for lang, said in told(mended, chapter).items():
            assert [key for key, each in SAID.items() if each[lang] in said] == [cells], (chapter, lang)


@pytest.mark.parametrize("there", ["4", "5"])
def test_the_row_that_a_row_repeats_is_told(there: str) -> None:
    aside = [PLACE | {"row": 9, "cells": "{}", "rules": ["repeated"]}]
    notice = [PLACE | {"row": 9, "column": "", "rule": "repeated", "before": "表", "after": there}]
    said = told(report(quarantine=aside, notices=notice), "method")
    assert f"与“表”第 {there} 行完全相同" in said["zh"]
    assert f"It repeats row {there} of '表'" in said["en"]


def source(file: str, year: int) -> SourceFile:
    return SourceFile(file, "", "", "", file.partition("/")[2].partition("_")[0], year, registered=True, sha256="")


def test_a_report_uses_files_up_to_its_year_and_later_ones_with_results_up_to_it() -> None:
    files = tuple(source(f"990999/{name}.xlsx", int(name[-4:])) for name in ("schools_2024", "monitoring_2025"))
    result = {"county": "990999", "file": files[1].file, "grade": 4, "subject": "mathematics", "rate": 0.1}

    def names(year: int) -> list[str]:
        report = small([school("a"), school("b")], {"monitoring": [result | {"year": year}]}, source_files=files)
        return [file.file for file in used(report)]

    assert names(2024) == [file.file for file in files]
    assert names(2025) == [files[0].file]


def test_what_is_reported_as_met_without_a_document_is_unproven_and_a_blank_row_is_not() -> None:
    def items(**cells: Any) -> list[str]:
        row = {"county": "990999", "year": 2024, "item": "charter"} | cells
        shaped = {"value": None, "answer": None, "evidence": None} | row
        report = small([school("a"), school("b")], {"government": [shaped]})
        return [finding.item for finding in unproven(report)]

    assert items(answer="yes") == ["charter"]
    assert items() == []
    assert items(answer="no") == []
    assert items(answer="yes", evidence="章程") == []


def test_a_line_that_a_later_year_opened_is_not_lost_to_an_earlier_report_and_a_wrong_id_is() -> None:
    rows = [school(code, year) for year in (2023, 2024) for code in ("a", "b")]
    rows[2] |= {"sports_area": 300.0}
    id = "resources.floor_sports_area.primary.a"

    def lost(name: str) -> list[str]:
        report: Report = small(rows, year=2023)
        entry = dict.fromkeys(report.entries.columns, "") | {"id": name, "measure": "扩建"}
        return ledger_of(replace(report, entries=pl.DataFrame([entry], schema=report.entries.schema))).lost

    assert lost(id) == []
    assert lost(f"{id}x") == [f"{id}x"]
