"""The journey of README.zh.md from an empty folder, through workbooks and commands alone: no YAML, no program.

The first part, without documents, is quick; the whole year with all documents is slow.
"""

import json
import re
import shutil
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.cell import Cell

from analysis import project, sources
from analysis.judge import cached
from analysis.read.ledger import columns
from tests.clean.test_first_day import COEFFICIENTS, INDICATORS
from tests.journey.office import CASES, COUNTY, OWN, YEAR, Office


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Office:
    monkeypatch.setenv("JUNHENG_PROCESSED", str(tmp_path / "processed"))
    return Office(tmp_path, capsys)


def collected(office: Office) -> None:
    """From the empty folder to the answers of the schools."""
    code, said = office.types("new", COUNTY, "双流区", "--year", YEAR, "--en", "Shuangliu", out=False)
    assert code == 0
    assert "四川省 成都市" in said
    last = CASES / "first" / "schools_2023.xlsx"
    assert office.types("add", last, "--publisher", "双流区教育局", "--date", "2023-10", out=False)[0] == 0
    office.lists_schools()
    code, said = office.types("collect", COUNTY, "--year", YEAR, "--due", "2099-10-15")
    assert code == 0
    assert "35 所学校" in said
    back = office.folder / "back"
    office.receives(back)
    doubled = next(back.glob("*双流中学.xlsx"))
    book = openpyxl.load_workbook(doubled)
    book["学校基本情况"]["E30"] = 1
    book.save(back / "双流中学 改.xlsx")
    late = next(back.glob("*实验小学.xlsx"))
    shutil.move(late, office.folder / late.name)
    code, said = office.types("collect", COUNTY, back)
    assert code == 1
    assert "双流中学 有几份不同的工作簿" in said
    assert "还没有交的 2 所" in said
    (back / "双流中学 改.xlsx").unlink()
    shutil.move(office.folder / late.name, back)
    code, said = office.types("collect", COUNTY, back)
    assert code == 0
    assert "还没有交的" not in said
    code, said = office.types("check", COUNTY)
    assert code == 1
    assert all(word in said for word in ("约7000", "157.94", "白家小学"))
    answers = office.folder / "answers"
    assert office.answers(answers) == 3
    code, said = office.types("collect", COUNTY, answers)
    assert code == 0, said
    assert "3 条成为更正" in said


def own_tables(office: Office) -> None:
    """Register what the county has itself, with its mistakes, and put them right in the workbook of decisions."""
    files = [CASES / "first" / f"{name}_{YEAR}.xlsx" for name in OWN]
    assert office.types("add", *files, "--publisher", "双流区教育局", "--date", "2024-10", out=False)[0] == 0
    assert "96.3" in office.types("check", COUNTY)[1]
    page = openpyxl.load_workbook(CASES / "first" / f"government_{YEAR}.xlsx").worksheets[0]
    place = next(cell.coordinate for row in page.iter_rows() for cell in row if cell.value == 96.3)
    row = [f"government_{YEAR}.xlsx", "", place, 96.3, 0.963, "漏写百分号", "张科长", "2024-11-05"]
    office.decides("更正", row)
    assert "96.3，" not in office.types("check", COUNTY)[1]


def test_an_office_collects_mends_and_judges_without_yaml(office: Office) -> None:
    collected(office)
    own_tables(office)
    code, said = office.types("status", COUNTY, out=False)
    assert code == 0
    assert re.search(r"教育质量：(未)?达到", said)
    found = coefficients(office)
    expected = {
        f"resources.cv_{indicator}.{stage}": value
        for stage in ("primary", "junior")
        for indicator, value in zip(INDICATORS, COEFFICIENTS[YEAR, stage], strict=True)
    }
    assert {id_: found[id_] for id_ in expected} == pytest.approx(expected, abs=5e-5)
    assert not list(office.data.rglob("corrections.yml"))


def coefficients(office: Office) -> dict[str, float]:
    """Return the county's findings of the year by id, as they are judged from what lies in its folder."""
    catalogue = sources.load(office.data)
    _, judged = cached.open_county(catalogue, COUNTY, project.processed(office.data), "national-2017", None)
    assert judged is not None
    return dict(judged.findings.filter(pl.col("school").is_null(), year=YEAR).select("id", "value").iter_rows())


