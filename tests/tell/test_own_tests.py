"""What a report says of a county's own test, in both languages and to both audiences, on both sides of each reason."""

from typing import Any

import numpy as np
import pytest
from scipy.special import ndtri

from analysis.tell import Report
from tests.tell.conftest import school, small

LIMIT, CROWDED = 0.15, 0.2
AUDIENCES, LANGUAGES = ("internal", "public"), ("zh", "en")
#: Twenty schools whose effects are spread so far, and the part of pupils on the greatest score.
CASES: dict[str, tuple[float, float]] = {
    "crowded": (0.4, 0.21),
    "all but crowded": (0.4, 0.19),
    "crowded though far from the limit": (0.15, 0.21),
    "tails": (0.26, 0.0),
    "spans": (0.4, 0.0),
    "met": (0.15, 0.0),
}
#: What is said of a test, in the chapter and in the obstacle of the first page.
SENTENCES = {
    "zh": {
        "crowded": ("集中在最高分或最低分上的学生占", "试题区分度不足", "应换用难度适当的试题"),
        "tails": ("采用放宽的算法，少数学校与其他学校差距悬殊时也成立", "按通常算法未跨过", "放宽后跨过"),
        "spans": ("八年级数学的区间跨过",),
        "met": ("的整个区间低于",),
    },
    "en": {
        "crowded": ("have the same highest or lowest score", "too many for the interval", "only a test of fitting"),
        "tails": ("widened so as to hold where a few schools lie far from all others", "the widened one spans it"),
        "spans": ("The interval of grade 8 mathematics spans",),
        "met": ("The whole interval lies below",),
    },
}
OBSTACLES = {
    "zh": {
        "crowded": "集中在最高分或最低分上的学生过多，这一区间不可靠，单凭本县测试",
        "tails": "这一区间采用放宽的算法，少数学校差距悬殊时也成立，跨过",
        "spans": "，区间跨过",
    },
    "en": {
        "crowded": "too many pupils have the same highest or lowest score for the interval to be trusted",
        "tails": "the interval is widened so as to hold where a few schools lie far from all others, and so it spans",
        "spans": "; the interval spans",
    },
}


def county(
    spread: float,
    on_top: float,
    tested: tuple[int, int] = (20, 60),
    others: tuple[str, ...] = (),
    first: str = "junior",
    **words: Any,
) -> Report:
    """Return a county whose junior schools were tested, normal by quantiles, so many pupils on the greatest score.

    `tested` are schools and the pupils of each, `others` the kinds of schools that were not tested, `first`
    that of the first that was.
    """
    effect, pupil = (ndtri((np.arange(size) + 0.5) / size) for size in tested)
    scores = 70 + 10 * (spread * effect[:, None] + pupil[None, :])
    if on_top:
        scores = np.minimum(scores, np.sort(scores.ravel())[-round(on_top * scores.size)])
    about = {"county": "990999", "year": 2024, "grade": 8, "subject": "mathematics"}
    rows = [
        about | {"school": f"9909990{place:02d}", "pupil": f"{place}-{number}", "score": float(score)}
        for (place, number), score in np.ndenumerate(scores)
    ]
    national = [{**about, "year": 2023, "level": 3, "rate": 0.18}]
    kinds = [first, *["junior"] * (tested[0] - 1), *others]
    stage = {"primary": {"pupils_primary": 300}, "special": {"pupils_primary": 60, "pupils_junior": 60}}
    schools = [
        school(f"9909990{place:02d}", school_type=kind)
        | {"pupils_primary": None, "pupils_junior": 300}
        | ({"pupils_junior": None} | stage[kind] if kind in stage else {})
        for place, kind in enumerate(kinds)
    ]
    return small(schools, {"scores": rows, "monitoring": national}, **words)


def text(report: Report, chapter: str) -> str:
    return str(report.chapter(chapter).text)


@pytest.mark.sampled(8)
@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_each_reason_is_told_and_no_other(case: str, lang: str, audience: str) -> None:
    report = county(*CASES[case], lang=lang, audience=audience)
    reason = {"all but crowded": "spans", "crowded though far from the limit": "crowded"}.get(case, case)
    quality, first = text(report, "scores"), text(report, "problems")
    for name, said in SENTENCES[lang].items():
        for sentence in said:
            assert (sentence in quality) == (name == reason), sentence
    for name, sentence in OBSTACLES[lang].items():
        assert (sentence in first) == (name == reason), sentence
    # A test of another difficulty is what a crowded one needs, not more schools.
    more = "再多测也难以判定" if lang == "zh" else "testing more schools would not settle it"
    assert (more in quality) == (reason in {"tails", "spans"})


