"""Documents beside a county's report, read a second time: every number in them is explained, in both languages."""

import re
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from analysis import cli
from analysis.project import raw
from verification.checked import others
from verification.checked.kinds import Fault, Record
from verification.checked.sentences import Reader
from verification.checked.shown import Shown
from verification.printed import html
from verification.printed.pdf import Pages
from verification.run import NoReportError, check, opened, said, verify
from verification.seeded.breaking import break_one, kinds
from verification.words import Words
from verification.worked import subject, warned
from verification.worked.case import Case
from verification.worked.deadlines import Due
from verification.worked.ledger import lines

from .conftest import STANDARDS

TOWNSHIP = "双桥镇"
#: Of one stage and short of a floor; of two stages; outside of the coefficients; set aside this year.
SCHOOLS = ("9901010041", "9901010050", "9901010057", "9901010036")


@pytest.fixture(scope="module")
def beside(report: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sheets of some schools, a township's report and a subject's, the sheets of early warning and of
    deadlines, and the notice, as pages, where the results of their county lie; the notice lies in the folder of the
    public edition."""
    out = tmp_path_factory.mktemp("beside")
    folder = out / report.parent.name / report.name
    folder.mkdir(parents=True)
    shutil.copy(report / "results.json", folder)
    for code in SCHOOLS:
        assert cli.main(["school", code, "--formats", "html", "--out", str(out)]) == 0
    assert cli.main(["township", "990101", TOWNSHIP, "--formats", "html", "--out", str(out)]) == 0
    assert cli.main(["subject-report", "990101", "mathematics", "--formats", "html", "--out", str(out)]) == 0
    for kind in ("warning", "deadlines"):
        assert cli.main([kind, "990101", "--formats", "html", "--out", str(out)]) == 0
    assert cli.main(["notice", "990101", "--formats", "html", "--out", str(out)]) == 0
    return folder


@pytest.fixture(scope="module")
def public(worked: Case) -> Case:
    """The county as the public is told of it."""
    return replace(worked, audience="public")


def faults(folder: Path, of: Case) -> list[Fault]:
    record = Record()
    others.check(folder, of, Shown(of), record)
    return record.faults


def test_every_number_of_them_is_explained(beside: Path, worked: Case) -> None:
    found = check(beside, worked)
    assert found.documents == (
        "results.json",
        "schools/*.html",
        "townships/*.html",
        "subjects/*.html",
        "warning.html",
        "deadlines.html",
    )
    assert found.record.faults == []
    for row in found.record.of(found.documents[1:]):
        assert all(int(number) for number in row[1:5])


def test_every_number_of_the_notice_is_explained(beside: Path, public: Case) -> None:
    record = Record()
    folder = beside / "public-zh-national-2017"
    assert others.check(folder, public, Shown(public), record) == ["notice.html"]
    assert record.faults == []
    (row,) = record.of(["notice.html"])
    assert all(int(number) for number in row[1:5])


def broken(page: str, found: str, told: str) -> str:
    assert len(re.findall(found, page)) >= 1, found
    return re.sub(found, told, page, count=1)


@pytest.mark.parametrize(
    ("place", "found", "told"),
    [
        (f"townships/{TOWNSHIP}", "小学(<span[^>]*>)4", r"小学\g<1>5"),
        (f"townships/{TOWNSHIP}", "初中未达标的是[^。]*。", "初中未达标的是双桥镇中心小学。"),
        (f"townships/{TOWNSHIP}", ">10.6%<", ">10.7%<"),
        (f"townships/{TOWNSHIP}", ">8.8%<", ">8.9%<"),
        (f"townships/{TOWNSHIP}", "缺2,805", "缺2,806"),
        (f"townships/{TOWNSHIP}", ">35<", ">36<"),
        ("schools/9901010041", "615人", "616人"),
        ("schools/9901010041", "(资源指标达到<span[^>]*>)6", r"\g<1>5"),
        ("schools/9901010041", "未达到的是体育运动场馆", "未达到的是骨干教师"),
        ("schools/9901010041", ">8.62<", ">8.63<"),
        ("schools/9901010041", ">2020</th>", ">2021</th>"),
        ("schools/9901010041", "平均41.0人", "平均41.1人"),
        ("schools/9901010041", "最小97.1平方米", "最小97.2平方米"),
        ("schools/9901010050", "每人折算1.10人", "每人折算1.20人"),
        ("schools/9901010050", "分得49.5%", "分得50.5%"),
        ("schools/9901010057", "36人", "37人"),
        ("schools/9901010036", "（-120）", "（-121）"),
        ("schools/9901010036", ">2019<", ">2020<"),
    ],
)
def test_what_is_wrong_in_them_is_found(
    place: str, found: str, told: str, beside: Path, worked: Case, tmp_path: Path
) -> None:
    page = (beside / f"{place}.html").read_text(encoding="utf-8")
    (tmp_path / place).parent.mkdir()
    (tmp_path / f"{place}.html").write_text(broken(page, found, told), encoding="utf-8")
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
def test_all_schools_and_townships_are_explained(lang: str, tmp_path: Path) -> None:
    words = ["--lang", lang, "--out", str(tmp_path)]
    assert cli.main(["report", "990101", "--formats", "html", *words]) == 0
    assert cli.main(["school", "--county", "990101", "--formats", "html,docx", *words]) == 0
    (told,) = tmp_path.rglob("results.json")
    rows = opened(told.parent, raw(), STANDARDS).county.rows("schools", 2024)
    for township in sorted({row["township"] for row in rows}):
        assert cli.main(["township", "990101", township, "--formats", "html,docx", *words]) == 0
    found = check(told.parent, opened(told.parent, raw(), STANDARDS))
    assert {f"{sort}/*.{form}" for sort in ("schools", "townships") for form in ("html", "docx")} <= set(
        found.documents
    )
    assert found.record.faults == []


def named(error: dict[str, str]) -> str:
    return f"{error['document'].partition('/')[0]}, {error['name']}"


@pytest.mark.sampled(6)
@pytest.mark.parametrize("error", kinds("beside"), ids=named)
def test_an_error_in_one_of_them_is_found(
    error: dict[str, str], beside: Path, worked: Case, public: Case, tmp_path: Path
) -> None:
    notice = error["document"].startswith("notice")
    folder = beside / "public-zh-national-2017" if notice else beside
    source = next(folder.glob(error["document"]))
    copied = tmp_path / source.relative_to(folder)
    copied.parent.mkdir(exist_ok=True)
    shutil.copy(source, copied)
    schools = sorted({place.name for place in worked.now.places if not place.out})
    broken = break_one(tmp_path, schools, sum(map(ord, error["name"])), [error])
    assert faults(tmp_path, public if notice else worked), f"{broken.before[:80]} -> {broken.after[:80]}"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("error", kinds("beside"), ids=named)
def test_errors_at_other_places_are_found(
    error: dict[str, str], seed: int, beside: Path, worked: Case, public: Case, tmp_path: Path
) -> None:
    other = error | {"name": f"{error['name']}{chr(seed)}"}
    test_an_error_in_one_of_them_is_found(other, beside, worked, public, tmp_path)


def test_without_a_county_report_they_are_read_by_what_is_asked_for(
    beside: Path, worked: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verification.run.opened", lambda *_: worked)
    shutil.copytree(beside / "townships", tmp_path / "townships")
    asked = {"county": "990101", "year": 2024, "standard": "national-2017", "lang": "zh", "audience": "internal"}
    found = verify(tmp_path, raw(), STANDARDS, asked)
    assert found.documents == ("townships/*.html",)
    assert found.record.faults == []
    assert said(tmp_path, asked) == asked
    with pytest.raises(NoReportError):
        said(tmp_path)
    with pytest.raises(NoReportError):
        verify(tmp_path / "townships", raw(), STANDARDS, asked)


def test_the_public_is_told_no_scores_of_few_schools(worked: Case, public: Case) -> None:
    assert subject.grades(public, "mathematics") == [4, 8]
    table = worked.county.tables["scores"][worked.year]
    few = {row["school"] for row in table.rows if row["grade"] == 8}
    kept = replace(table, rows=[row for row in table.rows if row["grade"] != 8 or row["school"] in sorted(few)[:2]])
    scores = worked.county.tables["scores"] | {worked.year: kept}
    of = replace(worked.county, tables=worked.county.tables | {"scores": scores})
    assert subject.grades(replace(public, county=of), "mathematics") == [4]
    assert subject.grades(replace(worked, county=of), "mathematics") == [4, 8]


def test_the_axes_of_scores_must_be_even(beside: Path, worked: Case) -> None:
    page = html.read(beside / "subjects" / "mathematics.html")
    labels = page.figures()["label fig-distribution"]
    first = next(one for one in labels if one.text == "50")
    first.text = "55"
    record = Record()
    reader = Reader(worked, Words(worked), record, kind="subject")
    others.reading("mathematics", others.sort("subject"), reader, Shown(worked)).labels.read(page.name, labels)
    assert record.faults


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_subjects_warning_and_notice_are_explained_in_all_formats(lang: str, tmp_path: Path) -> None:
    words = ["--lang", lang, "--out", str(tmp_path)]
    for name in ("mathematics", "chinese", "english", "science"):
        assert cli.main(["subject-report", "990101", name, *words]) == 0
    asked = {"county": "990101", "year": 2024, "standard": "national-2017", "lang": lang}
    for kind, audience in (("warning", "internal"), ("deadlines", "internal"), ("notice", "public")):
        assert cli.main([kind, "990101", *words]) == 0
        (made,) = tmp_path.rglob(f"{kind}.html")
        found = verify(made.parent, raw(), STANDARDS, asked | {"audience": audience})
        assert found.record.faults == []
        assert {Path(one).suffix for one in found.documents} == {".html", ".docx", ".pdf"}


@pytest.mark.parametrize(
    ("left", "part"),
    [(None, "undated"), (-1, "overdue"), (0, "soon"), (30, "soon"), (31, "next"), (90, "next"), (91, "later")],
)
def test_a_line_falls_into_a_part_of_the_time(worked: Case, left: int | None, part: str) -> None:
    line = next(iter(lines(worked).values()))
    assert Due(line, None, "", left).part == part


def test_what_is_met_is_near_its_limit_within_a_twentieth(worked: Case) -> None:
    one = next(one for one in worked.now.findings.values() if one.item.startswith("floor_") and one.verdict == "met")
    assert one.target is not None
    for value, near in ((Fraction(105, 100), True), (Fraction(1051, 1000), False)):
        assert warned.is_near(worked, replace(one, value=one.target * value)) is near
    assert not warned.is_near(worked, replace(one, verdict="not_met"))
    assert warned.part(worked, replace(one, item="level")) is None


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("head", "a differ-", "foot"), "adifference"),
        (("head", "a differ\u00ad", "foot"), "adifference"),
        (("head", "in two tests", "foot"), "intwotestsence"),
    ],
)
def test_a_word_that_a_page_breaks_is_read_whole(lines: tuple[str, ...], said: str) -> None:
    text, page_of = Pages("report.pdf", (lines, ("head", "ence", "foot"))).stream(1, 1)
    assert text == said
    assert page_of == [1] * (len(said) - 4) + [2] * 4


def test_a_number_below_zero_keeps_its_sign_after_a_line_of_words() -> None:
    assert Pages("report.pdf", (("head", "own tests", "-15", "foot"),)).stream(1, 1)[0] == "owntests-15"