def filled_ledger(office: Office) -> None:
    """Write the ledger's workbook, fill in a line and one of one's own."""
    assert office.types("ledger", COUNTY)[0] == 0
    path = office.data / "ledger" / f"{COUNTY}.xlsx"
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    place = {name: position for position, name in enumerate(columns(), start=1)}
    values = {"holder": "双流区教育局", "measure": "扩建操场", "person": "王局长", "date": "2026年底前"}
    for name, text in values.items():
        page.cell(2, place[name]).value = text
    book.save(path)
    assert "已填写 1 条" in office.types("ledger", COUNTY)[1]


def field_checked(office: Office) -> None:
    """Draw schools, fill in what was seen there, and have it told."""
    assert office.types("fieldcheck", COUNTY, "--schools", 3)[0] == 0
    path = office.data / "fieldcheck" / f"{COUNTY}_{YEAR}.xlsx"
    book = openpyxl.load_workbook(path)
    rows = (row for sheet in book.worksheets for row in sheet.iter_rows(max_row=8))
    head = next(row for row in rows if "核实值" in [cell.value for cell in row])
    page = head[0].parent
    reported, verified = ([cell.value for cell in head].index(name) for name in ("填报值", "核实值"))
    for row in page.iter_rows(min_row=head[0].row + 1):
        if isinstance(row[verified], Cell) and row[verified].value is None:
            row[verified].value = row[reported].value
    book.save(path)
    assert "与填报一致的占 100%" in office.types("fieldcheck", COUNTY)[1]


def next_year(office: Office) -> None:
    """Collect the next year, with last year's values beside the empty cells, report it, and tell what changed."""
    year = YEAR + 1
    code, said = office.types("collect", COUNTY, "--year", year)
    assert code == 0
    assert f"35 所学校 {year} 年" in said
    folder = office.out / "collect" / COUNTY / str(year)
    book = openpyxl.load_workbook(next(folder.glob("*实验小学.xlsx")))
    assert 1980 in [row[3].value for row in book["学校基本情况"].iter_rows()]
    back = office.folder / "back of next year"
    office.receives(back, CASES / "mended", year)
    assert office.types("collect", COUNTY, back)[0] == 0
    files = office.own_tables(CASES / "mended", year)
    code, said = office.types("add", *files, "--publisher", "双流区教育局", "--date", f"{year}-10", out=False)
    assert code == 0, said
    assert office.types("report", COUNTY, "--date", f"{year}-12-01")[0] == 0
    results = json.loads((office.out / COUNTY / str(year) / "results.json").read_text(encoding="utf-8"))
    assert results["year"] == year
    code, said = office.types("diff", office.out / COUNTY / str(YEAR), office.out / COUNTY / str(year))
    assert code == 0, said
    assert f"{year}" in said
    assert not re.search(r"\d\.\d{6,}", said)
    assert not list(office.data.rglob("corrections.yml"))


@pytest.mark.slow
def test_the_whole_year(office: Office, tmp_path: Path) -> None:
    collected(office)
    own_tables(office)
    assert office.types("report", COUNTY, "--status", "draft")[0] == 0
    draft = office.out / COUNTY / str(YEAR) / "draft"
    (draft / "report.docx").write_bytes((draft / "report.docx").read_bytes() + b" ")  # somebody's edit
    office.decides("列名", ["schools 学校", "某列", "township 乡镇"])
    assert office.types("report", COUNTY, "--status", "draft")[0] == 0
    assert list(draft.glob("report.edited-*.docx"))
    filled_ledger(office)
    assert office.types("report", COUNTY, "--date", "2024-12-01", "--formats", "html,pdf,docx,xlsx,figures")[0] == 0
    final = office.out / COUNTY / str(YEAR)
    assert (final / "report.pdf").is_file()
    annex = openpyxl.load_workbook(final / "annex.xlsx")["整改台账"]
    assert {"扩建操场", "王局长", "2026年底前"} <= {cell.value for row in annex.iter_rows() for cell in row}
    field_checked(office)
    assert "与" in office.types("diff", COUNTY)[1]
    next_year(office)
    results = json.loads((final / "results.json").read_text(encoding="utf-8"))
    assert results["county"] == COUNTY
    steps = "\n".join(f"{seconds:6.1f} s  {code}  junheng {step}" for step, code, seconds in office.steps)
    (tmp_path / "steps.txt").write_text(steps, encoding="utf-8")
