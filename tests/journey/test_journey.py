"""The journey of README.zh.md from an empty folder, through workbooks and commands alone: no YAML, no program.

Collecting, mending and judging, without documents, is quick; the whole year with all documents is slow. It is gone
twice: by `junheng` alone, and through make.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from analysis import project, sources
from analysis.judge import cached
from tests.clean.test_first_day import COEFFICIENTS, INDICATORS
from tests.journey import papers
from tests.journey.maker import Maker
from tests.journey.office import CASES, COUNTY, OWN, YEAR, Office

BUREAU = "双流区教育局"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Office:
    monkeypatch.setenv("JUNHENG_PROCESSED", str(tmp_path / "processed"))
    return Office(tmp_path, capsys)


def collected(office: Office) -> None:
    """From the empty folder to the answers of the schools."""
    code, said = office.does("new", COUNTY, name="双流区", year=YEAR)
    assert code == 0
    assert "四川省 成都市" in said
    assert office.does("new", COUNTY, en="Shuangliu")[0] == 0  # as the last command told
    last = CASES / "first" / "schools_2023.xlsx"
    assert office.does("add", file=last, publisher=BUREAU, date="2023年10月")[0] == 0
    office.lists_schools()
    code, said = office.does("collect", COUNTY, year=YEAR, due="2099年10月15日")
    assert code == 0
    assert "35 所学校" in said
    back = office.folder / "back"
    office.receives(back)
    returned_with_mistakes(office, back)
    code, said = office.does("check", COUNTY)
    assert code != 0
    assert all(word in said for word in ("约7000", "157.94", "白家小学"))
    answers = office.folder / "answers"
    assert office.answers(answers) == 3
    code, said = office.does("collect", COUNTY, folder=answers)
    assert code == 0, said
    assert "3 条成为更正" in said


def returned_with_mistakes(office: Office, back: Path) -> None:
    """One school sends two workbooks that differ, one is late, one edits a locked cell; then they mend it."""
    doubled = next(back.glob("*双流中学.xlsx"))
    book = openpyxl.load_workbook(doubled)
    book["学校基本情况"]["E30"] = 1
    book.save(back / "双流中学 改.xlsx")
    edited = next(back.glob("*棠湖小学.xlsx"))
    whole = edited.read_bytes()
    book = openpyxl.load_workbook(edited)
    book["学校基本情况"]["E5"] = "棠湖小学（新名）"
    book.save(edited)
    late = next(back.glob("*实验小学.xlsx"))
    shutil.move(late, office.folder / late.name)
    code, said = office.does("collect", COUNTY, folder=back)
    assert code != 0
    assert "双流中学 有几份不同的工作簿" in said
    assert "还没有交的 2 所" in said
    assert re.search("棠湖小学.*E5 不是要填的格子.*棠湖小学（新名）", said)
    (back / "双流中学 改.xlsx").unlink()
    edited.write_bytes(whole)
    shutil.move(office.folder / late.name, back)
    code, said = office.does("collect", COUNTY, folder=back)
    assert code == 0
    assert "还没有交的" not in said
    assert "棠湖小学（新名）" not in said


def own_tables(office: Office) -> None:
    """Register what the county has itself, with its mistakes, and put them right in the workbook of decisions."""
    for name in OWN:
        file = CASES / "first" / f"{name}_{YEAR}.xlsx"
        assert office.does("add", file=file, publisher=BUREAU, date="2024-10")[0] == 0
    assert "96.3" in office.does("check", COUNTY)[1]
    page = openpyxl.load_workbook(CASES / "first" / f"government_{YEAR}.xlsx").worksheets[0]
    place = next(cell.coordinate for row in page.iter_rows() for cell in row if cell.value == 96.3)
    row = [f"government_{YEAR}.xlsx", "", place, 96.3, 0.963, "漏写百分号", "张科长", "2024.11.5"]
    office.decides("更正", row)
    assert "96.3，" not in office.does("check", COUNTY)[1]
    page_of_check = (office.out / "check" / COUNTY / "index.html").read_text(encoding="utf-8")
    assert "张科长 2024-11-05" in page_of_check


def test_an_office_collects_mends_and_judges_without_yaml(office: Office) -> None:
    collected(office)
    own_tables(office)
    code, said = office.does("status", COUNTY)
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


def written(office: Office) -> Path:
    """Draft, edit the Word document, fill in the ledger and the evidence, and make it final; return its folder."""
    assert office.does("report", COUNTY, status="draft")[0] == 0
    final = office.out / COUNTY / str(YEAR)
    draft = final / "draft"
    papers.edited(draft / "report.docx")
    office.decides("县填文字", [YEAR, "下步打算", "三年内补齐运动场地", "", "是"])
    assert office.does("report", COUNTY, status="draft")[0] == 0
    assert "（科长改过）" in papers.text(next(draft.glob("report.edited-*.docx")))
    papers.filled_ledger(office)
    papers.filled_evidence(office)
    code, said = office.does("report", COUNTY, date="2024年12月1日", formats="html,pdf,docx,xlsx,figures")
    assert code == 0, said
    assert {"report.html", "report.pdf", "report.docx", "annex.xlsx", "figures"} <= {
        each.name for each in final.iterdir()
    }
    assert "与" in office.does("diff", a=COUNTY)[1]
    return final


def told(office: Office, final: Path) -> None:
    """Have the sheets of an office made, and find on them what people typed in."""
    papers.field_checked(office)
    for command in ("deadlines", "warning", "notice", "selfassessment", "calendar"):
        code, said = office.does(command, COUNTY)
        assert code == 0, (command, said)
    due = {
        "report.docx": ["三年内补齐运动场地", "扩建操场", "校车"],
        "annex.xlsx": ["扩建操场", "王局长", "2026年底前", "校车", "3辆", "5辆", "赵某", "双教发〔2024〕7号"],
        "deadlines.html": ["扩建操场", "王局长", "校车"],
        "evidence.xlsx": ["校舍台账", "双教发〔2024〕7号", "第12页", "教育局办公室"],
        "fieldcheck.docx": ["现场多出一间", "2024年11月20日"],
        "selfassessment.docx": ["三年内补齐运动场地"],
    }
    lacking = {name: [word for word in words if word not in papers.text(final / name)] for name, words in due.items()}
    assert {name: words for name, words in lacking.items() if words} == {}
    assert (final / "application.docx").is_file()
    (notice,) = final.glob("public-*/notice.docx")
    assert "小学" in papers.text(notice)
    assert "实验小学" not in papers.text(notice)


def watched(office: Office) -> None:
    """Watch the county, save a workbook, and see it told in the terminal and on the page; then stop it."""
    log, page = office.folder / "watch.txt", office.out / "watch" / f"{COUNTY}.html"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            office.watching(), cwd=project.root(), env=os.environ | {"PYTHONUNBUFFERED": "1"}, stdout=stream,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        papers.until(lambda: "总体结论" in log.read_text(encoding="utf-8"))
        path = office.data / COUNTY / f"survey_{YEAR + 1}.xlsx"
        book = openpyxl.load_workbook(path)
        row = next(row for row in book.worksheets[0].iter_rows() if row[0].value == "学生")
        row[2].value = "约480"
        begun = time.monotonic()
        book.save(path)
        papers.until(lambda: "约480" in log.read_text(encoding="utf-8") and "约480" in page.read_text(encoding="utf-8"))
        office.noted("(saved to shown, watching)", 0, begun, "")
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
    assert "已停止" in log.read_text(encoding="utf-8")
    row[2].value = 478
    book.save(path)


def next_year(office: Office) -> None:
    """Collect the next year, with last year's values beside the empty cells, report it, and tell what changed."""
    year = YEAR + 1
    code, said = office.does("new", COUNTY, year=year)
    assert code == 0, said
    code, said = office.does("collect", COUNTY, year=year)
    assert code == 0
    assert f"35 所学校 {year} 年" in said
    folder = office.out / "collect" / COUNTY / str(year)
    book = openpyxl.load_workbook(next(folder.glob("*实验小学.xlsx")))
    assert 1980 in [row[3].value for row in book["学校基本情况"].iter_rows()]
    back = office.folder / "back of next year"
    office.receives(back, CASES / "mended", year)
    assert office.does("collect", COUNTY, folder=back)[0] == 0
    for file in office.own_tables(CASES / "mended", year):
        code, said = office.does("add", file=file, publisher=BUREAU, date=f"{year}-10")
        assert code == 0, said
    assert office.does("report", COUNTY, date=f"{year}-12-01")[0] == 0
    results = json.loads((office.out / COUNTY / str(year) / "results.json").read_text(encoding="utf-8"))
    assert results["year"] == year
    code, said = office.does("diff", a=office.out / COUNTY / str(YEAR), b=office.out / COUNTY / str(year))
    assert code == 0, said
    assert f"{year}" in said
    assert not re.search(r"\d\.\d{6,}", said)


@pytest.mark.slow
@pytest.mark.parametrize("way", [Office, pytest.param(Maker, marks=papers.NEEDS_MAKE)])
def test_the_whole_year(
    way: type[Office], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JUNHENG_PROCESSED", str(tmp_path / "processed"))
    office = way(tmp_path, capsys)
    collected(office)
    own_tables(office)
    told(office, written(office))
    next_year(office)
    watched(office)
    assert "总体结论" in office.does("status", COUNTY)[1]
    assert not [
        path for path in office.data.rglob("*.yml") if path.name in ("corrections.yml", "aliases.yml", "identity.yml")
    ]
    steps = "\n".join(f"{seconds:6.1f} s  {code}  {step}" for step, code, seconds in office.steps)
    (tmp_path / "steps.txt").write_text(steps, encoding="utf-8")