def test_the_share_on_the_greatest_score_is_printed_with_its_limit() -> None:
    told = text(county(*CASES["crowded"]), "scores")
    assert '占[21.0%]{.n f="quality.rate_own.mathematics.8" k=at_end}，超过20%' in told
    told = text(county(*CASES["crowded"], lang="en"), "scores")
    assert '[21.0%]{.n f="quality.rate_own.mathematics.8" k=at_end} have the same highest' in told
    assert "more than 20%" in told


@pytest.mark.parametrize("case", CASES)
def test_the_interval_that_is_printed_spans_the_limit_where_the_test_says_so(case: str) -> None:
    report = county(*CASES[case])
    found = report.finding("quality.rate_own.mathematics.8")
    assert found is not None
    low, high, usual = found.details["ci_low"], found.details["ci_high"], found.details["usual_high"]
    spans = low < LIMIT <= high
    assert spans == (case in {"crowded", "all but crowded", "tails", "spans"})
    # It is the usual one but for the case in which that would say too much.
    assert (high > usual) == (case == "tails")
    assert (usual < LIMIT) == (case in {"tails", "met", "crowded though far from the limit"})
    assert (found.details["at_end"] > CROWDED) == case.startswith("crowded")


@pytest.mark.parametrize(
    ("spread", "tested", "said"),
    [
        # Of J schools of n the sums of squares are expected at (J - 1) (1 + n odds) and J (n - 1): shares 0.24, 0.24
        # and 0.14 where the rates are 0.14, 0.26 and 0.14.
        (0.4, (80, 8), {"zh": "一般偏高", "en": "on average too high"}),
        (0.6, (6, 100), {"zh": "一般偏低", "en": "on average too low"}),
        (0.4, (20, 160), {"zh": "平均而言不高不低", "en": "on average right"}),
    ],
)
def test_eta_squared_is_told_as_it_is_for_so_many_schools(
    spread: float, tested: tuple[int, int], said: dict[str, str]
) -> None:
    for lang, sentence in said.items():
        told = text(county(spread, 0.0, tested, lang=lang), "method")
        assert sentence in told
        others = {"一般偏高", "一般偏低", "不高不低", "too high", "too low", "on average right"}
        assert not any(other in told for other in others if other not in sentence)


def test_only_schools_in_scope_can_be_tested() -> None:
    # Neither a special school nor a primary one takes part in grade 8.
    others = ("special", "primary", "primary")
    told = text(county(0.4, 0.0, others=others), "scores")
    assert "参加测算的学校均已测试，再多测也难以判定" in told
    told = text(county(0.4, 0.0, others=(*others, "junior")), "scores")
    assert "全县参加测算的只有[21]" in told
    told = text(county(0.4, 0.0, others=others, lang="en"), "scores")
    assert "Every school in scope was tested in grade 8 mathematics: testing more schools would not settle it." in told
    told = text(county(0.4, 0.0, others=(*others, "junior"), lang="en"), "scores")
    assert "The county has only [21]" in told
    # With twenty more junior schools the ones that are needed are there.
    told = text(county(0.26, 0.0, others=("junior",) * 40), "scores")
    assert "全县参加测算的只有" not in told
    assert "再测[" in told
    assert "才可能判定" in told


@pytest.mark.parametrize(("others", "all_tested"), [((), True), (("junior",), False)])
def test_a_special_school_that_was_tested_stands_for_no_school_in_scope(
    others: tuple[str, ...], all_tested: bool
) -> None:
    # Twenty were tested, a special school among them; of twenty in scope one was not.
    told = text(county(0.4, 0.0, others=others, first="special"), "scores")
    assert ("参加测算的学校均已测试" in told) is all_tested
    assert ("全县参加测算的只有[20]" in told) is not all_tested


@pytest.mark.parametrize(("lang", "said"), [("zh", "所列区间随之放宽"), ("en", "is widened accordingly")])
def test_the_choice_of_method_is_told_where_there_is_a_test(lang: str, said: str) -> None:
    assert said in text(county(0.4, 0.0, lang=lang), "method")
    assert said not in text(small([school("990999001")], lang=lang), "method")
