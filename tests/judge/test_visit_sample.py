"""The draw of a field check, school by school: lots are the SHA-256 of seed and code, given here by their beginnings.

Seed 0: h 17, f 49, g 5c, d 7d, a 9d, c be, b e021, e e078. Seed 1: d 24, g 3a, a 41, f 61, e 69, b 6f, h 8e, c b8.
"""

import polars as pl
import pytest

from analysis.judge import visit_sample
from tests.judge.given import records, school


def schools(**kinds: str) -> pl.DataFrame:
    """Schools named by a letter each, the first of 100 pupils, each next of 100 more."""
    rows = [
        school(code, 100 * place, kind)
        for place, (code, kind) in enumerate(((code, kind) for kind, codes in kinds.items() for code in codes), 1)
    ]
    return records(*rows).schools


def missed(*codes: str) -> pl.DataFrame:
    """A floor that is not met, once for each time that a school is named."""
    rows = [
        {"id": f"resources.floor_{number}.primary.{code}", "item": f"floor_{number}", "school": code}
        for number, code in enumerate(codes)
    ]
    row = {"field": "resources", "kind": "floor", "value": 1.0, "target": 2.0, "verdict": "not_met"}
    return pl.DataFrame([each | row for each in rows])


@pytest.mark.parametrize(
    ("seed", "order"),
    [
        # Most at risk a, then h by lot of the larger half (e to h), f next at risk, d by lot of the smaller half; then
        # nobody is at risk, and lots go on in turn: g of the larger, c of the smaller, and of the last two b before e.
        (0, "ahfdgcbe"),
        # Here d has the first lot of all, so the smaller half begins.
        (1, "adfgebhc"),
    ],
)
def test_places_go_to_risk_and_to_lots_of_either_half_in_turn(seed: int, order: str) -> None:
    every, found = schools(primary="abcdefgh"), missed("a", "f", "a")
    drawn = [visit_sample.sample(every, found, number, seed) for number in range(1, 9)]
    assert ["".join(each["school"]) for each in drawn] == ["".join(sorted(order[:n])) for n in range(1, 9)]
    why = dict(drawn[-1].select("school", "chosen").iter_rows())
    assert [code for code in order if why[code] == "risk"] == ["a", "f"]
    assert dict(drawn[-1].select("school", "risk").iter_rows()) == dict.fromkeys("bcdegh", 0) | {"a": 2, "f": 1}


def test_of_schools_alike_at_risk_the_larger_comes_first() -> None:
    every = schools(primary="abcdefgh")
    assert visit_sample.sample(every, missed("a", "b"), 1)["school"].to_list() == ["b"]
    # One whose enrolment is not reported comes last of them.
    silent = every.with_columns(pl.when(pl.col("school") != "b").then("pupils_primary").alias("pupils_primary"))
    assert visit_sample.sample(silent, missed("a", "b"), 1)["school"].to_list() == ["a"]


def test_the_first_of_each_type_comes_before_the_second_of_any_then_in_proportion() -> None:
    every = schools(primary="abcd", nine_year="ef")
    kinds = [visit_sample.sample(every, missed("a"), number)["school_type"].to_list() for number in range(1, 7)]
    # Of four and of two: 1.5/4 and 2.5/4 come before 1.5/2, and that before 3.5/4.
    assert [(each.count("primary"), each.count("nine_year")) for each in kinds] == [
        (1, 0), (1, 1), (2, 1), (3, 1), (3, 2), (4, 2)
    ]  # fmt: skip


def test_the_larger_half_is_that_above_the_middle_of_its_type() -> None:
    drawn = visit_sample.sample(schools(primary="abc", nine_year="de"), missed("a"), 5)
    assert dict(drawn.select("school", "large").iter_rows()) == {
        "a": False,
        "b": True,
        "c": True,
        "d": False,
        "e": True,
    }


def test_chances_are_held_against_lots() -> None:
    # Lots of seed 0 as parts of all: h 0.09, f 0.29, g 0.36.
    every, found = schools(primary="fgh"), missed("g")
    drawn = visit_sample.by_chance(every, found, {"f": 0.28, "g": 0.37, "h": 1.0})
    assert drawn.select("school", "chosen", "risk").rows() == [("g", "chance", 1), ("h", "alone", 0)]
    assert visit_sample.by_chance(every, found, {"f": 0.29})["school"].to_list() == ["f"]
    # Nobody is drawn: the one of the largest chance is visited all the same, of two alike that with the first lot.
    assert visit_sample.by_chance(every, found, {"f": 0.2, "g": 0.1})["school"].to_list() == ["f"]
    assert visit_sample.by_chance(every, found, {"f": 0.05, "g": 0.05, "h": 0.05})["school"].to_list() == ["h"]
    with pytest.raises(ValueError, match="no school"):
        visit_sample.by_chance(every, found, {"f": 0.0})
