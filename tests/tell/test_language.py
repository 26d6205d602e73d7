"""What an office would not write, and how long the first page is."""

import re
from collections.abc import Callable

import pytest

from analysis.tell import Report

from .conftest import CHAPTERS, STORIES, school, small
from .test_golden import aloud

Sample = Callable[..., Report]

#: What no sentence holds: a count of 件事 or 处, how limits are closed, words of the workshop.
NEVER = {
    "zh": r"\d(?:件事|处)|[一二两三四五六七八九十](?:件事|处)|为闭|为开|隔离|写法|都不得而知|没有做到",
    "en": r"[Mm]oved mostly by|[Cc]hance apart|for want of|to be had|holds zero|"
    r"unevenly spread|\bmended\b|misses the rule|\d—\d",
}
#: How long the first page is beside the strip of fields, in Chinese characters (a number is one) or English words.
MOST = {"zh": 600, "en": 420}
#: Of a paragraph: four lines of letters, blanks left out; the verdict has a box of its own, of five lines.
PARAGRAPH = {"zh": 190, "en": 440}


def first_page(report: Report) -> list[str]:
    """Return the paragraphs of the first page without its mark, its heading and the strip of fields."""
    text = re.sub(r"::: \{\.page-mark\}.*?\n:::\n", "", aloud(report, ["conclusion"]), flags=re.S)
    text = re.sub(r"::: \{\.fields\}.*?\n:::\n\n:::\n", "", text, flags=re.S)
    lines = (line for line in text.splitlines() if line and not line.startswith(("#", ":::")))
    return [re.sub(r"\{[^}]*\}|[*\\\[\]]", "", line) for line in lines]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("county", STORIES)
def test_no_sentence_is_one_that_an_office_would_not_write(sample: Sample, county: str, lang: str) -> None:
    report = sample(county, lang=lang)
    assert not re.findall(rf".{{0,20}}(?:{NEVER[lang]}).{{0,9}}", aloud(report, CHAPTERS))


@pytest.mark.parametrize("sentence", ["决定结论的是三件事", "3处没有做到", "上限为闭", "1行数据被隔离", "统一写法"])
def test_such_a_sentence_would_be_seen(sentence: str) -> None:
    assert re.search(NEVER["zh"], sentence)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("audience", ["internal", "public"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("county", STORIES)
def test_the_conclusion_has_one_page(sample: Sample, county: str, lang: str, audience: str) -> None:
    paragraphs = first_page(sample(county, lang=lang, audience=audience))
    counted = r"[\u4e00-\u9fff]|\d+(?:[.,]\d+)*%?" if lang == "zh" else r"\S+"
    letters = [len(re.findall(counted, one)) for one in paragraphs]
    assert sum(letters) <= MOST[lang], (sum(letters), paragraphs)
    # The head of the verdict's box and the verdict come first.
    for one in paragraphs[2:]:
        assert len(re.sub(r"\s|&nbsp;", "", one)) <= PARAGRAPH[lang], (len(one), one)


@pytest.mark.parametrize(("short", "said"), [(1, "(100 pupils) needs"), (2, "(200 pupils) need ")])
def test_one_school_needs_and_two_need(short: int, said: str) -> None:
    rows = [school(str(place), sports_area=300.0) for place in range(short)]
    text = small([*rows, school("8"), school("9")], lang="en").chapter("conclusion").text
    assert said in re.sub(r"\[([^\]]*)\]\{\.n [^}]*\}", r"\1", text)
