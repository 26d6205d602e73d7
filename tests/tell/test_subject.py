"""The report on one subject: shares that add up, recovered effects, and nothing of a school for the public."""

import re
from dataclasses import replace

import polars as pl
import pytest

from analysis.errors import RequestError
from analysis.tell import Report, open_report
from analysis.tell.documents.subject import SubjectReport, scores, subject_id
from analysis.tell.facts.duty import duties

TABLES = ("national", "distribution", "areas", "years", "effects")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return open_report("990101", 2024, processed=tmp_path_factory.mktemp("processed"))


@pytest.fixture(scope="module")
def told(report: Report) -> SubjectReport:
    return SubjectReport(report, "mathematics")


def shown(told: SubjectReport) -> str:
    tables = [told.table(name) for name in TABLES]
    return "\n".join([told.chapter("subject").text, *(table.markdown() for table in tables if table)])


def test_the_sum_of_squares_is_split_as_on_paper() -> None:
    # Two areas of means 2 and 6, four schools of means 1, 3, 5, 7, pupils 1 away from theirs:
    # between areas 8 x 4, between schools of an area 8 x 1, within schools 8 x 1.
    rows = [
        (area, school, mean + step, 1)
        for area, school, mean in [("urban", "a", 1), ("urban", "b", 3), ("rural", "c", 5), ("rural", "d", 7)]
        for step in (-1.0, 1.0)
    ]
    frame = pl.DataFrame(rows, schema=["area", "school", "score", "n"], orient="row")
    found = scores.parts(frame)
    assert found is not None
    assert (found.areas, found.schools, found.pupils) == pytest.approx((32 / 48, 8 / 48, 8 / 48))
    assert scores.parts(frame.filter(pl.col("area") == "urban")) is None


def test_pupils_without_a_score_are_counted_and_nothing_else() -> None:
    frame = pl.DataFrame({"school": ["a", "a", "b", "b"], "score": [1.0, 3.0, 5.0, None]})
    found = scores.distribution(frame)
    assert found is not None
    assert (found.pupils, found.absent, found.schools, found.mean, found.median) == (3, 1, 2, 3.0, 3.0)
    assert scores.distribution(frame.filter(pl.col("score").is_null())) is None


def test_an_effect_is_told_as_different_only_where_its_interval_leaves_zero(told: SubjectReport) -> None:
    table = told.table("effects")
    assert table is not None
    frame = table.frame.with_columns(said=pl.Series([row[-1].text for row in table.body]))
    assert set(frame.filter(pl.col("low") > 0)["said"]) == {"高于全县"}
    assert set(frame.filter(pl.col("high") < 0)["said"]) == {"低于全县"}
    assert set(frame.filter((pl.col("low") <= 0) & (pl.col("high") >= 0))["said"]) == {"未见差别"}
    assert frame.height == sum(grade.effects.height for grade in told.grades)


def test_rates_are_those_of_the_findings(told: SubjectReport) -> None:
    table = told.table("years")
    assert table is not None
    for grade, number in (("四年级", 4), ("八年级", 8)):
        rows = table.frame.filter(grade=grade).sort("year")
        for year, rate in rows.select("year", "rate").iter_rows():
            finding = told.case.at(year).get(f"quality.rate_own.mathematics.{number}")
            assert finding is not None
            assert rate == finding.value
    change = next(grade.change for grade in told.grades if grade.number == 8)
    assert change is not None
    assert change.low < change.difference < change.high
    assert change.before == 2023


def test_a_grade_without_a_result_keeps_the_subject_from_being_met(report: Report) -> None:
    science = SubjectReport(report, "science")
    assert [grade.level.verdict for grade in science.grades if grade.level] == ["met", "no_data"]
    assert science.verdict == "no_data"
    assert "科学无数据" in re.sub(r"\[(.*?)\]\{.*?\}", r"\1", science.chapter("subject").text)


def test_the_public_is_told_of_no_school(told: SubjectReport) -> None:
    public = SubjectReport(replace(told.case, audience="public"), "mathematics")
    assert public.table("effects") is None
    assert public.figure() is None
    text = shown(public)
    for code, name in told.case.records.schools.select("school", "name").unique().iter_rows():
        assert code not in text
        assert name not in text
    assert "高于全县平均" not in text


def test_the_public_is_not_told_the_scores_of_a_county_of_two_schools(told: SubjectReport) -> None:
    records = told.case.records
    few = records.schools.filter(school_type="junior", year=2024)["school"].head(2).to_list()
    kept = replace(records, scores=records.scores.filter((pl.col("grade") == 8) & pl.col("school").is_in(few)))
    public = SubjectReport(replace(told.case, audience="public", records=kept), "mathematics")
    internal = SubjectReport(replace(told.case, records=kept), "mathematics")
    assert public.told_grades == []
    assert "没有可以公布的" in public.chapter("subject").text
    assert internal.told_grades != []


def test_one_row_makes_no_table_and_is_told_in_the_text(told: SubjectReport) -> None:
    records = told.case.records
    one = replace(records, scores=records.scores.filter(grade=8, year=2024))
    alone = SubjectReport(replace(told.case, records=one), "mathematics")
    assert alone.table("distribution") is None
    scores = records.scores.filter(grade=8, year=2024, subject="mathematics").select(pl.col("score").median())
    assert f"中位数{float(scores.item()):.1f}分" in re.sub(r"\[(.*?)\]\{.*?\}", r"\1", alone.chapter("subject").text)
    assert told.table("distribution") is not None


def test_a_school_that_is_tested_alone_is_set_beside_no_other(told: SubjectReport) -> None:
    records = told.case.records
    first = pl.col("school") == records.scores.filter(grade=8, year=2024)["school"].min()
    alone = replace(records, scores=records.scores.filter((pl.col("grade") == 8) & first))
    text = SubjectReport(replace(told.case, records=alone), "mathematics").chapter("subject").text
    assert "其余未见差别" not in text
    assert "其余未见差别" in told.chapter("subject").text


def test_what_a_subject_lacks_is_told_with_what_to_do(report: Report) -> None:
    unmet = {
        finding.subject
        for finding in report.now
        if finding.subject and finding.verdict == "not_met" and not finding.school
    }
    assert unmet
    for subject in ("mathematics", "chinese", "science", "pe", "arts", "moral"):
        if subject not in {finding.subject for finding in report.now}:
            continue
        text = SubjectReport(report, subject).chapter("subject").text
        told_unmet = any(duty.obstacle.finding.subject == subject for duty in duties(report))
        assert ("# 问题和建议" in text and "建议：" in text) is told_unmet
    assert any(duty.obstacle.kind == "subject" for duty in duties(report))


@pytest.mark.sampled(6)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("audience", ["internal", "public"])
@pytest.mark.parametrize("subject", ["mathematics", "chinese", "science", "pe"])
def test_no_report_has_a_hole(report: Report, lang: str, audience: str, subject: str) -> None:
    text = shown(SubjectReport(replace(report, lang=lang, audience=audience), subject))
    assert not re.search(r"\b(nan|None|null|inf)\b|\{\{|\}\}", text)
    assert not re.search("。。|，，|，。|；。|：。", text)


def test_a_subject_goes_by_id_or_name() -> None:
    assert subject_id("数学") == subject_id("mathematics") == subject_id(" Mathematics ") == "mathematics"
    with pytest.raises(RequestError, match="数学"):
        subject_id("炼金术")
