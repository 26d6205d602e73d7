"""Combination, scope, missing, split, rounding: the rules that make a verdict, case by case."""

import pytest

from tests.judge.rules import CASES


@pytest.mark.sampled(12)
@pytest.mark.parametrize("name", CASES)
def test_rule(name: str) -> None:
    CASES[name]()
