"""The workbook: sheets, live coefficients, words that stay words."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from xlsxwriter.worksheet import Worksheet

from analysis import project
from analysis.read.ledger import columns
from analysis.render import Meta, annex
from analysis.render.meta import words_of
from analysis.tell import Report
from analysis.tell.facts.ledger import ledger_of
from analysis.tell.parts.table import Cell, Table


@pytest.fixture(scope="module")
def workbook(report: Report, meta: Meta, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("annex") / "annex.xlsx"
    annex.write(report, path, meta)
    return path


def coefficients(path: Path, *, column: int = 6) -> list[float | None]:
    sheet = openpyxl.load_workbook(path, data_only=True)["差异系数"]
    rows = [row for row in sheet.iter_rows(min_row=4) if row[0].value in {"小学", "初中"}]
    return [row[column - 1].value for row in rows]


def expected(report: Report) -> list[float | None]:
    return [
        report.measured.stage(report.year, stage, indicator, "cv")
        for stage in report.stage_ids
        for indicator in report.standard.indicators
    ]


def recalculated(path: Path, folder: Path) -> Path:
    """Let LibreOffice calculate the workbook anew: values stored in formula cells are taken out first."""
    bare = folder / "bare.xlsx"
    with zipfile.ZipFile(path) as given, zipfile.ZipFile(bare, "w", zipfile.ZIP_DEFLATED) as taken:
        for entry in given.infolist():
            data = given.read(entry)
            if entry.filename.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
            taken.writestr(entry, data)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    subprocess.run([*command, str(folder / "done"), str(bare)], check=True, capture_output=True, timeout=120)
    return folder / "done" / "bare.xlsx"


def test_stored_values_are_those_of_the_report(workbook: Path, report: Report) -> None:
    assert coefficients(workbook) == expected(report)
    assert coefficients(workbook, column=7) == pytest.approx(expected(report), rel=1e-14)


def test_every_coefficient_is_a_formula(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    sheet = book["差异系数"]
    rows = [row for row in sheet.iter_rows(min_row=4) if row[0].value in {"小学", "初中"}]
    assert rows
    assert all(str(row[5].value).startswith("='系数_") for row in rows)
    assert "SQRT" in str(book["系数_初中"]["E5"].value)


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_calculates_the_same(workbook: Path, report: Report, tmp_path: Path) -> None:
    done = coefficients(recalculated(workbook, tmp_path))
    assert done == pytest.approx(expected(report), rel=1e-9)


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_changed_input_changes_its_coefficient_alone(workbook: Path, report: Report, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    sheet = book["系数_初中"]
    sheet["D9"] = sheet["D9"].value * 3
    book.save(tmp_path / "changed.xlsx")
    now = coefficients(recalculated(tmp_path / "changed.xlsx", tmp_path))
    before = expected(report)
    differs = [i for i, (a, b) in enumerate(zip(now, before, strict=True)) if a != pytest.approx(b, rel=1e-9)]
    assert differs == [len(report.standard.indicators)]


def test_no_formula_has_a_function_that_files_know_by_another_name(workbook: Path) -> None:
    sheets = openpyxl.load_workbook(workbook).worksheets
    cells = [cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row]
    formulas = {cell for cell in cells if isinstance(cell, str) and cell.startswith("=")}
    assert len(formulas) > 100
    assert {Worksheet()._prepare_formula(formula, expand_future_functions=True) for formula in formulas} == {
        formula.removeprefix("=") for formula in formulas
    }


def test_every_table_of_the_notebook_has_a_sheet() -> None:
    notebook = (project.notebooks() / "county_report.ipynb").read_text(encoding="utf-8")
    shown = set(re.findall(r'report\.table\(\\"(\w+)', notebook))
    assert len(shown) > 10
    # The report parts the ledger into open and closed lines, the sheet has all of them.
    parts = {"ledger_unknown", "ledger_closed"}
    assert parts < shown
    # The evidence list, and each line that is not met, are in the workbook alone; the report puts the others together.
    sheets = {annex.FIRST, *annex.TABLES} - {"evidence", "problems"}
    together = {"basics", "resources", "failing", "advice"}
    # The actions of the plan of least cost are one by one in the workbook, in the report where they are few.
    shown = shown - {"least_cost_print"} | {"least_cost"}
    assert (shown - parts - together | {"ledger"}) - {"coefficients"} == sheets
    for lang in ("zh", "en"):
        titles = words_of(lang)["annex"]["sheets"]
        assert {*annex.TABLES, "coefficients", "sources"} <= titles.keys()
        assert all(len(title) <= 31 for title in titles.values())


def test_each_sheet_is_marked_and_frozen(workbook: Path, meta: Meta) -> None:
    for sheet in openpyxl.load_workbook(workbook):
        assert sheet["A2"].value == meta.mark, sheet.title
        assert sheet.freeze_panes is not None, sheet.title


def test_no_sheet_prints_in_type_too_small_to_read(workbook: Path) -> None:
    for sheet in openpyxl.load_workbook(workbook):
        pages = sheet.page_setup.fitToWidth or 1
        # A character is seven pixels wide; a page of A4 across has room for 990 of them at full size (10 points).
        pixels = sum(
            (column.width * 7 + 5) * (column.max - column.min + 1) for column in sheet.column_dimensions.values()
        )
        assert 10 * min(1, 990 / (pixels / pages)) >= 6.5, sheet.title


def test_failing_cells_are_shaded_by_condition(workbook: Path, report: Report) -> None:
    book = openpyxl.load_workbook(workbook)
    assert book["学校_初中"].conditional_formatting
    assert book["差异系数"].conditional_formatting


def test_words_never_become_formulas(
    report: Report, meta: Meta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = ((Cell("=HYPERLINK(1)"), Cell("+1", number=True)), (Cell("@x"), Cell("-2")))
    frame = pl.DataFrame({"a": ["=H", "@"], "b": [None, None]})
    made = Table("x", "c", frame, ("a", "b"), ("a", "b"), (False, True), cells)
    monkeypatch.setattr(type(report), "table", lambda self, name: made if name == "fields" else None)
    annex.write(report, tmp_path / "a.xlsx", meta)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet2.xml")
        assert b"quotePrefix" in book.read("xl/styles.xml")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["结论"]["A4"].value == "=HYPERLINK(1)"


def test_a_column_that_is_not_shown_moves_no_other(
    report: Report, meta: Meta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = ((Cell("0.47", number=True),),)
    frame = pl.DataFrame({"hidden": [9.0], "cv": [0.4711]})
    made = Table("x", "c", frame, ("cv",), ("系数",), (True,), cells)
    monkeypatch.setattr(type(report), "table", lambda self, name: made if name == "fields" else None)
    annex.write(report, tmp_path / "a.xlsx", meta)
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["结论"]["A4"].value == 0.4711


def test_the_same_report_gives_the_same_bytes(report: Report, meta: Meta, workbook: Path, tmp_path: Path) -> None:
    annex.write(report, tmp_path / "again.xlsx", meta)
    assert (tmp_path / "again.xlsx").read_bytes() == workbook.read_bytes()


def test_to_the_public_no_formula_leads_back_to_a_school(report: Report, meta: Meta, tmp_path: Path) -> None:
    import dataclasses

    public = dataclasses.replace(report, audience="public")
    annex.write(public, tmp_path / "public.xlsx", meta)
    book = openpyxl.load_workbook(tmp_path / "public.xlsx")
    assert "系数_初中" not in book.sheetnames
    names = set(report.rows["name"].to_list())
    shown = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert not names & shown


def test_the_ledger_has_the_columns_of_the_workbook_that_people_fill_in(workbook: Path, report: Report) -> None:
    rows = list(openpyxl.load_workbook(workbook)["整改台账"].iter_rows(min_row=3, values_only=True))
    assert rows[0] == (*(told["zh"] for told in columns().values()), "状态")
    assert [row[list(columns()).index("id")] for row in rows[1:]] == ledger_of(report).lines["id"].to_list()
    assert all(isinstance(row[list(columns()).index("opened")], int) for row in rows[1:])


def test_the_evidence_list_has_every_item_with_what_shows_it(workbook: Path, report: Report) -> None:
    rows = list(openpyxl.load_workbook(workbook)["佐证目录"].iter_rows(min_row=4, values_only=True))
    states = {row[1]: (row[3], row[11]) for row in rows if row[11]}
    for item in report.standard.items:
        document, state = states[report.label(item)]
        reported = report.records.government.filter(item=item, year=report.year)["evidence"].drop_nulls().to_list()
        if report.standard.items[item].kind != "computed":
            assert (document, state) == ((reported[0], "有") if reported else ("—", "缺"))
    assert {state for _, state in states.values()} <= {"有", "缺", "本年不要求"}
