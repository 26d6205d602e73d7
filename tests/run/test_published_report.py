"""Counties of which only coefficients are published: a short report of those, and nothing claimed beyond them."""

import json
import re
from pathlib import Path

import jsonschema
import polars as pl
import pytest

from analysis import project, sources
from analysis.errors import RequestError
from analysis.render import annex, results
from analysis.run.build import titles
from analysis.run.build.report import is_current, words_of
from analysis.run.commands import reports
from analysis.run.request import options, resolve
from analysis.tell import open_published

HEAD = "county,stage,statistic,teaching_area,sports_area,equipment_value,computers,books,teacher_pupil_ratio,"
HEAD += "above_qualification_teachers,senior_title_teachers,composite\n"
SOURCES = """
counties:
  "340103": {zh: 庐阳区, en: Luyang, published: true}
published:
  - {file: published/cv.csv, counties: ["340103"], standard: national-2012, year: 2012, title: 公布, publisher: 省}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "published").mkdir()
    (tmp_path / "sources.yml").write_text(SOURCES, encoding="utf-8")
    return tmp_path


def give(folder: Path, *rows: str) -> Path:
    (folder / "published" / "cv.csv").write_text(HEAD + "".join(f"庐阳区,{row}\n" for row in rows), encoding="utf-8")
    return folder


@pytest.mark.parametrize("county", ["340103", "340104"])
def test_published_composites_are_met_and_nothing_else_is_judged(county: str) -> None:
    report = open_published(county)
    assert report.year == 2012
    assert not report.synthetic
    for stage in ("primary", "junior"):
        finding = report.finding(f"resources.cv_composite.{stage}")
        assert finding is not None
        assert finding.value is not None
        assert finding.verdict == "met"
        assert round(finding.value, 3) == report.measured.stage(2012, stage, "composite", "published")
    whole = report.now.whole("overall")
    assert whole is not None
    assert whole.verdict == "no_data"
    assert {one.verdict for one in report.now if one.school} == set()


# Eight equal coefficients: the composite is that number. Limits 0.65 and 0.55 are closed.
@pytest.mark.parametrize(
    ("stage", "cv", "verdict"),
    [("primary", 0.65, "met"), ("primary", 0.651, "not_met"), ("junior", 0.55, "met"), ("junior", 0.551, "not_met")],
)
def test_the_limit_of_each_stage(folder: Path, stage: str, cv: float, verdict: str) -> None:
    report = open_published("340103", data=give(folder, f"{stage},cv," + f"{cv}," * 8))
    finding = report.finding(f"resources.cv_composite.{stage}")
    assert finding is not None
    assert finding.verdict == verdict
    assert finding.margin == pytest.approx({"primary": 0.65, "junior": 0.55}[stage] - cv)


def test_a_coefficient_that_was_not_published_leaves_the_composite_open(folder: Path) -> None:
    report = open_published("340103", data=give(folder, "primary,cv,,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1"))
    finding = report.finding("resources.cv_composite.primary")
    assert finding is not None
    assert (finding.verdict, finding.value) == ("no_data", None)
    assert "公布的差异系数不全" in report.chapter("published").text


@pytest.mark.parametrize(("lang", "word"), [("zh", "0.59"), ("en", "0.59")])
def test_the_chapter_names_what_differs_most(lang: str, word: str) -> None:
    text = open_published("340103", lang=lang).chapter("published").text
    assert f'[{word}]{{.n f="resources.cv_composite.primary"}}' in text
    assert '[1.299]{.n f="coefficients.sports_area.primary" k=cv}' in text
    assert "合成" not in text


def test_table_holds_eight_coefficients_and_the_composite_of_each_stage() -> None:
    table = open_published("340103").table("published")
    assert table is not None
    assert table.frame.height == 18
    composite = table.frame.filter(pl.col("limit").is_not_null())
    assert composite["published"].to_list() == [0.592, 0.314]
    assert table.frame["mean"][0] == 3.042


def test_results_are_valid_and_the_workbook_is_written(tmp_path: Path) -> None:
    report = open_published("340103")
    results.write(report, tmp_path / "results.json")
    told = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    jsonschema.validate(told, results.schema())
    assert len(told["coefficients"]) == 18
    assert {one["schools"] for one in told["coefficients"]} == {None}
    annex.write(report, tmp_path / "annex.xlsx", titles.meta(report))
    found = pl.read_excel(tmp_path / "annex.xlsx", sheet_name="差异系数", has_header=False)
    assert found.height >= 18


def test_request_takes_the_published_year_and_no_other_standard() -> None:
    request = resolve("340103")
    assert (request.year, request.published, request.variant) == (2012, True, "")
    assert words_of(request)["county"] == "340103"
    for words in ({"standard": "plan-3"}, {"plan": "plan-3"}):
        with pytest.raises(RequestError, match="national-2012"):
            resolve("340103", **words)
    with pytest.raises(RequestError, match="2012"):
        resolve("340103", "2011")


def test_key_follows_the_published_file(folder: Path) -> None:
    give(folder, "primary,cv," + "0.5," * 8)
    before = sources.key(sources.load(folder), "340103")
    assert not is_current(resolve("340103", data=str(folder), out=str(folder / "out")))
    give(folder, "primary,cv," + "0.6," * 8)
    assert sources.key(sources.load(folder), "340103") != before


def test_all_counties_include_the_published_where_they_fit() -> None:
    asked = options()
    picked = reports.chosen(sources.load(project.raw()), "all")
    assert "340103" in [one.code for one in picked]
    assert "340103" in [one.code for one in reports.fitting(picked, "", asked)]
    assert "340103" not in [one.code for one in reports.fitting(picked, "2024", asked)]
    assert "340103" not in [one.code for one in reports.fitting(picked, "", options(plan="plan-3"))]


def test_a_cell_that_is_no_figure_and_a_county_not_in_the_file_are_named(folder: Path) -> None:
    with pytest.raises(RequestError, match=r"cv\.csv"):
        open_published("340103", data=give(folder, "primary,cv,0.x" + ",0.5" * 8))
    (folder / "published" / "cv.csv").write_text(HEAD + "某区,primary,cv" + ",0.5" * 9 + "\n", encoding="utf-8")
    with pytest.raises(RequestError, match=r"cv\.csv"):
        open_published("340103", data=folder)


def test_the_folder_of_a_variant_is_named_after_the_standard_that_judges() -> None:
    assert resolve("340103", audience="public").variant == "public-zh-national-2012"
    assert resolve("340103", standard="national-2012").variant == ""
    assert resolve("340103").standard == "national-2012"
    assert resolve("990101", audience="public").variant == "public-zh-national-2017"


def test_heads_name_the_framework_and_there_are_no_contents() -> None:
    meta = titles.meta(open_published("340103"))
    assert meta.header == "县域义务教育基本均衡发展监测报告"
    assert meta.subtitle == "依据教督〔2012〕3号，数据时点为2012年"
    assert meta.brief


def test_a_published_composite_that_is_no_number_is_a_fault(folder: Path) -> None:
    with pytest.raises(RequestError, match="composite"):
        open_published("340103", data=give(folder, "primary,cv," + "0.5," * 8 + "0.5x"))


def test_each_single_coefficient_is_that_of_its_row_in_results() -> None:
    report = open_published("340103")
    rows = {
        f"coefficients.{one['indicator']}.{one['stage']}": one["cv"] for one in results.results(report)["coefficients"]
    }
    told = re.findall(r'\[([\d.]+)\]\{\.n f="(coefficients\.[\w.]+)" k=cv\}', report.chapter("published").text)
    assert len(told) == 6
    assert all(float(number) == rows[id] for number, id in told)
