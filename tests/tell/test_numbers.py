"""Numbers as readers see them: no figure contradicts its verdict, on either side of each boundary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.judge.rounding import holds
from analysis.standards import Sense
from analysis.tell.language import numbers


@pytest.mark.parametrize(
    ("value", "target", "sense", "shown"),
    [
        (0.1496, 0.15, Sense.BELOW, "0.1496"),
        (0.1449, 0.15, Sense.BELOW, "0.14"),
        (0.15, 0.15, Sense.BELOW, "0.15"),
        (0.5, 0.5, Sense.AT_MOST, "0.50"),
        (0.5004, 0.5, Sense.AT_MOST, "0.5004"),
        (0.4996, 0.5, Sense.AT_MOST, "0.50"),
        (0.506, 0.5, Sense.AT_MOST, "0.51"),
    ],
)
def test_a_ratio_never_contradicts_its_verdict(value: float, target: float, sense: Sense, shown: str) -> None:
    assert numbers.ratio(value, target, sense) == shown


@pytest.mark.parametrize(
    ("value", "target", "shown"),
    [
        (0.8496, 0.85, "84.96%"),
        (0.85, 0.85, "85.0%"),
        (0.8504, 0.85, "85.0%"),
        (1.0, 1.0, "100%"),
        (0.9999, 1.0, "99.99%"),
    ],
)
def test_a_share_never_contradicts_its_verdict(value: float, target: float, shown: str) -> None:
    assert numbers.percent(value, target, Sense.AT_LEAST) == shown


@given(
    st.floats(0.0, 1.0, allow_nan=False),
    st.sampled_from([0.15, 0.45, 0.5]),
    st.sampled_from([Sense.BELOW, Sense.AT_MOST]),
)
def test_the_figure_shown_has_the_verdict_of_the_value(value: float, target: float, sense: Sense) -> None:
    shown = float(numbers.ratio(value, target, sense).replace(",", "").replace(numbers.MINUS, "-"))
    assert holds(shown, target, sense) == holds(value, target, sense)


def test_counts_have_thousands_separators_and_a_true_minus() -> None:
    assert numbers.whole(14220) == "14,220"
    assert numbers.decimal(-1234.5, 1) == "−1,234.5"
    assert numbers.decimal(-0.001, 2) == "0.00"


def test_changes_carry_their_sign() -> None:
    assert [numbers.signed(x) for x in (0.021, -0.039, 0.001)] == ["+0.02", "−0.04", "0.00"]


def test_points_are_percentage_points() -> None:
    assert numbers.points(-0.032) == "3.2"


@pytest.mark.parametrize(("amount", "shown"), [(1.2, "2"), (2.0, "2"), (2.0000000000001, "2"), (2804.4, "2,805")])
def test_what_is_missing_is_rounded_up_to_whole_things(amount: float, shown: str) -> None:
    assert numbers.missing(amount) == shown


def test_missing_money_is_rounded_up_to_a_tenth_of_ten_thousand() -> None:
    assert [numbers.missing_money(x) for x in (232_500.0, 230_000.0, 10_001.0)] == ["23.3", "23.0", "1.1"]


def test_a_part_that_a_rule_names_has_no_needless_decimals() -> None:
    assert [numbers.part(x) for x in (0.85, 0.125, 1.0)] == ["85%", "12.5%", "100%"]
