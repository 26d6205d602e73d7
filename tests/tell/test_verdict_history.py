"""How long the standard has not been met is told as the data have it, with no threat of another framework."""

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from analysis.tell import Report
from analysis.tell.facts.pace import paces
from analysis.tell.facts.verdict_history import predecessors, record

from .conftest import school, small
from .test_changes import sports


def of_years(*met: bool, **words: str) -> Report:
    """A county of two schools alike; in years that are not met one of them has no room to speak of."""
    rows = []
    for year, well in enumerate(met, 2025 - len(met)):
        rows += [school("1", year), school("2", year) | ({} if well else {"sports_area": 10.0})]
    return small(rows, lang=words.get("lang", "zh"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("met", "zh", "en"),
    [
        ((False, False, False), "2022年有数据以来，尚无一年达到标准。", "in any year since the data begin in 2022."),
        ((True, False, False, False), "自2022年起，已连续[3]年未达到标准。", "for [3] years running, since 2022."),
        ((True, False, False), "", ""),
    ],
)
def test_years_below_the_standard(met: tuple[bool, ...], zh: str, en: str, lang: str) -> None:
    text = of_years(*met, lang=lang).chapter("improvement").text.replace('{.n f="resources.all" k=years}', "")
    said = zh if lang == "zh" else en
    assert (said in text) if said else ("未达到标准" not in text and "not been met" not in text)
    assert "撤销" not in text
    assert "withdraw" not in text


def test_a_year_that_is_not_decided_is_no_year_below() -> None:
    # All else is not reported: with enough of everything the whole is not decided, and so not met for the first time.
    found = record(of_years(False, False, True))
    assert (found.failing, found.never, found.first_met) == (0, False, False)


def test_a_limit_that_was_never_held_is_not_come_back_to() -> None:
    # 0.55, then 0.45: within the limit for the first time.
    for lang, said, never in (("zh", "降至上限", "回到"), ("en", "now within the limit", "back within")):
        text = small(sports(0.55, 0.45), lang=lang).chapter("conclusion").text
        assert said in text
        assert never not in text


@pytest.mark.parametrize(
    ("series", "recent", "at_recent", "said"),
    [
        # 0.80 to 0.79 and back up to 0.81, then 0.76: the median of the changes is -0.008, but the last year fell by
        # 0.05: six such years for 0.26.
        ((0.80, 0.79, 0.81, 0.76), -0.05, 2030, "近一年下降[0.050]，按此降幅2030年可降至上限以内"),
        ((0.80, 0.79, 0.80, 0.795), None, None, ""),
        ((0.70, 0.72, 0.80, 0.78), -0.02, None, "近一年下降[0.020]。"),
    ],
)
def test_a_fall_of_the_last_year_is_told_beside_a_pace_that_leads_nowhere(
    series: tuple[float, ...], recent: float | None, at_recent: int | None, said: str
) -> None:
    report = small(sports(*series))
    (found,) = [one for one in paces(report) if one.finding.indicator == "sports_area"]
    assert found.recent == (None if recent is None else pytest.approx(recent))
    assert found.at_recent == at_recent
    text = report.chapter("improvement").text.replace('{.n f="resources.cv_sports_area.primary" k=change}', "")
    assert said in text
    assert ("近一年" in text) == bool(said)


@pytest.mark.parametrize(
    ("lang", "first"),
    [
        ("zh", "项判定全部达到，为2019年有数据以来首次。"),
        ("en", "for the first time since the data begin in 2019."),
    ],
)
def test_the_first_year_that_meets_everything_is_told(sample: Callable[..., Report], lang: str, first: str) -> None:
    report = sample("990102", lang=lang)
    years = {year: report.at(year).get("overall.all") for year in report.years}
    assert [found.verdict for found in years.values() if found] == ["not_met"] * 5 + ["met"]
    assert first in report.chapter("conclusion").text


@pytest.mark.parametrize(
    ("acceptance", "said"),
    [(2024, "本县计划2024年通过认定，本年仍未达到标准。"), (2025, "本县计划2025年通过认定。"), (None, "")],
)
def test_the_planned_year_of_acceptance_is_told(acceptance: int | None, said: str) -> None:
    text = replace(of_years(False), acceptance=acceptance).chapter("conclusion").text
    assert said in text
    assert ("通过认定" in text) == bool(said)


@pytest.mark.parametrize(("former", "told"), [(("990190",), True), ((), False)])
def test_years_of_a_former_county_are_told_as_such(former: tuple[str, ...], told: bool) -> None:
    report = of_years(False, False, False)
    files = pl.when(pl.col("year") == 2022).then(pl.lit("990190/a.csv")).otherwise(pl.lit("990999/a.csv"))
    records = replace(report.records, schools=report.records.schools.with_columns(files.alias("file")))
    found = replace(report, records=records, former=former)
    assert [(one.code, one.years, one.since) for one in predecessors(found)] == [("990190", (2022,), 2023)] * told
    for chapter in ("conclusion", "improvement"):
        assert ("2022年是原县（代码990190）的数据，本县2023年起才有自己的统计。" in found.chapter(chapter).text) is told


@pytest.mark.parametrize(("run_by", "told"), [("private", True), ("county", False)])
def test_a_private_school_that_makes_the_difference_is_told_as_private(run_by: str, told: bool) -> None:
    rows = [school("1", sports_area=9000.0, run_by=run_by), school("2"), school("3"), school("4")]
    for lang, word in (("zh", "民办，"), ("en", "(private, ")):
        report = small(rows, lang=lang)
        assert (word in report.chapter("problems").text) is told
        assert (word.replace("，", "）").rstrip(", ") in report.chapter("conclusion").text) is told
