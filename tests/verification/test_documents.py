"""Documents beside a county's report, read a second time: every number in them is explained, in both languages."""

import re
import shutil
from pathlib import Path

import pytest

from analysis import cli
from analysis.project import raw
from verification.checked import others
from verification.checked.kinds import Fault, Record
from verification.checked.shown import Shown
from verification.run import check, opened
from verification.worked.case import Case

from .conftest import STANDARDS

#: Of one stage and short of a floor; of two stages; outside of the coefficients; set aside this year.
SCHOOLS = ("9901010041", "9901010050", "9901010057", "9901010036")


@pytest.fixture(scope="module")
def beside(report: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sheets of some schools, as pages, where the results of their county lie."""
    out = tmp_path_factory.mktemp("beside")
    folder = out / report.parent.name / report.name
    folder.mkdir(parents=True)
    shutil.copy(report / "results.json", folder)
    for code in SCHOOLS:
        assert cli.main(["school", code, "--formats", "html", "--out", str(out)]) == 0
    return folder


def faults(folder: Path, of: Case) -> list[Fault]:
    record = Record()
    others.check(folder, of, Shown(of), record)
    return record.faults


def test_every_number_of_a_sheet_is_explained(beside: Path, worked: Case) -> None:
    found = check(beside, worked)
    assert found.documents == ("results.json", "schools/*.html")
    assert found.record.faults == []
    (row,) = [row for row in found.record.of(found.documents) if row[0] == "schools/*.html"]
    assert all(int(number) for number in row[1:5])


def broken(page: str, found: str, told: str) -> str:
    assert len(re.findall(found, page)) >= 1, found
    return re.sub(found, told, page, count=1)


@pytest.mark.parametrize(
    ("code", "found", "told"),
    [
        ("9901010041", "615人", "616人"),
        ("9901010041", "(资源指标达到<span[^>]*>)6", r"\g<1>5"),
        ("9901010041", "未达到的是体育运动场馆", "未达到的是骨干教师"),
        ("9901010041", ">8.62<", ">8.63<"),
        ("9901010041", ">2020</th>", ">2021</th>"),
        ("9901010041", "平均41.0人", "平均41.1人"),
        ("9901010041", "最小97.1平方米", "最小97.2平方米"),
        ("9901010050", "每人折算1.10人", "每人折算1.20人"),
        ("9901010050", "分得49.5%", "分得50.5%"),
        ("9901010057", "36人", "37人"),
        ("9901010036", "（-120）", "（-121）"),
        ("9901010036", ">2019<", ">2020<"),
    ],
)
def test_what_is_wrong_in_a_sheet_is_found(
    code: str, found: str, told: str, beside: Path, worked: Case, tmp_path: Path
) -> None:
    page = (beside / "schools" / f"{code}.html").read_text(encoding="utf-8")
    (tmp_path / "schools").mkdir()
    (tmp_path / "schools" / f"{code}.html").write_text(broken(page, found, told), encoding="utf-8")
    assert faults(tmp_path, worked)


def test_a_row_more_or_less_of_a_sheet_is_found(beside: Path, worked: Case, tmp_path: Path) -> None:
    page = (beside / "schools" / f"{SCHOOLS[1]}.html").read_text(encoding="utf-8")
    row = re.search(r"<tr>\s*<td(?:(?!</tr>).)*?</tr>", page, re.DOTALL)
    assert row is not None
    for number, text in enumerate((page.replace(row[0], "", 1), page.replace(row[0], row[0] * 2, 1))):
        folder = tmp_path / str(number) / "schools"
        folder.mkdir(parents=True)
        (folder / f"{SCHOOLS[1]}.html").write_text(text, encoding="utf-8")
        assert faults(folder.parent, worked)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sheets_of_all_schools_are_explained(lang: str, tmp_path: Path) -> None:
    words = ["--lang", lang, "--out", str(tmp_path)]
    assert cli.main(["report", "990101", "--formats", "html", *words]) == 0
    assert cli.main(["school", "--county", "990101", "--formats", "html,docx", *words]) == 0
    (told,) = tmp_path.rglob("results.json")
    found = check(told.parent, opened(told.parent, raw(), STANDARDS))
    assert {"schools/*.html", "schools/*.docx"} <= set(found.documents)
    assert found.record.faults == []
