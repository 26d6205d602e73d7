"""docs/method.md says what the benchmarks left, and names every note there is."""

import re
from pathlib import Path

from analysis.statistics import conditional, dispersion, variance
from analysis.statistics.pieces import LEFT_OUT
from benchmarks.statistics import page


def test_the_tables_are_those_of_the_benchmarks() -> None:
    for one in page.BLOCKS:
        assert page.filled(one) == one.read_text(encoding="utf-8"), "run python -m benchmarks.statistics.page"


def test_every_note_is_explained() -> None:
    explained = set(re.findall(r"`([a-z_]+)`", page.PAGE.read_text(encoding="utf-8")))
    given = {"school_missing", "group_missing", "scores_crowded"} | set(LEFT_OUT)
    for module in (variance, conditional, dispersion):
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        given |= set(re.findall(r'"((?:one|no|few|single|constant|mean)_[a-z]+|collinear)"', source))
    assert {"one_school", "no_variance", "collinear", "weights_zero", "mean_zero", "constant_schools"} <= given
    assert given <= explained
