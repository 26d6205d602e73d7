"""The sample of schools for a visit, and the verdict with what was found there."""

import polars as pl
import pytest

from analysis.judge import fieldcheck, judge
from analysis.measure import measure
from tests.judge.rules import COUNTY, YEAR, national, records, school

TYPES = ["primary"] * 12 + ["nine_year"] * 4 + ["teaching_point"] * 2
HELD = records(
    *(
        school(f"{place:02}", 500 + place, kind, pupils_junior=100 if kind == "nine_year" else None)
        | {"sports_area": 1.0 if place == 5 else 9000.0}
        for place, kind in enumerate(TYPES)
    )
)
FOUND = judge(measure(HELD, national()), HELD, national(), COUNTY, YEAR)


def chosen(number: int, seed: int = 0) -> pl.DataFrame:
    return fieldcheck.sample(HELD.schools, FOUND, number, seed)


def test_a_sample_has_every_type_in_proportion_and_the_school_most_at_risk() -> None:
    counts = {kind: len(each) for kind, each in chosen(9).group_by("school_type")}
    assert {kind[0]: number for kind, number in counts.items()} == {"primary": 6, "nine_year": 2, "teaching_point": 1}
    risky = chosen(9).filter(school="05")
    assert risky["chosen"].to_list() == ["risk"]
    assert set(chosen(3)["school_type"]) == set(TYPES)
    assert "05" in chosen(3)["school"].to_list()


def test_the_same_seed_gives_the_same_schools_and_another_others() -> None:
    assert chosen(6, 1).equals(chosen(6, 1))
    assert len({tuple(chosen(6, seed)["school"]) for seed in range(8)}) > 1
    assert chosen(100).height == len(TYPES)
    assert chosen(100)["school"].is_unique().all()
    with pytest.raises(ValueError, match="at least one"):
        chosen(0)


def test_the_sheet_has_a_row_per_reported_value() -> None:
    sheet = fieldcheck.sheet(HELD.schools, chosen(2), ["sports_area", "computers", "nothing"])
    assert sheet.columns == ["school", "name", "column", "reported", "verified"]
    assert sheet["column"].to_list() == ["sports_area"] * 2
    assert sheet["verified"].null_count() == 2


def test_verified_values_turn_the_verdict() -> None:
    held = records(school("1"), school("2"))
    entries = pl.DataFrame(
        {
            "school": ["1", "1", "9", "2", "2", "2", "2"],
            "column": [*("sports_area", "teaching_area") * 2, "colour", "multimedia_rooms", "sports_area"],
            "verified": [7499.0, 4499.0, 1.0, None, 2.0, 7.5, -1.0],
        }
    )
    done = fieldcheck.verified(held, entries, national(), COUNTY, YEAR)
    changes = {row["id"]: row for row in done.changes.iter_rows(named=True)}
    rule = changes["resources.school_rule.primary.1"]
    assert (rule["before"], rule["after"], rule["reported"], rule["verified"]) == ("met", "not_met", 7, 5)
    assert changes["overall.all"]["after"] == "not_met"
    assert "resources.school_rule.primary.2" not in changes
    assert done.lost["school"].to_list() == ["9", "2", "2", "2"]
    same = fieldcheck.verified(held, entries.head(0), national(), COUNTY, YEAR)
    assert same.changes.is_empty()
