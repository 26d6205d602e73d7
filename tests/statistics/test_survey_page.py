"""docs/survey.md: how many forms settle recognition, and that a standard with a number of its own can be written so."""

import re
from pathlib import Path

import numpy as np
from scipy.stats import binom

from analysis import standards
from analysis.project import root
from analysis.statistics.intervals import wilson

PAGE = root() / "docs" / "survey.md"
SHARES = (0.87, 0.88, 0.90, 0.92, 0.95)
#: How often a survey is to come out clear, and how far on its number of forms must keep to that (it goes in teeth).
OFTEN, BEYOND = 0.9, 1.2


def target() -> float:
    recognition = standards.load("national-2017").recognition
    assert recognition
    assert recognition.target
    (entry,) = next(iter(recognition.target.values.values()))
    assert entry.value is not None
    return entry.value


def found(share: float, limit: float) -> int:
    """The fewest forms whose interval lies at or above a limit where just this share of them is satisfied."""
    forms = np.arange(1, 20_000)
    return int(forms[wilson(share * forms, forms)[0] >= limit][0])


def clear(share: float, limit: float, forms: int) -> float:
    """How often a survey of so many has its whole interval at or above a limit, where this share is satisfied."""
    satisfied = np.arange(forms + 1)
    least = satisfied[wilson(satisfied, np.full(forms + 1, forms))[0] >= limit]
    return float(binom.sf(least[0] - 1, forms, share)) if len(least) else 0.0


def drawn(share: float, limit: float) -> int:
    """The fewest forms from which on a survey comes out clear OFTEN."""
    forms = found(share, limit)
    short = forms
    while forms < BEYOND * short + 50:
        if clear(share, limit, forms) < OFTEN:
            short = forms + 1
        forms += 1
    return short


def test_few_forms_on_paper() -> None:
    """z = 1.96: 0.1275 z^2 / 0.05^2 = 195.9 forms at 90 %, 0.1275 z^2 / 0.1^2 = 49.0 at 95 %."""
    assert (found(0.90, 0.85), found(0.95, 0.85)) == (196, 49)
    # 21 of 21 have 84.5 to 100 %, 22 of 22 85.1 to 100 %.
    assert clear(0.95, 0.85, 21) == 0.0
    assert clear(0.95, 0.85, 22) > 0.0


def test_the_page_has_the_numbers() -> None:
    limit = target()
    rows = [f"| {share:.0%} | {found(share, limit):,} | {drawn(share, limit):,} |" for share in SHARES]
    told = re.search(r"\|---\|---\|---\|\n(.*?)<!-- end -->", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert told
    assert told[1].splitlines() == rows


def test_the_standard_of_the_page_can_be_loaded(tmp_path: Path) -> None:
    told = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert told
    head = "name: {zh: 本县, en: Ours}\ntitle: {zh: 本县, en: Ours}\ndocument: 本县文件\nfrom: 2024-01-01\n"
    path = tmp_path / "our-county.yml"
    path.write_text(told[1] + head, encoding="utf-8")
    recognition = standards.load(path).recognition
    assert recognition
    assert recognition.sample
    assert (recognition.sample.least, recognition.sample.parts) == (500, {"parents": 0.5})
    assert target() == 0.85
