"""Combination, scope, missing, rounding: the rules that make a verdict, case by case (split: tests/measure)."""

import pytest

from tests.judge.rules import CASES


@pytest.mark.sampled(12)
@pytest.mark.parametrize("name", [name for name in CASES if not name.startswith("split")])
def test_rule(name: str) -> None:
    CASES[name]()
